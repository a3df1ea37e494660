"""Until when a verification holds."""

from __future__ import annotations

from datetime import date

import pytest

from quanheng.regulation.periods import valid_until


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
