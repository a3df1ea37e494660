"""Quarters, and where a campaign will stand at the end of one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.regulation.quarters import Quarter, forecast, quarter_of

DAYS = st.dates(date(2001, 1, 1), date(2099, 12, 31))


@given(DAYS)
def test_every_day_lies_in_one_quarter_and_the_next_begins_the_day_after_it_ends(day: date) -> None:
    quarter = quarter_of(day)
    assert quarter.first <= day <= quarter.last
    assert quarter_of(quarter.last + timedelta(days=1)) != quarter
    assert quarter_of(quarter.first - timedelta(days=1)) != quarter


@pytest.mark.parametrize(("year", "number"), [(2026, 0), (2026, 5), (1999, 1), (2101, 1)])
def test_no_year_has_another_quarter(year: int, number: int) -> None:
    with pytest.raises(ValueError, match="no quarter"):
        Quarter(year, number)


LAST = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("done", "since", "today", "expected"),
    [
        (0, date(2026, 12, 1), date(2026, 12, 7), 20),  # a week without a check tells no pace
        (0, date(2026, 12, 1), date(2026, 12, 8), 0),
        (5, date(2026, 12, 1), date(2026, 12, 10), 15),  # 5 in 10 days, 21 days left: 10 more
        (15, date(2026, 12, 1), date(2026, 12, 10), 20),
        (20, date(2026, 12, 1), date(2026, 12, 2), 20),
        (7, date(2026, 12, 1), LAST, 7),
        (7, date(2026, 12, 1), date(2027, 1, 9), 7),
    ],
)
def test_the_forecast_goes_on_at_the_pace_so_far(done: int, since: date, today: date, expected: int) -> None:
    assert forecast(done=done, drawn=20, since=since, today=today, last=LAST) == expected


@given(st.integers(0, 500), st.integers(0, 92), st.integers(0, 92))
def test_the_forecast_is_never_less_than_done_nor_more_than_drawn(done: int, begun: int, gone: int) -> None:
    since = date(2026, 10, 1) + timedelta(days=begun)
    found = forecast(done=done, drawn=500, since=since, today=since + timedelta(days=gone), last=LAST)
    assert done <= found <= 500
