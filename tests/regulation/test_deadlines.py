"""When a step is due: hours, working days, calendar days, pauses and extensions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import NoRuleInForce
from quanheng.packs.shipped import shipped
from quanheng.regulation.deadline_rules import (
    Counting,
    Duration,
    DurationUnit,
    counting_of,
    duration_of,
    procedures,
)
from quanheng.regulation.deadlines import DayStanding, Deadline, Extension, deadline
from quanheng.regulation.pauses import Pause, PauseReason
from quanheng.regulation.workdays import DayKind, calendar_of

PACKS = shipped()
CALENDAR = calendar_of(PACKS)
COUNTING = counting_of(PACKS, date(2026, 1, 1))
TOUCHED_DAYS_LEFT_OUT = Counting(COUNTING.utc_offset, False, COUNTING.citation)
CHINA = timezone(timedelta(hours=8))
HOURS, WORKING, CALENDAR_DAYS = DurationUnit.HOURS, DurationUnit.WORKING_DAYS, DurationUnit.CALENDAR_DAYS
TESTING = PauseReason.TESTING
NOON_TO_THREE = ("2026-03-02 12:00", "2026-03-02 15:00")


def at(text: str) -> datetime:
    """Read ``"2026-02-13 09:30"`` as clocks in China show it."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def pause(first: str, until: str | None, reason: PauseReason = TESTING) -> Pause:
    return Pause(reason, at(first), None if until is None else at(until))


