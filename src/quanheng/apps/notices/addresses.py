"""To whom a notice goes: a person, an entity, the office that sits in an area, or an agency.

An area's position says where its county begins (ADR 0004: every interval is a block of its level's width).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from quanheng.apps.accounts.enums import ENTITY_ROLES, AreaLevel
from quanheng.apps.accounts.positions import width


@dataclass(frozen=True, slots=True)
class Address:
    """Exactly one of these.

    Args:
        office_id: the position of the area in which the office sits: whoever sits higher up or lower down is
            not told.
    """

    person_id: int | None = None
    entity_id: int | None = None
    office_id: int | None = None
    agency_id: int | None = None

    @property
    def named(self) -> dict[str, int | None]:
        """As columns of a notice."""
        return {
            "person_id": self.person_id, "entity_id": self.entity_id, "office_id": self.office_id,
            "agency_id": self.agency_id,
        }  # fmt: skip

    @property
    def key(self) -> str:
        """A short text that no other address has."""
        return "".join(f"{name[0]}{value}" for name, value in self.named.items() if value is not None)


class ToldAct(Protocol):
    """An act, as far as notices look at it (`audit.models.Act` fits)."""

    verb: str
    at: Any
    actor_id: int | None
    actor_role: str
    area_id: int | None
    entity_id: int | None
    root_id: int | None
    instrument_id: int | None
    batch_id: int | None
    subject: str
    after: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Letter:
    """What one addressee is told of one act.

    Args:
        row_id: the row that it leads to; None where there is none.
        subject: what it is called, if not as in the log.
    """

    act: ToldAct
    to: Address
    row_id: int | None = None
    subject: str | None = None


Acts: TypeAlias = Sequence[Any]  # of ToldAct; every app's own model fits
Letters: TypeAlias = Iterable[Letter]


def office_of(area_id: int, level: AreaLevel = AreaLevel.COUNTY) -> Address:
    """Return the office of this level over an area."""
    return Address(office_id=area_id - area_id % width(level))


def keepers_of(act: ToldAct) -> list[Address]:
    """Return whose instrument it is: the entity itself, and the market or company above it."""
    found = dict.fromkeys(each for each in (act.entity_id, act.root_id) if each is not None)
    return [Address(entity_id=each) for each in found]


def to_keepers(acts: Acts) -> Letters:
    """Tell whose instruments they are; what an entity did itself is no news to it."""
    for act in acts:
        if act.actor_role not in ENTITY_ROLES:
            yield from (Letter(act, to, act.instrument_id) for to in keepers_of(act))


def to_county(acts: Acts) -> Letters:
    """Tell the county office."""
    for act in acts:
        if act.area_id is not None:
            yield Letter(act, office_of(act.area_id), act.instrument_id)


def to_street_and_county(acts: Acts) -> Letters:
    """Tell the office on site and the county's."""
    for act in acts:
        yield from (Letter(act, to, act.instrument_id) for to in _offices(act.area_id))


def _offices(area_id: int | None) -> Iterator[Address]:
    if area_id is not None:
        yield from dict.fromkeys(office_of(area_id, level) for level in (AreaLevel.STREET, AreaLevel.COUNTY))
