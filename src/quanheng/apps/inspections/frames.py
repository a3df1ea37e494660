"""The frame of a campaign: every unit that is in use on the day, as the ledger has it, and who may be sent.

In use is what every other figure counts as such (`COUNTED_IN_USE`): what is stopped, sealed up or under
repair is not in the frame, and its act stands in the log. Strata are counties; what stands together (a
station) is visited together.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from quanheng.apps.accounts.colleagues import officers_seated
from quanheng.apps.accounts.enums import AreaLevel
from quanheng.apps.accounts.queries import counties_within
from quanheng.apps.inspections.enums import FrameSubject
from quanheng.apps.instruments.queries.frames import units_in_use
from quanheng.regulation.draw.frame import CLUSTER, INSPECTOR_COLUMNS, Frame, freeze
from quanheng.regulation.draw.matching import SEPARATOR

COLUMNS = ("id", "stratum", CLUSTER, "serial_number", "excluded")


class Area(Protocol):
    """A division, as far as a frame needs it (`accounts.models.Area` fits)."""

    @property
    def pk(self) -> Any: ...
    @property
    def last(self) -> int: ...
    @property
    def level(self) -> int: ...
    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Subject:
    """What a campaign draws from, and by which rules.

    Args:
        category: of the catalogue.
        rule: the pack with quota and number of inspectors.
        checklist: the pack with what is looked at.
    """

    category: str
    rule: str
    checklist: str


SUBJECTS = {
    FrameSubject.FUEL_DISPENSERS: Subject(
        "fuel_dispenser", "draw/fuel-dispensers", "checklist/fuel-dispensers"
    ),
}


@dataclass(frozen=True, slots=True)
class Strata:
    """The counties of an area, by position.

    Args:
        areas, names: of each stratum, by code.
        rest: the code of the area itself: the stratum of what is filed under no county of it.
    """

    firsts: list[int]
    lasts: list[int]
    codes: list[str]
    areas: dict[str, int]
    names: dict[str, str]
    rest: str

    def code_of(self, position: int) -> str:
        """Return the stratum in which a position lies."""
        at = bisect_right(self.firsts, position) - 1
        return self.codes[at] if at >= 0 and position <= self.lasts[at] else self.rest


def strata_of(area: Area, day: date) -> Strata:
    """Return the counties of an area on a day; the area itself, where it is one or lies within one."""
    below = area.level < AreaLevel.COUNTY
    counties: Sequence[Area] = counties_within(area.pk, area.last, day) if below else [area]
    return Strata(
        [county.pk for county in counties],
        [county.last for county in counties],
        [county.code for county in counties],
        {area.code: area.pk, **{county.code: county.pk for county in counties}},
        {area.code: area.name, **{county.code: county.name for county in counties}},
        area.code,
    )


def unit_frame(subject: Subject, area: Area, strata: Strata) -> Frame:
    """Freeze the units of an area that are in use, as the ledger has them now.

    Raises:
        CaseFault: there is none.
    """
    return freeze(COLUMNS, _units(subject, area, strata))


def _units(subject: Subject, area: Area, strata: Strata) -> Iterator[tuple[str, ...]]:
    for unit in units_in_use(subject.category, area.pk, area.last):
        stratum = strata.code_of(unit.area_id)
        yield str(unit.id), stratum, str(unit.entity_id), _plain(unit.serial_number), ""


def _plain(text: str) -> str:
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def inspector_frame(area: Area, strata: Strata, day: date) -> Frame:
    """Freeze who may be sent: the officers who sit in each county on the day.

    Raises:
        CaseFault: there is nobody.
    """
    seats: dict[int, set[str]] = {}
    for user_id, seat in officers_seated(area.pk, area.last, day):
        seats.setdefault(user_id, {strata.rest}).add(strata.code_of(seat))
    rows = [(str(user), SEPARATOR.join(sorted(codes)), "", "") for user, codes in sorted(seats.items())]
    return freeze(INSPECTOR_COLUMNS, rows, ("id",))


def inspectors_by_stratum(frame: Frame) -> Counter[str]:
    """Return how many may be sent to each stratum."""
    return Counter(code for cell in frame.column("strata") for code in cell.split(SEPARATOR))
