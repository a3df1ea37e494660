"""The instruments behind a figure."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from quanheng.apps.indicators.queries.counts import Selection
from quanheng.apps.instruments.queries.in_use import in_use_on
from quanheng.kit.scope import Actor


def instruments_behind(
    part: str, day: date, first: int, last: int, selection: Selection, *, actor: Actor
) -> QuerySet[Any]:
    """Return the instruments behind one number of an indicator that the actor sees.

    Fewer than the count where an instrument has left the actor's area since that day.

    Args:
        part: key of the number (`Indicator.parts`).
        first, last: interval of area positions.
    """
    indicator = selection.indicator
    rows = in_use_on(
        day, (first, last), premises=selection.premises, items=selection.counted_items(), actor=actor
    )
    if part == indicator.in_use.key:
        return rows
    if indicator.variant and part == indicator.variant.part.key:
        return rows.filter(indicator.variant.holds(day))
    holds = indicator.holds(day)
    return rows.filter(holds) if part == indicator.holding.key else rows.exclude(holds)
