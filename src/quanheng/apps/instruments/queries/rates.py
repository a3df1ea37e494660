"""The counts behind the verification rate on any day, from the rollup; and the rows behind every count.

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
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from quanheng.apps.instruments.enums import Provenance
from quanheng.apps.instruments.models import CatalogueItem, Instrument, Placement, Verification
from quanheng.apps.instruments.services.rate_changes import seeing_everything
from quanheng.kit.scope import Actor
from quanheng.kit.tones import Text
from quanheng.regulation.instrument_states import COUNTED_IN_USE
from quanheng.regulation.verification_rate import is_subject, meets_target, percent

SQL = Path(__file__).parent / "sql"
ON_DAY = (SQL / "rates_on_day.sql").read_text(encoding="utf-8")
STREETS = (SQL / "rates_streets.sql").read_text(encoding="utf-8")
TREND = (SQL / "rates_trend.sql").read_text(encoding="utf-8")
WIDTHS = {1: 10**10, 2: 10**8, 3: 10**6}  # positions that a province, a city, a county spans (accounts.Area)

Part = Literal["in_use", "verified", "claimed", "gap"]


@dataclass(frozen=True, slots=True)
class Count:
    """Instruments in use on a day, those whose verification counts, and those with what users declare.

    `claimed` is the numerator of the formula's first version, in which a declared verification counted.
    """

    in_use: int = 0
    verified: int = 0
    claimed: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.in_use + other.in_use, self.verified + other.verified, self.claimed + other.claimed)

    @property
    def gap(self) -> int:
        return self.in_use - self.verified

    @property
    def percent(self) -> float | None:
        return percent(self.verified, self.in_use)

    @property
    def percent_with_declared(self) -> float | None:
        return percent(self.claimed, self.in_use)

    @property
    def meets_target(self) -> bool | None:
        return meets_target(self.verified, self.in_use)


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
        items: catalogue items; those that are not subject to verification are left out. None for all.
    """

    premises: tuple[str, ...]
    items: tuple[int, ...] | None = None

    def subject_items(self) -> list[int]:
        """Return the items that the rate counts."""
        return [
            pk
            for pk, supervision, mode in CatalogueItem.objects.values_list("id", "supervision", "mode")
            if is_subject(supervision=supervision, mode=mode) and (self.items is None or pk in self.items)
        ]


CATEGORIES = {
    "scale": _("衡器"),
    "fuel_dispenser": _("加油（气）机"),
    "medical": _("医疗计量器具"),
    "other": _("其他"),
}


def categories() -> set[str]:
    """Return the classes into which the catalogue divides instruments."""
    return set(CATEGORIES)


def category_choices() -> list[tuple[str, Text]]:
    """Return the classes with their names."""
    return list(CATEGORIES.items())


def items_of_category(category: str) -> tuple[int, ...]:
    """Return the catalogue items of a class."""
    return tuple(CatalogueItem.objects.filter(category=category).values_list("id", flat=True))


def item_names() -> dict[int, str]:
    """Return the names of the catalogue items."""
    return dict(CatalogueItem.objects.values_list("id", "name"))


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
    values = {"first": first, "last": last, "day": day, "states": sorted(COUNTED_IN_USE)}
    with seeing_everything() as cursor:
        return _cells(cursor, STREETS, selection, values)


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
    with connection.cursor() as cursor:
        cursor.execute(
            TREND,
            {
                "area": area_id, "width": WIDTHS[level], "first": first, "last": last,
                "premises": list(selection.premises), "items": selection.subject_items(),
                "in_use": before.in_use, "verified": before.verified, "claimed": before.claimed,
            },
        )  # fmt: skip
        return [(day, Count(*counts)) for day, *counts in cursor.fetchall()]


def instruments_behind(
    part: Part, day: date, first: int, last: int, selection: Selection, *, actor: Actor
) -> QuerySet[Instrument]:
    """Return the instruments behind a count that the actor sees.

    Fewer than the count where an instrument has left the actor's area since that day.
    """
    place = Q(area_id__gte=first, area_id__lte=last, premises__in=selection.premises)
    past = Placement.objects.unscoped().filter(
        place, instrument=OuterRef("pk"), first_day__lte=day, last_day__gte=day
    )
    now = place & Q(state__in=COUNTED_IN_USE, placed_on__lte=day)
    rows = Instrument.objects.visible_to(actor).filter(
        now | Exists(past),
        ~Exists(Instrument.objects.unscoped().filter(parent=OuterRef("pk"))),
        item__in=selection.subject_items(),
    )
    if part == "in_use":
        return rows
    if part == "claimed":
        return rows.filter(_trusted(day, Verification.objects.unscoped()))
    proven = Verification.objects.unscoped().exclude(provenance=Provenance.DECLARED)
    return rows.filter(_trusted(day, proven)) if part == "verified" else rows.exclude(_trusted(day, proven))


def _trusted(day: date, verifications: QuerySet[Verification]) -> Exists:
    verifications = verifications.filter(in_error=False)
    newer = verifications.filter(
        Q(verified_on__gt=OuterRef("verified_on"))
        | Q(verified_on=OuterRef("verified_on"), id__gt=OuterRef("id")),
        ~Q(kind="in_service", result="passed"),
        instrument=OuterRef("instrument"),
        verified_on__lte=day,
    )
    counting = verifications.filter(
        Q(valid_until=None) | Q(valid_until__gte=day),
        Q(voided_on=None) | Q(voided_on__gt=day),
        ~Q(kind="in_service"),
        ~Exists(newer),
        instrument=OuterRef("pk"),
        result="passed",
        verified_on__lte=day,
    )
    return Exists(counting)


def _cells(
    cursor: CursorWrapper, statement: str, selection: Selection, values: dict[str, Any]
) -> list[CountedCell]:
    cursor.execute(
        statement, values | {"premises": list(selection.premises), "items": selection.subject_items()}
    )
    return [
        CountedCell(area_id, premises, item_id, Count(*counts))
        for area_id, premises, item_id, *counts in cursor.fetchall()
    ]
