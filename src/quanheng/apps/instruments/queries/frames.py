"""What a draw is made from: every whole instrument of a category that is counted as in use."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from quanheng.apps.instruments.models import Instrument
from quanheng.regulation.instrument_states import COUNTED_IN_USE

CHUNK = 10_000


@dataclass(frozen=True, slots=True)
class Unit:
    """An instrument as a frame and a task know it."""

    id: int
    area_id: int
    entity_id: int
    root_id: int
    entity_name: str
    name: str
    serial_number: str
    place: str


COLUMNS = ("pk", "area_id", "entity_id", "root_id", "entity__name", "name", "serial_number", "place")


def units_in_use(category: str, first: int, last: int) -> Iterator[Unit]:
    """Yield the units of a category within an interval of areas. The scope must let everything through."""
    rows = Instrument.objects.unscoped().filter(
        area_id__gte=first, area_id__lte=last, parent=None, item__category=category, state__in=COUNTED_IN_USE
    )
    for row in rows.values_list(*COLUMNS).iterator(chunk_size=CHUNK):
        yield Unit(*row)


def units(ids: Collection[int]) -> list[Unit]:
    """Return units by their ids, in that order. The scope must let everything through."""
    rows = Instrument.objects.unscoped().filter(pk__in=ids).order_by("pk")
    return [Unit(*row) for row in rows.values_list(*COLUMNS)]
