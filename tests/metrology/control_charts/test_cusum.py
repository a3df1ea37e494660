"""The cumulative sum."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quanheng.metrology.control_charts.cusum import HIGH, LOW, CusumChart, CusumState, cusum
from quanheng.packs.case_fault import CaseFault

NIST = [
    324.925, 324.675, 324.725, 324.350, 325.350, 325.225, 324.125, 324.525, 325.225, 324.600,
    324.625, 325.150, 328.325, 327.250, 327.825, 328.500, 326.675, 327.775, 326.875, 328.350,
]  # fmt: skip
POINTS = st.one_of(st.floats(-6, 6), st.just(np.nan))
CHARTS = st.builds(
    CusumChart,
    target=st.just(0.25),
    sigma=st.just(1.5),
    reference=st.floats(0, 1),
    decision=st.floats(1, 6),
    restarts=st.booleans(),
    head_start=st.sampled_from([0.0, 0.5]),
)


def test_the_chart_of_nist_6_3_2_3() -> None:
    points = cusum(NIST, CusumChart(325.0, 1.0, reference=0.3175, decision=4.1959))
    high = dict(enumerate(points.high.round(4).tolist(), start=1))
    assert [high[point] for point in (13, 14, 15, 16, 20)] == [3.0075, 4.94, 7.4475, 10.63, 19.035]
    assert round(float(points.low.max()), 4) == 0.715
    assert np.flatnonzero(points.flags).min() == 13  # the 14th point
    assert (points.flags[13:] == HIGH).all()


def test_a_fall_is_found_by_the_lower_sum() -> None:
    points = cusum([-2.0, -2.0, -2.0, -2.0], CusumChart(0.0, 1.0))
    assert points.low.tolist() == [1.5, 3.0, 4.5, 6.0]
    assert points.flags.tolist() == [0, 0, 0, LOW]


def test_a_sum_that_restarts_alarms_once_for_each_climb() -> None:
    points = cusum([2.0] * 8, CusumChart(0.0, 1.0, restarts=True))
    assert points.high.tolist() == [1.5, 3.0, 4.5, 6.0, 1.5, 3.0, 4.5, 6.0]
    assert np.flatnonzero(points.flags).tolist() == [3, 7]


def test_a_head_start_finds_a_shift_at_the_start_sooner() -> None:
    points = cusum([2.0] * 4, CusumChart(0.0, 1.0, restarts=True, head_start=2.5))
    assert points.high.tolist() == [4.0, 5.5, 4.0, 5.5]


def by_recursion(readings: Any, chart: CusumChart) -> tuple[list[float], list[float]]:
    """Return both sums of one channel, one reading after the other."""
    sums = [chart.head_start, chart.head_start]
    seen: tuple[list[float], list[float]] = ([], [])
    for reading in readings:
        point = (reading - 0.25) / 1.5
        for place, side in enumerate((1, -1)):
            if np.isfinite(point):
                sums[place] = max(0.0, sums[place] + side * point - chart.reference)
            seen[place].append(sums[place])
            if chart.restarts and sums[place] > chart.decision:
                sums[place] = chart.head_start
    return seen


@settings(max_examples=200)
@given(st.lists(POINTS, max_size=80), CHARTS)
def test_the_sums_are_those_of_the_recursion(readings: list[float], chart: CusumChart) -> None:
    points = cusum(readings, chart)
    high, low = by_recursion(readings, chart)
    if min((abs(value - chart.decision) for value in high + low), default=1) > 1e-6:
        assert points.high.tolist() == pytest.approx(high, abs=1e-7)
        assert points.low.tolist() == pytest.approx(low, abs=1e-7)


@settings(max_examples=200)
@given(
    st.integers(1, 4),
    st.lists(POINTS, max_size=200),
    st.lists(st.integers(0, 60), max_size=5),
    CHARTS,
)
def test_every_cut_into_batches_gives_the_same_sums_to_the_last_digit(
    channels: int, readings: list[float], cuts: list[int], chart: CusumChart
) -> None:
    length = len(readings) // channels
    rows = np.array(readings[: channels * length]).reshape(channels, length)
    whole = cusum(rows, chart)
    state = CusumState.start(channels, chart)
    flags, high = [], []
    for piece in np.split(rows, sorted(cuts), axis=1):
        points = cusum(piece, chart, state)
        state = CusumState.from_data(json.loads(json.dumps(points.state.as_data())))
        flags.append(points.flags)
        high.append(points.high)
    assert (np.concatenate(flags, axis=1) == whole.flags).all()
    assert (np.concatenate(high, axis=1) == whole.high).all()
    assert state.as_data() == whole.state.as_data()


@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize("shape", [(1, 70_000), (40_000, 2)])
def test_blocks_of_the_cache_leave_no_seam(shape: tuple[int, int], restarts: bool) -> None:
    readings = np.random.default_rng(3).normal(size=shape)
    chart = CusumChart(0.0, 1.0, restarts=restarts)
    whole = cusum(readings, chart)
    state = CusumState.start(2, chart)
    some = [0, shape[0] - 1]
    for start in range(0, shape[1], 999):
        points = cusum(readings[some, start : start + 999], chart, state)
        state = points.state
        assert (points.low == whole.low[some, start : start + 999]).all()
        assert (points.flags == whole.flags[some, start : start + 999]).all()


def test_alarms_in_many_channels_at_once_are_those_of_each_by_itself() -> None:
    readings = np.random.default_rng(9).normal(1.0, 1.0, size=(60, 700))
    chart = CusumChart(0.0, 1.0, restarts=True, head_start=2.5)
    together = cusum(readings, chart)
    assert (together.flags != 0).sum() > 1000
    for row in range(60):
        alone = cusum(readings[row], chart)
        assert (alone.high == together.high[row]).all()
        assert (alone.flags == together.flags[row]).all()


def test_an_absurd_reading_alarms_but_does_not_overflow() -> None:
    chart = CusumChart(0.0, 1e-9)
    points = cusum(np.full((1, 10), 1e308), chart)
    assert points.high[0, -1] == pytest.approx(10 * 1023.5)
    saturated = CusumState(np.array([2**60]), np.array([0]))
    assert cusum(np.full((1, 3), 1e308), chart, saturated).state.high[0] == 2**60


def test_an_infinite_reading_is_missing() -> None:
    points = cusum([2.0, np.inf, -np.inf, np.nan, 2.0], CusumChart(0.0, 1.0))
    assert points.high.tolist() == [1.5, 1.5, 1.5, 1.5, 3.0]


@pytest.mark.parametrize(
    ("chart", "field"),
    [
        (CusumChart(0.0, 0.0), "limits.sigma"),
        (CusumChart(0.0, [1.0, -1.0]), "limits.sigma"),
        (CusumChart(0.0, 1.0, reference=-1), "cusum.reference"),
        (CusumChart(0.0, 1.0, decision=0), "cusum.decision"),
        (CusumChart(0.0, 1.0, decision=float("nan")), "cusum.decision"),
        (CusumChart(0.0, 1.0, head_start=6), "cusum.head_start"),
        (CusumChart([0.0, 1.0], 1.0), "limits.centre"),
    ],
)
def test_a_chart_that_cannot_be_drawn_is_refused(chart: CusumChart, field: str) -> None:
    with pytest.raises(CaseFault) as refused:
        cusum([1.0], chart, CusumState.start(1, chart))
    assert refused.value.field == field


def test_the_state_of_other_channels_is_refused() -> None:
    chart = CusumChart(0.0, 1.0)
    with pytest.raises(CaseFault, match="3 个通道"):
        cusum([1.0], chart, CusumState.start(3, chart))
