"""Which days are working days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePack, RulePacks, read_pack
from quanheng.packs.shipped import shipped
from quanheng.regulation.workdays import DayKind, WorkCalendar, calendar_of, days_of, work_year

CALENDAR = calendar_of(shipped())
DAYS = st.dates(date(2023, 1, 1), date(2040, 12, 31))
COUNTS = st.integers(0, 400)


def day(text: str) -> date:
    return date.fromisoformat(text)


def notice(year: int = 2027, **days: Any) -> RulePack:
    """Return a notice as an office would load it."""
    table = {"source": "the office's own", "verified": True, "off": [], "worked": [], **days}
    return read_pack(
        {
            "rule": "work-calendar",
            "edition": f"{year}",
            "title": "",
            "in_force_from": date(year, 1, 1),
            "in_force_to": date(year, 12, 31),
            "tables": {"days": table},
        }
    )


@pytest.mark.parametrize(
    ("received", "count", "due"),
    [
        ("2026-02-13", 3, "2026-02-25"),  # over the Spring Festival, with two make-up days
        ("2026-09-24", 7, "2026-10-12"),  # over Mid-Autumn and National Day
        ("2026-09-30", 3, "2026-10-10"),
        ("2026-04-30", 3, "2026-05-08"),
        ("2026-02-14", 1, "2026-02-24"),
        ("2026-02-17", 1, "2026-02-24"),  # received on a holiday
        ("2025-01-24", 2, "2025-01-27"),
        ("2024-09-30", 1, "2024-10-08"),
        ("2026-06-01", 0, "2026-06-01"),
    ],
)
def test_the_day_of_receipt_does_not_count(received: str, count: int, due: str) -> None:
    assert CALENDAR.after(day(received), count) == day(due)


@pytest.mark.parametrize(("year", "working_days"), [(2024, 251), (2025, 248), (2026, 248)])
def test_a_year_has_the_working_days_that_its_notice_gives(year: int, working_days: int) -> None:
    assert CALENDAR.between(date(year - 1, 12, 31), date(year, 12, 31)) == working_days


@pytest.mark.parametrize(
    ("on", "kind", "holiday"),
    [
        ("2026-02-13", DayKind.WORKING, ""),
        ("2026-02-14", DayKind.MAKE_UP, ""),
        ("2026-02-16", DayKind.HOLIDAY, "春节"),
        ("2026-03-07", DayKind.WEEKEND, ""),
        ("2027-02-08", DayKind.HOLIDAY, "春节"),
        ("2027-10-03", DayKind.HOLIDAY, "国庆节"),
        ("2019-10-01", DayKind.WORKING, ""),  # no notice of that year is loaded
    ],
)
def test_each_day_is_of_one_kind(on: str, kind: DayKind, holiday: str) -> None:
    assert (CALENDAR.kind(day(on)), CALENDAR.holiday(day(on))) == (kind, holiday)


def test_a_year_without_notice_is_provisional_and_a_range_that_reaches_it_says_so() -> None:
    assert not CALENDAR.is_provisional(day("2024-01-01"), day("2026-12-31"))
    assert CALENDAR.is_provisional(day("2026-12-31"), day("2027-01-04"))
    assert CALENDAR.is_provisional(day("2019-05-01"), day("2019-05-02"))
    assert WorkCalendar().is_provisional(day("2026-01-01"), day("2026-01-02"))


def test_loading_the_notice_of_a_year_settles_it() -> None:
    spring = {"from": day("2027-02-05"), "to": day("2027-02-12"), "name": "春节"}
    loaded = notice(off=[spring], worked=[day("2027-02-20")])
    calendar = calendar_of(RulePacks((*shipped().packs, loaded)))
    assert not calendar.is_provisional(day("2027-01-01"), day("2027-12-31"))
    assert CALENDAR.after(day("2027-02-04"), 2) == day("2027-02-10")
    assert calendar.after(day("2027-02-04"), 2) == day("2027-02-16")
    assert [c.edition for c in calendar.citations(day("2026-12-31"), day("2027-01-01"))] == [
        "国办发明电〔2025〕7号",
        "2027",
    ]


def test_of_two_notices_for_a_year_the_office_s_own_wins() -> None:
    own = notice(2026, off=[{"from": day("2026-11-11"), "to": day("2026-11-11"), "name": "本地"}])
    calendar = calendar_of(RulePacks((*shipped().packs, own)))
    assert calendar.holiday(day("2026-11-11")) == "本地"
    assert calendar.is_working(day("2026-10-05"))


def test_an_office_may_load_a_draft_that_stays_provisional() -> None:
    assert work_year(notice(provisional=True)).is_provisional


@pytest.mark.parametrize(
    ("days", "code"),
    [
        ({"worked": [date(2026, 1, 3)]}, "other_year"),
        ({"off": [{"from": date(2027, 12, 30), "to": date(2028, 1, 1), "name": ""}]}, "other_year"),
        ({"worked": [date(2027, 2, 8)]}, "no_weekend"),
        (
            {
                "worked": [date(2027, 2, 6)],
                "off": [{"from": date(2027, 2, 6), "to": date(2027, 2, 6), "name": ""}],
            },
            "off_and_worked",
        ),
    ],
)
def test_a_notice_that_cannot_be_right_is_refused(days: dict[str, Any], code: str) -> None:
    with pytest.raises(CaseFault) as refused:
        work_year(notice(**days))
    assert refused.value.code == code


def test_counting_backwards_and_beyond_the_calendar_are_refused() -> None:
    with pytest.raises(CaseFault, match="不能小于 0"):
        CALENDAR.after(day("2026-01-01"), -1)
    with pytest.raises(CaseFault, match="9999"):
        CALENDAR.after(date(9999, 12, 30), 9)


@given(DAYS, DAYS, COUNTS)
def test_who_is_received_earlier_is_never_due_later(one: date, other: date, count: int) -> None:
    earlier, later = sorted((one, other))
    assert CALENDAR.after(earlier, count) <= CALENDAR.after(later, count)


@given(DAYS, COUNTS, COUNTS)
def test_counting_goes_on_where_it_stopped(start: date, count: int, more: int) -> None:
    assert CALENDAR.after(CALENDAR.after(start, count), more) == CALENDAR.after(start, count + more)


@given(DAYS, st.integers(1, 400))
def test_between_undoes_after(start: date, count: int) -> None:
    due = CALENDAR.after(start, count)
    assert CALENDAR.is_working(due)
    assert CALENDAR.between(start, due) == count
    assert CALENDAR.between(start, due - timedelta(days=1)) == count - 1
    assert CALENDAR.between(due, start) == 0


@given(DAYS)
def test_on_or_after_skips_days_off_only(start: date) -> None:
    found = CALENDAR.on_or_after(start)
    assert CALENDAR.is_working(found)
    assert not any(map(CALENDAR.is_working, days_of(start, found - timedelta(days=1))))


def test_years_before_all_that_is_loaded_are_over_and_not_known_here() -> None:
    assert CALENDAR.unknown_past(day("2019-12-30"), day("2020-01-02")) == (2019, 2020)
    assert CALENDAR.unknown_past(day("2026-12-31"), day("2027-01-04")) == ()
    assert WorkCalendar().unknown_past(day("2019-01-01"), day("2019-01-02")) == ()
