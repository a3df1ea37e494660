"""When a step is due: hours, working days, calendar days, and pauses."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from quanheng.packs.case_fault import CaseFault
from quanheng.regulation.deadlines import DayStanding
from quanheng.regulation.workdays import DayKind
from tests.regulation.due import (
    CALENDAR_DAYS,
    HOURS,
    NOON_TO_THREE,
    TESTING,
    TOUCHED_DAYS_LEFT_OUT,
    WORKING,
    at,
    due,
    pause,
)

# Clock hours


@pytest.mark.parametrize(
    ("received", "hours", "late_from"),
    [
        ("2026-02-14 16:20", 24, "2026-02-15 16:20"),  # into the Spring Festival
        ("2026-12-31 23:59", 24, "2027-01-01 23:59"),
        ("2026-03-01 00:00", 1, "2026-03-01 01:00"),
    ],
)
def test_clock_hours_know_neither_nights_nor_holidays(received: str, hours: int, late_from: str) -> None:
    found = due(received, hours, HOURS)
    assert found.late_from == at(late_from)
    assert not found.is_provisional
    assert not found.is_late(at(late_from) - timedelta(microseconds=1))
    assert found.is_late(at(late_from))


def test_an_instant_is_the_same_in_every_zone() -> None:
    there = datetime(2026, 2, 13, 20, 30, tzinfo=timezone(timedelta(hours=-5)))  # 09:30 on the 14th in China
    assert due(there, 24, HOURS) == due("2026-02-14 09:30", 24, HOURS)
    assert due(there, 3, WORKING).days == due("2026-02-14 09:30", 3, WORKING).days


def test_hours_of_a_pause_are_not_counted_and_the_stretches_say_so() -> None:
    found = due("2026-03-02 10:00", 24, HOURS, pauses=[pause("2026-03-02 12:00", "2026-03-02 15:00")])
    assert found.late_from == at("2026-03-03 13:00")
    assert found.due_on == date(2026, 3, 3)
    assert [(time.starts_at.hour, time.is_counted) for time in found.times] == [
        (10, True),
        (12, False),
        (15, True),
    ]


@pytest.mark.parametrize(
    ("pauses", "late_from"),
    [
        ([("2026-03-01 00:00", "2026-03-02 09:00")], "2026-03-03 10:00"),  # over before it began
        ([("2026-03-01 00:00", "2026-03-02 12:00")], "2026-03-03 12:00"),  # began before
        ([("2026-03-03 10:00", "2026-03-05 10:00")], "2026-03-03 10:00"),  # begins as it ends
        (
            [NOON_TO_THREE, ("2026-03-02 14:00", "2026-03-02 16:00")],
            "2026-03-03 14:00",
        ),
        (
            [("2026-03-02 14:00", "2026-03-02 16:00"), NOON_TO_THREE],
            "2026-03-03 14:00",
        ),
        ([("2026-03-02 12:00", None), ("2026-03-02 15:00", "2026-03-02 16:00")], None),
        ([("2026-03-02 12:00", "2026-03-02 16:00"), ("2026-03-02 15:00", None)], None),
        ([("2026-03-01 12:00", None)], None),
    ],
)
def test_pauses_that_overlap_are_one(pauses: list[tuple[str, str | None]], late_from: str | None) -> None:
    found = due("2026-03-02 10:00", 24, HOURS, pauses=[pause(*each) for each in pauses])
    assert found.late_from == (at(late_from) if late_from else None)
    assert found.is_running is (late_from is not None)
    assert found.is_running or not found.is_late(at("2099-01-01"))


# Working days


@pytest.mark.parametrize(
    ("received", "count", "due_on"),
    [
        ("2026-02-13 09:00", 3, "2026-02-25"),
        ("2026-02-13 23:59", 3, "2026-02-25"),
        ("2026-09-24 00:00", 7, "2026-10-12"),
        ("2026-09-30 08:00", 3, "2026-10-10"),
        ("2026-04-30 17:31", 3, "2026-05-08"),
    ],
)
def test_working_days_leave_out_the_day_of_receipt_and_end_with_the_last_day(
    received: str, count: int, due_on: str
) -> None:
    found = due(received, count, WORKING)
    assert found.due_on == date.fromisoformat(due_on)
    assert found.late_from == at(due_on) + timedelta(days=1)


def test_each_day_says_why_it_counts_or_not() -> None:
    found = due("2026-02-13 09:00", 3, WORKING)
    rows = [(f"{d.day:%d}", d.kind, d.standing, d.number) for d in found.days]
    assert rows[:3] == [
        ("13", DayKind.WORKING, DayStanding.START, 0),
        ("14", DayKind.MAKE_UP, DayStanding.COUNTED, 1),
        ("15", DayKind.HOLIDAY, DayStanding.NOT_WORKING, 1),
    ]
    assert rows[-1] == ("25", DayKind.WORKING, DayStanding.COUNTED, 3)
    assert {d.holiday for d in found.days if d.standing is DayStanding.NOT_WORKING} == {"春节"}


def test_working_days_within_a_pause_are_not_counted() -> None:
    found = due("2026-05-11 09:00", 5, WORKING, pauses=[pause("2026-05-13 00:00", "2026-05-16 00:00")])
    assert found.due_on == date(2026, 5, 21)
    assert [d.day.day for d in found.days if d.standing is DayStanding.PAUSED] == [13, 14, 15]
    assert found.days[2].reasons == (TESTING,)


def test_a_day_paused_in_part_counts_unless_the_rule_is_read_the_other_way() -> None:
    partly = [pause("2026-05-13 10:00", "2026-05-15 16:00"), pause("2026-05-15 17:00", "2026-05-15 18:00")]
    strict = due("2026-05-11 09:00", 5, WORKING, pauses=partly)
    lenient = due("2026-05-11 09:00", 5, WORKING, pauses=partly, counting=TOUCHED_DAYS_LEFT_OUT)
    assert (strict.due_on, lenient.due_on) == (date(2026, 5, 19), date(2026, 5, 21))
    an_hour = [pause("2026-05-13 10:00", "2026-05-13 11:00")]
    assert due("2026-05-11 09:00", 5, WORKING, pauses=an_hour).due_on == date(2026, 5, 18)


def test_while_a_pause_lasts_the_end_is_open_unless_it_came_before() -> None:
    running = due("2026-05-11 09:00", 5, WORKING, pauses=[pause("2026-05-13 00:00", None)])
    assert (running.due_on, running.late_from, running.is_running) == (None, None, False)
    ended = due("2026-05-11 09:00", 5, WORKING, pauses=[pause("2026-05-19 00:00", None)])
    assert ended.due_on == date(2026, 5, 18)


def test_the_way_into_an_unpublished_year_is_provisional() -> None:
    assert due("2026-12-25 09:00", 10, WORKING).is_provisional
    assert not due("2026-12-24 09:00", 5, WORKING).is_provisional
    assert not due("2026-12-25 09:00", 30, CALENDAR_DAYS).is_provisional
    assert due("2026-12-25 09:00", 30, CALENDAR_DAYS, ends_on_working_day=True).is_provisional


# Calendar days


@pytest.mark.parametrize(
    ("count", "moves", "due_on"),
    [(30, False, "2026-10-01"), (30, True, "2026-10-08"), (38, True, "2026-10-09"), (39, True, "2026-10-10")],
)
def test_an_end_on_a_day_off_moves_where_the_rule_says_so(count: int, moves: bool, due_on: str) -> None:
    found = due("2026-09-01 09:00", count, CALENDAR_DAYS, ends_on_working_day=moves)
    assert found.due_on == date.fromisoformat(due_on)
    carried = [d for d in found.days if d.standing is DayStanding.CARRIED]
    assert bool(carried) is (found.days[-1].number == count and due_on == "2026-10-08")


# What is refused


@pytest.mark.parametrize(
    ("call", "field", "code"),
    [
        (lambda: due(datetime(2026, 1, 1), 1, HOURS), "received_at", "no_zone"),  # noqa: DTZ001
        (lambda: due("1926-01-01 09:00", 1, HOURS), "received_at", "year_beyond_reason"),
        (lambda: due("2026-01-01 09:00", 0, HOURS), "count", "length"),
        (lambda: due("2026-01-01 09:00", 240_001, HOURS), "count", "length"),
        (lambda: due("2026-01-01 09:00", 10_001, WORKING), "count", "length"),
        (
            lambda: due("2026-01-01 09:00", 1, HOURS, pauses=[pause("2026-01-02", "2026-01-02")]),
            "pauses[0].ends_at",
            "ends_before_it_begins",
        ),
        (
            lambda: due(
                "2026-01-01", 1, HOURS, pauses=[pause("2026-01-02", None)], pause_reasons=frozenset()
            ),
            "pauses[0].reason",
            "pause_not_allowed",
        ),
    ],
)
def test_what_cannot_be_counted_is_refused_by_the_name_of_its_field(call: Any, field: str, code: str) -> None:
    with pytest.raises(CaseFault) as refused:
        call()
    assert (refused.value.field, refused.value.code) == (field, code)


def test_a_pause_that_the_rule_allows_is_taken() -> None:
    rule = frozenset({TESTING})
    found = due("2026-01-05", 1, HOURS, pauses=[pause("2026-01-05", "2026-01-06")], pause_reasons=rule)
    assert found.late_from == at("2026-01-06 01:00")
