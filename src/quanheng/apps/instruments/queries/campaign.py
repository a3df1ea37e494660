"""一秤一码 录入: how far each area and market got with entering its scales by 30 June 2026, and what is left.

The plan (A4): 2026年6月底前完成全省在用电子秤信息录入省级计量监管云平台. The date has passed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Mod
from django.utils.timezone import localdate

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import AreaLevel
from quanheng.apps.accounts.positions import width
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.apps.instruments.models import CatalogueItem, EntryClosing, EntryCount, Instrument
from quanheng.apps.instruments.queries.ledger import ledger
from quanheng.apps.registry.enums import EntityState, PremisesKind
from quanheng.apps.registry.queries import entities
from quanheng.metrology.percentages import percentage
from quanheng.regulation.instrument_states import UNFILED

DEADLINE = date(2026, 6, 30)
DAY_AFTER = DEADLINE + timedelta(days=1)
AFTER_DEADLINE = datetime.combine(DAY_AFTER, time.min, ZoneInfo("Asia/Shanghai"))
SCALES = "scale"


@dataclass(frozen=True, slots=True)
class Reached:
    """How far an area or a market got.

    Args:
        key: position of the area, or the market's primary key.
        in_time: registered by the deadline; now: registered today; both without scrapped ones.
        coded: carries an instrument code; filed: the office accepted it.
        behind_since: when the first of those was entered that has no code or is not filed, or the day after
            the deadline where that is later; None where nothing is left, or nobody looked (a province's).
    """

    key: int
    name: str
    in_time: int
    now: int
    coded: int
    filed: int
    behind_since: date | None = None

    @property
    def late(self) -> int:
        """How many were entered after the deadline."""
        return self.now - self.in_time

    @property
    def uncoded(self) -> int:
        return self.now - self.coded

    @property
    def unfiled(self) -> int:
        return self.now - self.filed

    @property
    def is_behind(self) -> bool:
        """Whether anything is left to be done, or nothing was entered at all."""
        return self.now == 0 or self.uncoded > 0 or self.unfiled > 0

    @property
    def share_coded(self) -> int | None:
        return _whole_percent(self.coded, self.now)


def _whole_percent(part: int, whole: int) -> int | None:
    share = percentage(part, whole, places=0)
    return None if share is None else int(share)


@dataclass(frozen=True, slots=True)
class Doubled:
    """Several instruments that carry what only one can: a serial number, a certificate number."""

    value: str
    count: int
    makers: Sequence[str]


GAPS = {"serial": "no_serial", "maker": "no_maker", "verification": "no_verification"}
Gaps = dict[str, int]

COUNTS = {
    "in_time": Count("pk", filter=Q(registered_at__lt=AFTER_DEADLINE)),
    "now": Count("pk"),
    "coded": Count("pk", filter=~Q(code=None)),
    "filed": Count("pk", filter=~Q(state__in=UNFILED)),
}

LEFT = Q(code=None) | Q(state__in=UNFILED)  # what a scale that was entered still lacks


def scales(by: Actor, first: int, last: int) -> QuerySet[Instrument]:
    """Return the scales in an interval of area positions, scrapped ones left out."""
    items = list(CatalogueItem.objects.filter(category=SCALES).values_list("pk", flat=True))
    rows = ledger(by).filter(item_id__in=items, area_id__gte=first, area_id__lte=last)
    return rows.exclude(state=InstrumentState.SCRAPPED).order_by()


def total_of(parts: Iterable[Reached]) -> Reached:
    """Add parts up."""
    listed = list(parts)
    behind = [each.behind_since for each in listed if each.behind_since]
    counts = (sum(getattr(each, name) for each in listed) for name in COUNTS)
    return replace(Reached(0, "", *counts), behind_since=min(behind, default=None))


def reached_by_area(by: Actor, first: int, last: int, level: AreaLevel) -> tuple[dict[int, Reached], Gaps]:
    """Add up what was entered in an interval of areas, by the areas of a level, empty ones left out.

    Returns:
        The counts by area, and what is missing in all of them together. Nothing outside the actor's scope.
    """
    rows = EntryCount.objects.filter(area_id__gte=first, area_id__lte=last, item__category=SCALES)
    if not by.scope.everything:
        if by.scope.first is None or by.scope.last is None:
            return {}, dict.fromkeys(GAPS, 0)
        rows = rows.filter(area_id__gte=by.scope.first, area_id__lte=by.scope.last)
    unit = F("area_id") - Mod(F("area_id"), width(level))
    names = [*COUNTS, *GAPS.values()]
    summed = rows.annotate(unit=unit).values("unit").annotate(**{f"sum_{name}": Sum(name) for name in names})
    seen = summed.filter(sum_now__gt=0)  # type: ignore[misc]  # the name is made at run time
    found = list(seen.values("unit", *(f"sum_{name}" for name in names)))
    reached = {
        row["unit"]: Reached(row["unit"], "", *(row[f"sum_{name}"] for name in COUNTS)) for row in found
    }
    gaps = {key: sum(row[f"sum_{name}"] for row in found) for key, name in GAPS.items()}
    gaps["code"] = sum(each.now - each.coded for each in reached.values())
    return reached, gaps


def reached_by_market(rows: QuerySet[Instrument], *, at_most: int) -> list[Reached]:
    """Count rows by market (or company, or shop), the least coded first."""
    counted = rows.values("root_id", "root__name").annotate(
        **COUNTS, behind=Min("registered_at", filter=LEFT)
    )
    least_coded = counted.order_by(F("coded") * 1000 / F("now"), "root_id")[:at_most]
    lines = least_coded.values_list("root_id", "root__name", *COUNTS, "behind")
    return [
        Reached(key, name, in_time, now, coded, filed, _since(behind))
        for key, name, in_time, now, coded, filed, behind in lines
    ]


def behind_by_area(rows: QuerySet[Instrument], level: AreaLevel) -> dict[int, date]:
    """Return since when something is left in the areas of a level, as of a market; complete ones left out."""
    unit = F("area_id") - Mod(F("area_id"), width(level))
    left = rows.filter(LEFT).annotate(unit=unit).values("unit").annotate(behind=Min("registered_at"))
    return {unit: max(localdate(behind), DAY_AFTER) for unit, behind in left.values_list("unit", "behind")}


def _since(first: datetime | None) -> date | None:
    return None if first is None else max(localdate(first), DAY_AFTER)


def closings(first: int, last: int, by: Actor) -> dict[int, EntryClosing]:
    """Return the closing report's lines in an interval of areas within the actor's scope, by area."""
    rows = EntryClosing.objects.filter(area_id__gte=first, area_id__lte=last)
    return {row.area_id: row for row in rows if by.scope.covers_area(row.area_id)}


def with_scale(first: int, last: int, by: Actor) -> Exists:
    """Return the condition that a market has at least one scale in the ledger."""
    return Exists(scales(by, first, last).filter(root_id=OuterRef("pk")))


def markets_without_scales(first: int, last: int, by: Actor) -> QuerySet[Any]:
    """Return the open markets in an interval of area positions without one scale in the ledger."""
    markets = entities(by).filter(
        premises=PremisesKind.MARKET, parent=None, area_id__gte=first, area_id__lte=last
    )
    empty = markets.exclude(state=EntityState.CLOSED).exclude(with_scale(first, last, by))
    return empty.select_related("area").order_by("area_id", "id")


def doubled(rows: QuerySet[Instrument], column: str, *, at_most: int) -> list[Doubled]:
    """Return serial numbers (or certificate numbers) that several scales share, the most shared first."""
    counted = rows.exclude(**{column: ""}).values(column).annotate(count=Count("pk"))
    shared = dict(
        counted.filter(count__gt=1).order_by("-count", column)[:at_most].values_list(column, "count")
    )
    makers: dict[str, set[str]] = {value: set() for value in shared}
    named = rows.filter(**{f"{column}__in": list(shared)}).values_list(column, "manufacturer")
    for value, maker in named.distinct():
        makers[value].add(maker)
    return [Doubled(value, count, sorted(makers[value])) for value, count in shared.items()]
