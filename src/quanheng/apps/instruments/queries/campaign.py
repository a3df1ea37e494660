"""一秤一码 录入: how far each area and market got with entering its scales by 30 June 2026, and what is left.

The plan (A4): 2026年6月底前完成全省在用电子秤信息录入省级计量监管云平台. The date has passed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Mod

from quanheng.apps.accounts.enums import AreaLevel
from quanheng.apps.accounts.positions import width
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.apps.instruments.models import CatalogueItem, Instrument
from quanheng.apps.instruments.queries.filings import BEFORE_FILED
from quanheng.apps.instruments.queries.ledger import ledger
from quanheng.kit.scope import Actor

DEADLINE = date(2026, 6, 30)
AFTER_DEADLINE = datetime.combine(date(2026, 7, 1), time.min, ZoneInfo("Asia/Shanghai"))
SCALES = "scale"


@dataclass(frozen=True, slots=True)
class Reached:
    """How far an area or a market got.

    Args:
        key: position of the area, or the market's primary key.
        in_time: registered by the deadline; now: registered today; both without scrapped ones.
        coded: carries an instrument code; filed: the office accepted it.
    """

    key: int
    name: str
    in_time: int
    now: int
    coded: int
    filed: int

    @property
    def share_coded(self) -> int | None:
        return self.coded * 100 // self.now if self.now else None

    @property
    def share_in_time(self) -> int | None:
        return self.in_time * 100 // self.now if self.now else None


@dataclass(frozen=True, slots=True)
class Doubled:
    """Several instruments that carry what only one can: a serial number, a certificate number."""

    value: str
    count: int
    makers: Sequence[str]


COUNTS = {
    "in_time": Count("pk", filter=Q(registered_at__lt=AFTER_DEADLINE)),
    "now": Count("pk"),
    "coded": Count("pk", filter=~Q(code=None)),
    "filed": Count("pk", filter=~Q(state__in=BEFORE_FILED)),
}


def scales(by: Actor, first: int, last: int) -> QuerySet[Instrument]:
    """Return the scales in an interval of area positions, scrapped ones left out."""
    items = list(CatalogueItem.objects.filter(category=SCALES).values_list("pk", flat=True))
    rows = ledger(by).filter(item_id__in=items, area_id__gte=first, area_id__lte=last)
    return rows.exclude(state=InstrumentState.SCRAPPED).order_by()


def total_of(parts: Iterable[Reached]) -> Reached:
    """Add parts up."""
    listed = list(parts)
    return Reached(0, "", *(sum(getattr(each, name) for each in listed) for name in COUNTS))


def reached_by_area(rows: QuerySet[Instrument], level: AreaLevel) -> dict[int, Reached]:
    """Count rows by the areas of a level that they lie in; areas without a scale are left out."""
    unit = F("area_id") - Mod(F("area_id"), width(level))
    counted = rows.annotate(unit=unit).values("unit").annotate(**COUNTS)
    return {key: Reached(key, "", *counts) for key, *counts in counted.values_list("unit", *COUNTS)}


def reached_by_market(rows: QuerySet[Instrument], *, at_most: int) -> list[Reached]:
    """Count rows by market (or company, or shop), the least coded first."""
    counted = rows.values("root_id", "root__name").annotate(**COUNTS)
    least_coded = counted.order_by(F("coded") * 1000 / F("now"), "root_id")[:at_most]
    return [Reached(*row) for row in least_coded.values_list("root_id", "root__name", *COUNTS)]


def with_scale(first: int, last: int, by: Actor) -> Exists:
    """Return the condition that a market has at least one scale in the ledger."""
    return Exists(scales(by, first, last).filter(root_id=OuterRef("pk")))


def doubled(rows: QuerySet[Instrument], column: str, *, at_most: int) -> list[Doubled]:
    """Return serial numbers (or certificate numbers) that several scales share, the most shared first."""
    shared = (
        rows.exclude(**{column: ""})
        .values(column)
        .annotate(count=Count("pk"), makers=ArrayAgg("manufacturer", distinct=True))
    )
    found = shared.filter(count__gt=1).order_by("-count", column)[:at_most]
    return [Doubled(row[column], row["count"], row["makers"]) for row in found]


def gap_counts(rows: QuerySet[Instrument]) -> dict[str, int]:
    """Count what is still missing: codes, serial numbers, makers, verifications."""
    return rows.aggregate(
        code=Count("pk", filter=Q(code=None)),
        serial=Count("pk", filter=Q(serial_number="")),
        maker=Count("pk", filter=Q(manufacturer="")),
        verification=Count("pk", filter=Q(verified_on=None)),
    )
