"""Freezing the indicators of a day as they were published, with the version of their formula."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import transaction

from quanheng.apps.accounts.enums import AreaLevel
from quanheng.apps.accounts.queries import living_areas
from quanheng.apps.indicators.models import IndicatorDay
from quanheng.apps.indicators.queries import counts
from quanheng.apps.instruments.indicators import Indicator, indicators

LEVELS = (AreaLevel.PROVINCE, AreaLevel.CITY, AreaLevel.COUNTY)


def freeze_day(*, day: date, at: datetime) -> int:
    """Keep the counts of a day for the province, its cities and counties, by kind of premises and together.

    A day that is frozen stays as it was: what acts change about it later is shown beside it, not in it.

    Returns:
        How many figures were frozen now.
    """
    figures = [figure for indicator in indicators() for figure in _figures(indicator, day, at)]
    with transaction.atomic():
        before = IndicatorDay.objects.filter(day=day).count()
        IndicatorDay.objects.bulk_create(figures, ignore_conflicts=True, batch_size=1_000)
        return IndicatorDay.objects.filter(day=day).count() - before


def _figures(indicator: Indicator, day: date, at: datetime) -> Iterator[IndicatorDay]:
    for level in LEVELS:
        areas = list(living_areas(day).filter(level=level).values_list("id", flat=True))
        cells = counts.cells_on(day, areas, level, counts.whole(indicator))
        for area_id, together in counts.by("area_id", cells).items():
            own = counts.by("premises", (cell for cell in cells if cell.area_id == area_id))
            for premises, count in (*own.items(), ("", together)):
                kept = _kept(indicator, count)
                yield IndicatorDay(area_id=area_id, premises=premises, day=day, frozen_at=at, **kept)


def _kept(indicator: Indicator, count: counts.Count) -> dict[str, Any]:
    variant = indicator.variant
    return {
        "indicator": indicator.key, "numerator": count.numerator, "denominator": count.denominator,
        "formula_version": indicator.version, "variant": count.variant if variant else None,
        "variant_version": variant.version if variant else "",
    }  # fmt: skip
