"""The counts behind an indicator on any day, from the rollup.

Province, cities and counties are read from `RateChange` in a few milliseconds however many instruments there
are. Streets are counted from the rows themselves. Whoever calls has checked that the actor may see the area.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from pathlib import Path
from typing import Any, Literal

from django.db import connection
from django.db.backends.utils import CursorWrapper

from quanheng.apps.accounts.enums import AreaLevel
from quanheng.apps.instruments.indicators import Indicator
from quanheng.apps.instruments.queries.catalogue import supervision_of_items
from quanheng.apps.instruments.queries.counted_days import spans_sql
from quanheng.kit.scope import seeing_everything
from quanheng.regulation import rates

SQL = Path(__file__).parent / "sql"
ON_DAY, STREETS, TREND = (
    (SQL / f"counts_{name}.sql").read_text(encoding="utf-8") for name in ("on_day", "of_streets", "trend")
)
WIDTHS = {1: 10**10, 2: 10**8, 3: 10**6}  # positions that a province, a city, a county spans (accounts.Area)
# The instruments that stand, or stood on the day, in an interval of areas. Asked first and then named one by
# one: of a sub-select the planner expects a handful, and joins every row with every other.
STANDING_THERE = """
SELECT id FROM instruments_instrument
WHERE area_id BETWEEN %(first)s AND %(last)s AND placed_on <= %(day)s AND item_id = ANY(%(items)s)
UNION
SELECT instrument_id FROM instruments_placement
WHERE area_id BETWEEN %(first)s AND %(last)s AND %(day)s BETWEEN first_day AND last_day"""


@dataclass(frozen=True, slots=True)
class Count:
    """Instruments in use on a day, those of which the indicator's rule holds, and those by its variant."""

    denominator: int = 0
    numerator: int = 0
    variant: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(
            self.denominator + other.denominator,
            self.numerator + other.numerator,
            self.variant + other.variant,
        )

    @property
    def gap(self) -> int:
        return self.denominator - self.numerator

    @property
    def percent(self) -> float | None:
        return rates.percent(self.numerator, self.denominator)

    @property
    def variant_percent(self) -> float | None:
        return rates.percent(self.variant, self.denominator)

    def meets(self, target: int | None) -> bool | None:
        """Say whether a target in per cent is reached; None where there is none, or nothing in use."""
        return None if target is None else rates.meets_target(self.numerator, self.denominator, target)


@dataclass(frozen=True, slots=True)
class CountedCell:
    """A count of one area, kind of premises and catalogue item."""

    area_id: int
    premises: str
    item_id: int
    count: Count


@dataclass(frozen=True, slots=True)
class Selection:
    """What is counted.

    Args:
        premises: kinds of premises.
        items: catalogue items; those that the indicator does not count are left out. None for all.
    """

    indicator: Indicator
    premises: tuple[str, ...]
    items: tuple[int, ...] | None = None

    def counted_items(self) -> list[int]:
        """Return the items that count."""
        counted = self.indicator.counted_items(supervision_of_items())
        return [pk for pk in counted if self.items is None or pk in self.items]


def whole(indicator: Indicator) -> Selection:
    """Return the selection that an indicator is about, where nobody asks for less."""
    return Selection(indicator, indicator.premises)


def cells_on(day: date, area_ids: Collection[int], level: int, selection: Selection) -> list[CountedCell]:
    """Return the counts of areas of one level (1 province, 2 cities, 3 counties) on a day, past or future."""
    values = {
        "areas": list(area_ids), "width": WIDTHS[level], "day": day, "month": day.replace(day=1),
        "year": day.replace(month=1, day=1),
    }  # fmt: skip
    with connection.cursor() as cursor:
        return _cells(cursor, ON_DAY, selection, values)


def street_cells_on(day: date, first: int, last: int, selection: Selection) -> list[CountedCell]:
    """Return the counts of the streets in an interval of positions, counted from the rows."""
    statement = STREETS.format(spans=spans_sql([selection.indicator], "i.id = ANY(%(ids)s)"))
    values: dict[str, Any] = {"first": first, "last": last, "day": day}
    with seeing_everything() as cursor:
        cursor.execute(STANDING_THERE, values | _selected(selection))
        values["ids"] = [row[0] for row in cursor.fetchall()]
        return _cells(cursor, statement, selection, values)


def cells_of(area_id: int, last: int, level: int, day: date, selection: Selection) -> list[CountedCell]:
    """Return the counts of one area, whatever its level."""
    if level == AreaLevel.STREET:
        return street_cells_on(day, area_id, last, selection)
    return cells_on(day, [area_id], level, selection)


def total(cells: Iterable[CountedCell]) -> Count:
    """Add up counts."""
    return reduce(lambda sum_, cell: sum_ + cell.count, cells, Count())


def by(key: Literal["area_id", "premises", "item_id"], cells: Iterable[CountedCell]) -> dict[Any, Count]:
    """Add up counts by one of the three breakdowns."""
    sums: dict[Any, Count] = {}
    for cell in cells:
        name = getattr(cell, key)
        sums[name] = sums.get(name, Count()) + cell.count
    return sums


def trend(
    first: date, last: date, area_id: int, level: int, selection: Selection
) -> list[tuple[date, Count]]:
    """Return the count of an area on every day from first to last."""
    before = total(cells_on(first, [area_id], level, selection))
    values = {
        "area": area_id, "width": WIDTHS[level], "first": first, "last": last,
        "denominator": before.denominator, "numerator": before.numerator, "variant": before.variant,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(TREND, _selected(selection) | values)
        return [(day, Count(*counts)) for day, *counts in cursor.fetchall()]


def _cells(
    cursor: CursorWrapper, statement: str, selection: Selection, values: dict[str, Any]
) -> list[CountedCell]:
    cursor.execute(statement, values | _selected(selection))
    return [
        CountedCell(area_id, premises, item_id, Count(*counts))
        for area_id, premises, item_id, *counts in cursor.fetchall()
    ]


def _selected(selection: Selection) -> dict[str, Any]:
    return {
        "indicator": selection.indicator.key, "premises": list(selection.premises),
        "items": selection.counted_items(),
    }  # fmt: skip
