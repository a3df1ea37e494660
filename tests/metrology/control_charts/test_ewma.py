"""The exponentially weighted moving average."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quanheng.metrology.control_charts.ewma import HIGH, LOW, EwmaChart, EwmaState, ewma
from quanheng.packs.case_fault import CaseFault

NIST = [
    52.0, 47.0, 53.0, 49.3, 50.1, 47.0, 51.0, 50.1, 51.2, 50.5,
    49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1,
]  # fmt: skip
PUBLISHED = [
    50.60, 49.52, 50.56, 50.18, 50.16, 49.21, 49.75, 49.85, 50.26, 50.33,
    50.11, 49.36, 49.52, 50.05, 49.38, 49.92, 50.73, 51.23, 51.94, 51.99,
]  # fmt: skip
POINTS = st.one_of(st.floats(-6, 6), st.just(np.nan))
CHARTS = st.builds(
    EwmaChart,
    target=st.just(0.25),
    sigma=st.just(1.5),
    weight=st.sampled_from([0.001, 0.1, 0.3, 1.0]),
    width=st.floats(0.2, 4),
    is_exact=st.booleans(),
)


def test_the_chart_of_nist_6_3_2_4() -> None:
    points = ewma(NIST, EwmaChart(50.0, 2.0539, weight=0.3, is_exact=False))
    assert points.average.round(2).tolist() == PUBLISHED
    assert 50 + points.half_width[0] == pytest.approx(52.5884, abs=5e-5)
    assert 50 - points.half_width[0] == pytest.approx(47.4115, abs=1e-4)  # printed truncated
    assert not points.flags.any()


def test_exact_limits_widen_towards_those_of_the_long_run() -> None:
    chart = EwmaChart(0.0, 1.0, weight=0.25, width=3.0)
    half_width = ewma(np.zeros(200), chart).half_width
    expected = [3 * np.sqrt(0.25 / 1.75 * (1 - 0.75 ** (2 * i))) for i in range(1, 201)]
    assert half_width.tolist() == pytest.approx(expected, rel=1e-14)
    assert half_width[0] == pytest.approx(0.75)
    long_run = ewma([0.0], EwmaChart(0.0, 1.0, weight=0.25, is_exact=False)).half_width[0]
    assert half_width[-1] == long_run


def test_a_weight_of_one_is_the_chart_of_individuals() -> None:
    points = ewma([3.5, 0.0, -3.5], EwmaChart(0.0, 1.0, weight=1.0))
    assert points.flags.tolist() == [HIGH, 0, LOW]
    assert points.half_width.tolist() == [3.0, 3.0, 3.0]


@settings(max_examples=200)
@given(st.lists(POINTS, max_size=60), CHARTS)
def test_the_average_is_that_of_the_recursion(readings: list[float], chart: EwmaChart) -> None:
    points = ewma(readings, chart)
    average, expected = 0.25, []
    for reading in readings:
        if np.isfinite(reading):
            average = chart.weight * reading + (1 - chart.weight) * average
        expected.append(average)
    assert points.average.tolist() == pytest.approx(expected)
    assert not points.flags[~np.isfinite(readings)].any() if readings else True


@settings(max_examples=200)
@given(
    st.integers(1, 4),
    st.lists(POINTS, max_size=200),
    st.lists(st.integers(0, 60), max_size=5),
    CHARTS,
)
def test_every_cut_into_batches_gives_the_same_flags(
    channels: int, readings: list[float], cuts: list[int], chart: EwmaChart
) -> None:
    length = len(readings) // channels
    rows = np.array(readings[: channels * length]).reshape(channels, length)
    whole = ewma(rows, chart)
    state = EwmaState.start(channels, chart)
    flags, averages = [], []
    for piece in np.split(rows, sorted(cuts), axis=1):
        points = ewma(piece, chart, state)
        state = EwmaState.from_data(json.loads(json.dumps(points.state.as_data())))
        flags.append(points.flags)
        averages.append(points.average)
    assert (np.concatenate(flags, axis=1) == whole.flags).all()
    assert (np.concatenate(averages, axis=1) == whole.average).all()
    assert state.as_data() == whole.state.as_data()


def test_a_missing_reading_leaves_the_average_and_is_not_flagged() -> None:
    points = ewma([9.0, np.nan, np.inf, 9.0], EwmaChart(0.0, 1.0, weight=0.5))
    assert points.average.tolist() == [4.5, 4.5, 4.5, 6.75]
    assert points.flags.tolist() == [HIGH, 0, 0, HIGH]
    assert points.state.count.tolist() == [2]


@pytest.mark.parametrize(
    ("chart", "field"),
    [
        (EwmaChart(0.0, 0.0), "limits.sigma"),
        (EwmaChart(0.0, 1.0, weight=0.0), "ewma.weight"),
        (EwmaChart(0.0, 1.0, weight=1.1), "ewma.weight"),
        (EwmaChart(0.0, 1.0, width=0.0), "ewma.width"),
        (EwmaChart(0.0, 1.0, width=float("inf")), "ewma.width"),
        (EwmaChart(0.0, [1.0, 2.0, 3.0]), "limits.sigma"),
    ],
)
def test_a_chart_that_cannot_be_drawn_is_refused(chart: EwmaChart, field: str) -> None:
    with pytest.raises(CaseFault) as refused:
        ewma([1.0], chart)
    assert refused.value.field == field


def test_the_state_of_other_channels_is_refused() -> None:
    chart = EwmaChart(0.0, 1.0)
    with pytest.raises(CaseFault, match="3 个通道"):
        ewma([1.0], chart, EwmaState.start(3, chart))
