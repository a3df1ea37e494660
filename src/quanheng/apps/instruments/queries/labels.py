"""Which labels are to be printed, and what stands on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import CharField, F, Func, Q, QuerySet

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.enums import CodeState
from quanheng.apps.instruments.labels.sheets import Label
from quanheng.apps.instruments.models import Instrument, InstrumentCode

AddressOf = Callable[[str, str], str]
"""From code and serial number (empty for a blank code) to the signed address."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What somebody wants labels for: one of these.

    Args:
        instruments: single instruments.
        entity: a market or company with everything below it.
        area: the position of an area; with `batch`, the blank codes of that batch instead of instruments.
    """

    instruments: tuple[int, ...] = ()
    entity: int | None = None
    area: int | None = None
    batch: str = ""

    @property
    def names_something(self) -> bool:
        """Whether anything was chosen at all."""
        return bool(self.instruments or self.entity is not None or self.area is not None)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Selection:
        return cls(tuple(data["instruments"]), data["entity"], data["area"], data["batch"])


def chosen_instruments(selection: Selection, by: Actor) -> QuerySet[Instrument]:
    """Return the instruments of a selection that the actor sees."""
    rows = Instrument.objects.visible_to(by)
    if selection.instruments:
        return rows.filter(pk__in=selection.instruments)
    if selection.entity is not None:
        return rows.filter(Q(root_id=selection.entity) | Q(entity_id=selection.entity))
    if selection.area is not None and not selection.batch:
        return rows.filter(Q(area__id=selection.area) | Q(area__parent_id=selection.area))
    return rows.none()


def count_labels(selection: Selection, by: Actor) -> int:
    """Return how many labels the selection prints today."""
    return _blank_codes(selection, by).count() if selection.batch else _with_code(selection, by).count()


def labels_of(selection: Selection, by: Actor, address_of: AddressOf) -> Iterator[Label]:
    """Yield the labels in the order in which one walks through the place, a thousand rows at a time."""
    if selection.batch:
        for code in _blank_codes(selection, by).order_by("pk").iterator():
            yield Label(code, address_of(code, ""))
        return
    public_name = Func(F("root__kind"), F("root__name"), function="public_name", output_field=CharField())
    rows = _with_code(selection, by).order_by("root_id", "place", "entity__stall_number", "pk")
    facts = rows.values_list(
        "code", "name", "model", "serial_number", public_name, "place", "entity__stall_number"
    )
    for code, name, model, serial_number, site, place, stall in facts.iterator(chunk_size=1_000):
        spot = f"{place or stall} {site}".strip()  # where it stands is never pushed off by a long name
        yield Label(code, address_of(code, serial_number), name, model, serial_number, spot)


def _with_code(selection: Selection, by: Actor) -> QuerySet[Instrument]:
    return chosen_instruments(selection, by).filter(code__isnull=False)


def _blank_codes(selection: Selection, by: Actor) -> QuerySet[InstrumentCode, str]:
    codes = InstrumentCode.objects.visible_to(by).filter(
        area_id=selection.area or 0, batch=selection.batch, state=CodeState.BLANK
    )
    return codes.values_list("pk", flat=True)
