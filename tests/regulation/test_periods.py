"""Until when a verification holds."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.regulation.periods import gives_validity, valid_until


@pytest.mark.parametrize(
    ("verified_on", "months", "last_day"),
    [
        (date(2026, 3, 15), 12, date(2027, 3, 14)),
        (date(2026, 2, 28), 6, date(2026, 8, 27)),
        (date(2024, 2, 29), 12, date(2025, 2, 27)),
        (date(2025, 8, 31), 6, date(2026, 2, 27)),
        (date(2026, 12, 31), 12, date(2027, 12, 30)),
        (date(2026, 3, 15), None, None),
    ],
)
def test_a_verification_holds_for_its_period_less_one_day(
    verified_on: date, months: int | None, last_day: date | None
) -> None:
    assert valid_until(verified_on, months) == last_day


DAYS = st.dates(date(1995, 1, 1), date(2200, 1, 1))
MONTHS = st.integers(1, 240)


@given(DAYS, DAYS, MONTHS)
def test_whoever_is_verified_later_never_expires_earlier(one: date, other: date, months: int) -> None:
    earlier, later = sorted((one, other))
    first, second = valid_until(earlier, months), valid_until(later, months)
    assert first is not None
    assert second is not None
    assert first <= second


@given(DAYS, MONTHS)
def test_it_expires_in_the_month_that_its_period_leads_to(day: date, months: int) -> None:
    until = valid_until(day, months)
    assert until is not None
    first_day_without = until + timedelta(days=1)
    months_between = (first_day_without.year - day.year) * 12 + first_day_without.month - day.month
    assert months_between == months
    assert first_day_without.day <= day.day


@pytest.mark.parametrize(
    ("passed", "in_service", "gives"),
    [(True, False, True), (False, False, False), (True, True, False), (False, True, False)],
)
def test_only_a_verification_that_was_passed_gives_validity(
    passed: bool, in_service: bool, gives: bool
) -> None:
    assert gives_validity(passed=passed, in_service=in_service) is gives
