"""What holds from one day to another, both included: `valid_from` and `valid_to`, None while there is no end.

An area's `valid_to` is none of these: it is the day of its abolition, on which the next one stands already
(`accounts.queries.living_areas`).
"""

from __future__ import annotations

from datetime import date
from typing import Protocol

from django.db.models import Q

# The day of an instant, in a generated column; every place of the platform has the time of Peking.
DAY_IN_CHINA = "(timezone('Asia/Shanghai', %(expressions)s))::date"


class DatedRow(Protocol):
    """A row that holds from one day to another."""

    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...


def holding_on(day: date) -> Q:
    """Return the condition that a row holds on a day."""
    return Q(valid_from__lte=day) & lasting_to(day)


def lasting_to(day: date) -> Q:
    """Return the condition that a row has not ended before a day; it may not have begun."""
    return Q(valid_to__isnull=True) | Q(valid_to__gte=day)


def holds_on(row: DatedRow, day: date) -> bool:
    """Say whether a row holds on a day."""
    return row.valid_from <= day and not has_ended(row, day)


def has_ended(row: DatedRow, day: date) -> bool:
    """Say whether a row ended before a day."""
    return row.valid_to is not None and row.valid_to < day
