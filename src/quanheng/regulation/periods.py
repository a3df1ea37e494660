"""Until when a verification holds."""

from __future__ import annotations

import calendar
from datetime import date, timedelta


def add_months(day: date, months: int) -> date:
    """Move by whole months; a day that the month does not have becomes its last day (29 Feb + 12 → 28
    Feb).
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def valid_until(verified_on: date, months: int | None) -> date | None:
    """Return the last day of validity: verification day + period − 1 day, as certificates print it.

    The clamp comes before the subtraction: 2024-02-29 + 12 months → 2025-02-27 (standards notes 3.5; the
    convention is unverified, therefore old records keep the date on their certificate).

    Args:
        months: the period of the verification regulation; None where the first verification is the only one.
    """
    return None if months is None else add_months(verified_on, months) - timedelta(days=1)


def latest_end(verified_on: date, months: int | None) -> date | None:
    """Return the latest day that a certificate may print as the end of its validity; None without a period.

    One day more than `valid_until`: some institutes print the same day of the next year.
    """
    return None if months is None else add_months(verified_on, months)


def gives_validity(*, passed: bool, in_service: bool) -> bool:
    """Say whether a verification prints an end of validity: one that was passed does.

    An in-service inspection (使用中检查) is no verification; it extends nothing.
    """
    return passed and not in_service
