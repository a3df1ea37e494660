"""Half-year reports: which period, due when, late or not."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.shipped import shipped
from quanheng.regulation.half_year_report import (
    HalfYear,
    ReportStanding,
    due_on,
    half_year_of,
    report,
    reports,
)
from quanheng.regulation.workdays import calendar_of
from tests.regulation.packs import shipped_pack

PACK = shipped_pack("half-year-report")
CALENDAR = calendar_of(shipped())
FIRST, SECOND = HalfYear(2026, 1), HalfYear(2026, 2)


@pytest.mark.parametrize(
    ("day", "period"),
    [
        (date(2026, 1, 1), FIRST),
        (date(2026, 6, 30), FIRST),
        (date(2026, 7, 1), SECOND),
        (date(2026, 12, 31), SECOND),
    ],
)
def test_a_day_belongs_to_one_period(day: date, period: HalfYear) -> None:
    assert half_year_of(day) == period


@pytest.mark.parametrize(
    ("period", "due"),
    [
        (FIRST, date(2026, 7, 31)),
        (HalfYear(2025, 2), date(2026, 2, 2)),  # 31 January 2026 is a Saturday
        (SECOND, date(2027, 2, 1)),  # a Sunday
    ],
)
def test_a_due_day_off_moves_to_the_next_working_day(period: HalfYear, due: date) -> None:
    assert due_on(period, CALENDAR, PACK) == due


def test_an_office_may_let_it_stand_and_may_choose_other_days() -> None:
    pack = shipped_pack(
        "half-year-report", due={"moves_to_working_day": False, "second_half": {"month": 1, "day": 10}}
    )
    assert due_on(SECOND, CALENDAR, pack) == date(2027, 1, 10)
    assert not report(SECOND, None, date(2026, 8, 1), CALENDAR, pack).is_provisional


@pytest.mark.parametrize(
    ("submitted_on", "day", "standing"),
    [
        (None, date(2026, 6, 30), ReportStanding.RUNNING),
        (None, date(2026, 7, 1), ReportStanding.DUE),
        (None, date(2026, 7, 31), ReportStanding.DUE),
        (None, date(2026, 8, 1), ReportStanding.OVERDUE),
        (date(2026, 7, 31), date(2026, 9, 1), ReportStanding.IN_TIME),
        (date(2026, 8, 1), date(2026, 9, 1), ReportStanding.LATE),
        (date(2026, 8, 10), date(2026, 8, 5), ReportStanding.OVERDUE),  # not yet known on the day
    ],
)
def test_where_a_report_stands(submitted_on: date | None, day: date, standing: ReportStanding) -> None:
    found = report(FIRST, submitted_on, day, CALENDAR, PACK)
    assert (found.standing, found.due_on, found.is_provisional) == (standing, date(2026, 7, 31), False)


def test_every_period_since_the_hospital_began_has_its_row() -> None:
    submitted = {HalfYear(2025, 2): date(2026, 1, 20)}
    found = list(reports(date(2025, 9, 1), date(2026, 11, 23), submitted, CALENDAR, PACK))
    assert [(row.period, row.standing) for row in found] == [
        (HalfYear(2025, 2), ReportStanding.IN_TIME),
        (FIRST, ReportStanding.OVERDUE),
        (SECOND, ReportStanding.RUNNING),
    ]
    assert [row.is_provisional for row in found] == [False, False, True]


def test_a_year_beyond_reason_is_refused() -> None:
    with pytest.raises(CaseFault, match="年份"):
        due_on(HalfYear(9999, 2), CALENDAR, PACK)


@given(st.dates(date(1995, 1, 1), date(2100, 1, 1)))
def test_periods_follow_one_another_without_gap(day: date) -> None:
    period = half_year_of(day)
    assert period.first_day <= day <= period.last_day
    assert (period.following.first_day - period.last_day).days == 1
    assert half_year_of(period.following.first_day) == period.following
    assert due_on(period, CALENDAR, PACK) > period.last_day
