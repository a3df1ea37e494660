"""Readings of registers: each fault is found where it is, in every cut into batches."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quanheng.metrology.reading_quality.flags import ReadingFlag, words_of
from quanheng.metrology.reading_quality.readings import Readings, RegisterState
from quanheng.metrology.reading_quality.register_checks import Checked, check_readings
from quanheng.metrology.reading_quality.settings import Meters, frozen_readings, read_quality_rule
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.shipped import shipped

RULE = read_quality_rule(shipped().in_force("control-chart/reading-quality", date(2026, 6, 1)))
QUARTER = 900.0  # seconds
METERS = Meters(
    interval=QUARTER,
    allowed_delay=300.0,
    capacity=100_000.0,
    resolution=0.1,
    nameplate_rate=0.02,  # 18 a quarter of an hour
    typical_rate=0.01,
)


def check(values: Sequence[float], times: Sequence[float] | None = None, **others: Any) -> Checked:
    """Judge a series; each reading received a minute after its time unless told otherwise."""
    time = np.arange(len(values)) * QUARTER if times is None else np.array(times)
    received = others.pop("received", time + 60)
    return check_readings(Readings(time, received, values, **others), METERS, RULE)


def flags_of(checked: Checked) -> list[int]:
    found: list[int] = checked.flags.tolist()
    return found


def test_a_sound_series_has_no_flags_and_its_consumption() -> None:
    checked = check([100.0, 109.0, 118.5, 127.0])
    assert flags_of(checked) == [0, 0, 0, 0]
    assert checked.consumption[1:].tolist() == pytest.approx([9.0, 9.5, 8.5])
    assert np.isnan(checked.consumption[0])


@pytest.mark.parametrize(
    ("before", "after", "flag", "consumption"),
    [
        (99_998.5, 12.3, ReadingFlag.ROLLOVER, 13.8),
        (500.0, 499.9, ReadingFlag.NEGATIVE_STEP, None),
        (500.0, 40.0, ReadingFlag.NEGATIVE_STEP, None),
        (99_998.5, 50.0, ReadingFlag.NEGATIVE_STEP, None),  # more than the nameplate allows
        (90_000.0, 5.0, ReadingFlag.NEGATIVE_STEP, None),  # not over 0.9 of the capacity
        (100.0, 121.6, 0, 21.6),  # 1.2 times the nameplate, and one step of the register
        (100.0, 121.8, ReadingFlag.SPIKE, 21.8),
    ],
)
def test_steps_of_the_register(before: float, after: float, flag: int, consumption: float | None) -> None:
    checked = check([before, after])
    assert flags_of(checked)[1] == flag
    if consumption is None:
        assert np.isnan(checked.consumption[1])
    else:
        assert checked.consumption[1] == pytest.approx(consumption)


@pytest.mark.parametrize(
    ("gap", "flag", "missing"), [(1.5, 0, 0), (1.6, ReadingFlag.MISSING, 1), (5, ReadingFlag.MISSING, 4)]
)
def test_a_gap_over_one_and_a_half_intervals_is_missing(gap: float, flag: int, missing: int) -> None:
    checked = check([100.0, 105.0], [0.0, gap * QUARTER])
    assert flags_of(checked)[1] == flag
    assert checked.missing.tolist() == [0, missing]


def test_the_same_instant_twice_and_an_earlier_one() -> None:
    times = [0.0, 900.0, 900.0, 900.0, 450.0, 1800.0]
    checked = check([100.0, 109.0, 109.0, 110.0, 104.0, 118.0], times)
    assert flags_of(checked) == [
        0,
        0,
        ReadingFlag.REPEATED,
        ReadingFlag.DUPLICATE,
        ReadingFlag.OUT_OF_ORDER,
        0,
    ]
    assert checked.consumption[5] == pytest.approx(9.0)  # against the reading of 900 s


def test_a_reading_without_a_value_is_flagged_and_leaves_a_gap() -> None:
    checked = check([100.0, float("nan"), float("inf"), 127.0])
    assert flags_of(checked) == [0, ReadingFlag.NO_VALUE, ReadingFlag.NO_VALUE, ReadingFlag.MISSING]
    assert checked.missing[3] == 2
    assert checked.consumption[3] == pytest.approx(27.0)


def test_late_readings_and_clocks() -> None:
    time = np.arange(12) * QUARTER
    values = (100 + 9 * np.arange(12)).tolist()
    one_late = np.where(np.arange(12) == 5, time + 301, time + 60)
    assert flags_of(check(values, received=one_late)) == [0] * 5 + [ReadingFlag.LATE] + [0] * 6
    behind = flags_of(check(values, received=time + 400))
    assert behind == [ReadingFlag.LATE] * 7 + [ReadingFlag.LATE | ReadingFlag.CLOCK] * 5
    ahead = flags_of(check(values, received=time - 61))
    assert ahead == [ReadingFlag.CLOCK] * 12


def test_an_instant_of_no_calendar_is_a_fault_of_the_clock_and_nobody_s_base() -> None:
    checked = check([100.0, 109.0, 118.0], [0.0, 1e18, 900.0], received=[0.0, 900.0, 900.0])
    assert flags_of(checked) == [0, ReadingFlag.CLOCK, 0]
    assert checked.consumption[2] == pytest.approx(18.0)


@pytest.mark.parametrize(("seconds_ahead", "is_base"), [(120.0, True), (366 * 86_400.0, False)])
def test_a_clock_a_year_ahead_does_not_make_later_readings_old(seconds_ahead: float, is_base: bool) -> None:
    times = [0.0, 900.0 + seconds_ahead, 1800.0]
    checked = check([100.0, 109.0, 118.0], times, received=[0.0, 900.0, 1800.0])
    assert flags_of(checked)[1] == ReadingFlag.CLOCK
    assert not flags_of(checked)[2] & ReadingFlag.OUT_OF_ORDER
    assert checked.consumption[2] == pytest.approx(9.0 if is_base else 18.0)


def test_a_register_that_stands_still_under_load_is_frozen() -> None:
    """k = ⌈ln 1000 · 0.1/9⌉ = 1, so the least, 2; a typical step of 0.1 gives k = 7."""
    assert flags_of(check([100.0] * 4)) == [0, 0, ReadingFlag.FROZEN, ReadingFlag.FROZEN]
    assert flags_of(check([100.0] * 4, has_load=[1.0, 0.0, 0.0, 1.0])) == [0, 0, 0, 0]
    assert flags_of(check([100.0, 100.0, 109.0, 109.0])) == [0, 0, 0, 0]
    assert frozen_readings(np.array([0.1]), np.array([0.1]), 1e-3).tolist() == [7]


def test_another_meter_is_a_swap_and_its_step_is_not_judged() -> None:
    checked = check([5000.0, 12.0, 21.0], meter=[7.0, 8.0, 8.0])
    assert flags_of(checked) == [0, ReadingFlag.METER_SWAP, 0]
    assert np.isnan(checked.consumption[1])
    assert flags_of(check([5000.0, 12.0], is_swap=[0.0, 1.0])) == [0, ReadingFlag.METER_SWAP]


def test_ten_times_the_usual_four_times_running_is_a_wrong_ratio() -> None:
    steps = np.array([9.0, 9.5, 0.9, 0.91, 0.89, 0.9, 0.9, 9.0])
    values = (100 + np.cumsum(steps)).tolist()
    assert flags_of(check(values)) == [0, 0, 0, 0, 0, ReadingFlag.UNIT_RATIO, ReadingFlag.UNIT_RATIO, 0]


@pytest.mark.parametrize("factor", RULE.ratio_factors)
def test_each_factor_of_the_rule_is_known_by_itself(factor: float) -> None:
    steps = np.full(6, 9.0 * factor * 1.07)
    found = flags_of(check((100 + np.cumsum(steps)).tolist()))
    assert [bool(flag & ReadingFlag.UNIT_RATIO) for flag in found] == [False] * 4 + [True] * 2


def test_twice_the_usual_is_no_ratio() -> None:
    steps = np.full(9, 18.0)
    assert not any(flags_of(check((100 + np.cumsum(steps)).tolist())))


def test_without_a_typical_rate_nothing_is_frozen_and_no_ratio_judged() -> None:
    meters = Meters(QUARTER, 300.0, 1e5, 0.1, 0.02)
    time = np.arange(30) * QUARTER
    checked = check_readings(Readings(time, time, np.full(30, 7.0)), meters, RULE)
    assert not checked.flags.any()


def test_the_words_of_a_mask() -> None:
    assert words_of(ReadingFlag.ROLLOVER | ReadingFlag.LATE) == (
        "迟到：接收时刻晚于允许时限",
        "计度器回零",
    )
    assert len(words_of(sum(ReadingFlag))) == len(ReadingFlag)


STEPS = st.one_of(st.sampled_from([0.0, 0.9, 9.0, 90.0, -5.0, -99_990.0]), st.just(np.nan))
GAPS = st.sampled_from([900.0, 900.0, 0.0, 2000.0, -500.0])
DELAYS = st.sampled_from([10.0, 400.0, -100.0])


@settings(max_examples=200)
@given(
    st.lists(st.tuples(STEPS, GAPS, DELAYS, st.sampled_from([1.0, 2.0]), st.booleans()), max_size=60),
    st.lists(st.integers(0, 60), max_size=5),
    st.integers(1, 3),
)
def test_every_cut_into_batches_gives_the_same_flags(
    readings: list[tuple[float, float, float, float, bool]], cuts: list[int], channels: int
) -> None:
    length = len(readings) // channels
    step, gap, delay, meter, load = (
        np.array([row[item] for row in readings[: length * channels]], dtype=np.float64).reshape(
            channels, length
        )
        for item in range(5)
    )
    time = np.cumsum(gap, axis=1)
    value = np.where(np.isnan(step), np.nan, 99_000 + np.cumsum(np.nan_to_num(step), axis=1))
    grids = {"time": time, "received": time + delay, "value": value, "meter": meter, "has_load": load}
    whole = check_readings(Readings(**grids), METERS, RULE)
    state = RegisterState.start(channels, RULE)
    flags, missing = [], []
    for part in np.split(np.arange(length), sorted(cuts)):
        checked = check_readings(
            Readings(**{name: rows[:, part] for name, rows in grids.items()}), METERS, RULE, state
        )
        state = RegisterState.from_data(json.loads(json.dumps(checked.state.as_data())))
        flags.append(checked.flags)
        missing.append(checked.missing)
    assert (np.concatenate(flags, axis=1) == whole.flags).all()
    assert (np.concatenate(missing, axis=1) == whole.missing).all()
    assert state.as_data() == whole.state.as_data()


def test_channels_with_fewer_readings_are_not_disturbed_by_the_others() -> None:
    time = np.array([[0.0, 900.0, 1800.0], [0.0, np.nan, np.nan]])
    value = np.array([[100.0, 109.0, 118.0], [99_995.0, np.nan, np.nan]])
    first = check_readings(Readings(time, time, value), METERS, RULE)
    assert not first.flags.any()
    after = check_readings(
        Readings([[2700.0], [900.0]], [[2700.0], [900.0]], [[127.0], [4.0]]), METERS, RULE, first.state
    )
    assert after.flags.tolist() == [[0], [ReadingFlag.ROLLOVER]]


@pytest.mark.parametrize(
    ("meters", "field"),
    [
        (Meters(0.0, 300.0, 1e5, 0.1, 0.02), "meters.interval"),
        (Meters(900.0, 300.0, float("nan"), 0.1, 0.02), "meters.capacity"),
        (Meters(900.0, 300.0, 1e5, [0.1, 0.1], 0.02), "meters.resolution"),
    ],
)
def test_a_meter_that_is_not_described_is_refused(meters: Meters, field: str) -> None:
    with pytest.raises(CaseFault) as refused:
        check_readings(Readings([0.0], [0.0], [1.0]), meters, RULE)
    assert refused.value.field == field


def test_items_of_another_shape_are_refused() -> None:
    with pytest.raises(CaseFault) as refused:
        check_readings(Readings([0.0, 1.0], [0.0], [1.0, 2.0]), METERS, RULE)
    assert refused.value.field == "readings.received"
