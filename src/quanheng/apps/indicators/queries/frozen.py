"""What was frozen, and when the rollup was last recounted."""

from __future__ import annotations

from datetime import date

from quanheng.apps.indicators.models import IndicatorDay, RollupCheck


def frozen_on(indicator: str, area_id: int, premises: str, day: date) -> IndicatorDay | None:
    """Return the figure as it was published on a day; premises '' for the key premises together."""
    return IndicatorDay.objects.filter(
        indicator=indicator, area_id=area_id, premises=premises, day=day
    ).first()


def latest_check(indicator: str) -> RollupCheck | None:
    """Return the last recount of an indicator's rollup."""
    return RollupCheck.objects.filter(indicator=indicator).order_by("-checked_at").first()