def due(
    received: str | datetime,
    count: int,
    unit: DurationUnit,
    *,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
    counting: Counting = COUNTING,
    **rule: Any,
) -> Deadline:
    start = at(received) if isinstance(received, str) else received
    return deadline(
        start, Duration(count, unit, **rule), counting, CALENDAR, pauses=pauses, extensions=extensions
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


# Extensions


def test_extensions_add_up_in_turn() -> None:
    extensions = [
        Extension(30, at("2026-05-20 10:00")),
        Extension(200, at("2026-06-25 10:00")),
    ]
    rule = duration_of(PACKS, "case", "decision", date(2026, 3, 2))
    found = deadline(at("2026-03-02 09:00"), rule, COUNTING, CALENDAR, extensions=extensions)
    assert found.count == 320
    assert found.due_on == date(2027, 1, 18)  # 16 January 2027 is a Saturday
    assert found.is_provisional


@pytest.mark.parametrize(
    ("extensions", "field", "code"),
    [
        ([(31, "2026-05-20 10:00")], "extensions[0].count", "extension_too_long"),
        ([(30, "2026-06-02 00:00")], "extensions[0].granted_at", "granted_too_late"),
        ([(0, "2026-05-20 10:00")], "extensions[0].count", "length"),
        ([(30, "1026-05-20 10:00")], "extensions[0].granted_at", "year_beyond_reason"),
        (
            [(30, "2026-05-20 10:00"), (9_999, "2026-05-20 10:00")],
            "extensions[1].count",
            "length",
        ),
        (
            [(30, "2026-05-20 10:00"), (1, "2026-05-20 10:00"), (1, "2026-05-20 10:00")],
            "extensions[2]",
            "no_more_extensions",
        ),
    ],
)
def test_an_extension_keeps_to_the_rule(extensions: list[tuple[int, str]], field: str, code: str) -> None:
    rule = duration_of(PACKS, "case", "decision", date(2026, 3, 2))
    granted = [Extension(count, at(when)) for count, when in extensions]
    with pytest.raises(CaseFault) as refused:
        deadline(at("2026-03-02 09:00"), rule, COUNTING, CALENDAR, extensions=granted)
    assert (refused.value.field, refused.value.code) == (field, code)


# Rules of the day of receipt


@pytest.mark.parametrize(
    ("received_on", "edition"),
    [("2026-04-14", "总局令第20号（2019）"), ("2026-04-15", "总局令第121号（2025）")],
)
def test_the_edition_in_force_on_the_day_of_receipt_governs(received_on: str, edition: str) -> None:
    rule = duration_of(PACKS, "complaint", "acceptance", date.fromisoformat(received_on))
    assert rule.citation is not None
    assert (rule.citation.edition, rule.citation.is_verified) == (edition, False)
    found = deadline(at(received_on), rule, COUNTING, CALENDAR)
    assert [citation.rule for citation in found.citations] == [
        "deadlines/complaint",
        "deadline-counting",
        "work-calendar",
    ]


@pytest.mark.parametrize(
    ("procedure", "step", "count", "unit"),
    [
        ("service-promise", "assignment", 24, HOURS),
        ("service-promise", "opinion", 3, WORKING),
        ("complaint", "acceptance", 7, WORKING),
        ("complaint", "mediation", 45, WORKING),
        ("case", "filing", 15, WORKING),
        ("case", "decision", 90, CALENDAR_DAYS),
        ("seizure", "seizure", 30, CALENDAR_DAYS),
        ("arbitration", "second_arbitration", 15, CALENDAR_DAYS),
    ],
)
def test_the_steps_have_the_lengths_of_the_texts(
    procedure: str, step: str, count: int, unit: DurationUnit
) -> None:
    rule = duration_of(PACKS, procedure, step, date(2026, 6, 1))
    assert (rule.count, rule.unit) == (count, unit)
    assert rule.title
    assert rule.starts_with


@pytest.mark.parametrize("procedure", procedures(PACKS))
def test_every_shipped_step_can_be_computed(procedure: str) -> None:
    pack = PACKS.in_force(f"deadlines/{procedure}", date(2026, 6, 1))
    for step in pack.tables:
        rule = duration_of(PACKS, procedure, step, date(2026, 6, 1))
        assert deadline(at("2026-06-01 09:00"), rule, COUNTING, CALENDAR).is_running


@pytest.mark.parametrize(("procedure", "step"), [("complaints", "acceptance"), ("complaint", "accept")])
def test_a_name_that_nobody_knows_is_refused_with_those_that_there_are(procedure: str, step: str) -> None:
    with pytest.raises(CaseFault, match=r"可用的有：.*(complaint|acceptance)"):
        duration_of(PACKS, procedure, step, date(2026, 6, 1))


def test_before_the_first_edition_there_is_no_rule() -> None:
    with pytest.raises(NoRuleInForce):
        duration_of(PACKS, "complaint", "acceptance", date(2001, 6, 1))


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


# Arithmetic

INSTANTS = st.datetimes(
    datetime(2025, 1, 1),  # noqa: DTZ001 -- the strategy adds the zone
    datetime(2027, 12, 31),  # noqa: DTZ001
    timezones=st.just(CHINA),
)
UNITS = st.sampled_from(DurationUnit)
COUNTS = st.integers(1, 300)
PAUSES = st.lists(
    st.builds(
        lambda reason, start, hours: Pause(reason, start, start + timedelta(hours=hours)),
        st.sampled_from(PauseReason),
        INSTANTS,
        st.integers(1, 2000),
    ),
    max_size=4,
)
COUNTINGS = st.sampled_from([COUNTING, TOUCHED_DAYS_LEFT_OUT])


def end(found: Deadline) -> datetime:
    assert found.late_from is not None
    return found.late_from


@given(INSTANTS, INSTANTS, COUNTS, UNITS, PAUSES, COUNTINGS)
def test_whoever_starts_later_is_never_due_earlier(
    one: datetime, other: datetime, count: int, unit: DurationUnit, pauses: list[Pause], counting: Counting
) -> None:
    earlier, later = sorted((one, other))
    assert end(due(earlier, count, unit, pauses=pauses, counting=counting)) <= end(
        due(later, count, unit, pauses=pauses, counting=counting)
    )


@given(INSTANTS, COUNTS, COUNTS, UNITS, PAUSES, st.booleans())
def test_a_longer_time_never_ends_earlier_and_an_extension_is_a_longer_time(
    start: datetime, count: int, more: int, unit: DurationUnit, pauses: list[Pause], moves: bool
) -> None:
    shorter = due(start, count, unit, pauses=pauses, ends_on_working_day=moves)
    longer = due(start, count + more, unit, pauses=pauses, ends_on_working_day=moves)
    extended = due(
        start, count, unit, pauses=pauses, extensions=[Extension(more, start)], ends_on_working_day=moves
    )
    assert end(shorter) <= end(longer)
    assert extended == longer


@given(INSTANTS, COUNTS, UNITS, PAUSES, COUNTINGS)
def test_a_pause_never_shortens_and_never_adds_more_than_itself(
    start: datetime, count: int, unit: DurationUnit, pauses: list[Pause], counting: Counting
) -> None:
    without, with_all = due(start, count, unit), due(start, count, unit, pauses=pauses, counting=counting)
    assert end(without) <= end(with_all)
    if unit is HOURS:
        length = sum((p.ends_at - p.starts_at for p in pauses if p.ends_at), timedelta())
        assert end(with_all) <= end(without) + length


@given(INSTANTS, COUNTS, UNITS, PAUSES, st.randoms(use_true_random=False))
def test_neither_the_order_nor_the_cut_of_pauses_matters(
    start: datetime, count: int, unit: DurationUnit, pauses: list[Pause], shuffle: Any
) -> None:
    cut = []
    for each in pauses:
        assert each.ends_at is not None
        middle = each.starts_at + (each.ends_at - each.starts_at) / 2
        cut += [Pause(each.reason, each.starts_at, middle), Pause(each.reason, middle, each.ends_at)]
    shuffle.shuffle(cut)
    assert end(due(start, count, unit, pauses=cut)) == end(due(start, count, unit, pauses=pauses))


@given(INSTANTS, COUNTS, st.sampled_from([WORKING, CALENDAR_DAYS]), PAUSES, COUNTINGS)
def test_the_days_tell_the_whole_way(
    start: datetime, count: int, unit: DurationUnit, pauses: list[Pause], counting: Counting
) -> None:
    found = due(start, count, unit, pauses=pauses, counting=counting)
    assert all(b.day - a.day == timedelta(days=1) for a, b in pairwise(found.days))
    assert found.days[0].day == start.date()
    assert sum(d.standing is DayStanding.COUNTED for d in found.days) == count == found.days[-1].number


@given(INSTANTS, COUNTS, PAUSES)
def test_the_stretches_tell_the_whole_way(start: datetime, count: int, pauses: list[Pause]) -> None:
    found = due(start, count, HOURS, pauses=pauses)
    assert found.times[0].starts_at == start
    assert all(a.ends_at == b.starts_at for a, b in pairwise(found.times))
    counted = [t.ends_at - t.starts_at for t in found.times if t.is_counted and t.ends_at]
    assert sum(counted, timedelta()) == timedelta(hours=count)
