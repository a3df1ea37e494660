"""What holds for every start, length and pause."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from quanheng.regulation.deadline_rules import Counting, DurationUnit
from quanheng.regulation.deadlines import DayStanding, Deadline, Extension
from quanheng.regulation.pauses import Pause, PauseReason
from tests.regulation.due import (
    CALENDAR_DAYS,
    CHINA,
    COUNTING,
    HOURS,
    TOUCHED_DAYS_LEFT_OUT,
    WORKING,
    due,
)

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
