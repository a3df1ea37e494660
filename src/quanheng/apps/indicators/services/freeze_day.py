"""Freezing the verification rate of a day as it was published, with the version of its formula."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from quanheng.apps.accounts.enums import AreaLevel
from quanheng.apps.accounts.queries import living_areas
from quanheng.apps.indicators.models import IndicatorDay
from quanheng.apps.instruments.queries import rates
from quanheng.apps.registry.enums import KEY_PREMISES
from quanheng.regulation.verification_rate import FORMULA_VERSION

T1 = "T1"
LEVELS = (AreaLevel.PROVINCE, AreaLevel.CITY, AreaLevel.COUNTY)


def freeze_day(*, day: date, at: datetime) -> int:
    """Keep the counts of a day for the province, its cities and counties, by kind of premises and together.

    A day that is frozen stays as it was: what acts change about it later is shown beside it, not in it.

    Returns:
        How many figures were frozen now.
    """
    selection = rates.Selection(tuple(KEY_PREMISES))
    figures: list[IndicatorDay] = []
    for level in LEVELS:
        areas = list(living_areas(day).filter(level=level).values_list("id", flat=True))
        cells = rates.cells_on(day, areas, level, selection)
        for area_id, together in rates.by("area_id", cells).items():
            own = rates.by("premises", (cell for cell in cells if cell.area_id == area_id))
            figures += [_figure(area_id, premises, day, at, count) for premises, count in own.items()]
            figures.append(_figure(area_id, "", day, at, together))
    with transaction.atomic():
        before = IndicatorDay.objects.filter(indicator=T1, day=day).count()
        IndicatorDay.objects.bulk_create(figures, ignore_conflicts=True, batch_size=1_000)
        return IndicatorDay.objects.filter(indicator=T1, day=day).count() - before


def _figure(area_id: int, premises: str, day: date, at: datetime, count: rates.Count) -> IndicatorDay:
    return IndicatorDay(
        indicator=T1, area_id=area_id, premises=premises, day=day, numerator=count.verified,
        claimed=count.claimed, denominator=count.in_use, formula_version=FORMULA_VERSION, frozen_at=at,
    )  # fmt: skip
