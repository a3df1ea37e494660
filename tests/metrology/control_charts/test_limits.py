"""Limits of Shewhart's charts, and the factors behind them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, special, stats

from quanheng.metrology.control_charts.factors import Factors, read_factors
from quanheng.metrology.control_charts.limits import (
    ControlLimits,
    individuals_chart,
    mean_and_deviation_chart,
    mean_and_range_chart,
)
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.shipped import shipped

TABLE = read_factors(shipped().in_force("control-chart/factors", date(2026, 6, 1)))
FLOW_RATE = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]  # NIST 6.3.2.2
SUBGROUPS = st.lists(
    st.lists(st.floats(-1e3, 1e3).map(lambda x: round(x, 3)), min_size=3, max_size=3), min_size=2, max_size=9
).filter(lambda rows: float(np.ptp(rows, axis=1).max()) > 0.01)


def test_individuals_of_nist_6_3_2_2() -> None:
    charts = individuals_chart(FLOW_RATE, TABLE)
    assert round(charts.level_limits.centre, 2) == 50.81
    assert round(charts.spread_limits.centre, 4) == 1.8778
    assert round(charts.level_limits.upper, 4) == 55.8041
    assert round(charts.level_limits.lower, 4) == 45.8159
    assert round(charts.spread_limits.upper, 4) == round(3.267 * 1.877778, 4)
    assert charts.spread_limits.lower == 0
    assert np.isnan(charts.spread[0])
    assert not charts.level_limits.outside(FLOW_RATE).any()
    assert charts.level_limits.outside([55.81, 45.81, 50.0]).tolist() == [True, True, False]


@pytest.mark.parametrize("factors", TABLE.rows.values(), ids=lambda row: str(row.size))
def test_each_factor_of_the_pack_is_that_of_the_normal_distribution(factors: Factors) -> None:
    n = factors.size
    d2 = integrate.quad(lambda x: 1 - stats.norm.cdf(x) ** n - stats.norm.sf(x) ** n, -10, 10)[0]
    c4 = np.sqrt(2 / (n - 1)) * special.gamma(n / 2) / special.gamma((n - 1) / 2)
    width = 3 * np.sqrt(1 - c4**2) / c4
    assert factors.d2 == pytest.approx(d2, abs=5.1e-4)
    assert factors.c4 == pytest.approx(c4, abs=5.1e-5)
    assert factors.a2 == pytest.approx(3 / (d2 * np.sqrt(n)), abs=5.1e-4)
    assert factors.a3 == pytest.approx(3 / (c4 * np.sqrt(n)), abs=5.1e-4)
    assert factors.lower_deviation == pytest.approx(max(0, 1 - width), abs=5.1e-4)
    assert factors.upper_deviation == pytest.approx(1 + width, abs=5.1e-4)
    assert factors.upper_range == pytest.approx(1 + 3 * factors.d3 / factors.d2, abs=2.1e-3)
    assert factors.lower_range == pytest.approx(max(0, 1 - 3 * factors.d3 / factors.d2), abs=2.1e-3)


def test_the_factors_that_the_standard_prints() -> None:
    rows = [TABLE.of_size(size) for size in (2, 3, 4, 5)]
    assert [row.d2 for row in rows] == [1.128, 1.693, 2.059, 2.326]
    assert [row.a2 for row in rows] == [1.880, 1.023, 0.729, 0.577]
    assert [row.upper_range for row in rows] == [3.267, 2.574, 2.282, 2.114]
    assert [row.lower_range for row in rows] == [0, 0, 0, 0]
    assert rows[3].c4 == 0.9400


def test_means_with_ranges_and_with_deviations() -> None:
    groups = [[1.0, 2, 3, 4, 5], [2.0, 4, 3, 3, 3], [3.0, 3, 3, 5, 6]]
    by_range, by_deviation = mean_and_range_chart(groups, TABLE), mean_and_deviation_chart(groups, TABLE)
    mean, mean_range = np.mean(groups), np.mean([4, 2, 3])
    deviation = np.mean(np.std(groups, axis=1, ddof=1))
    assert by_range.level_limits.upper == pytest.approx(mean + 0.577 * mean_range)
    assert by_range.level_limits.lower == pytest.approx(mean - 0.577 * mean_range)
    assert by_range.spread_limits.upper == pytest.approx(2.114 * mean_range)
    assert by_range.sigma_within == pytest.approx(mean_range / 2.326)
    assert by_deviation.level_limits.upper == pytest.approx(mean + 1.427 * deviation)
    assert by_deviation.spread_limits.upper == pytest.approx(2.089 * deviation)
    assert by_deviation.sigma_within == pytest.approx(deviation / 0.94)
    assert by_deviation.spread_limits.sigma == pytest.approx(deviation / 0.94 * np.sqrt(1 - 0.94**2))


def test_a_missing_reading_takes_its_two_moving_ranges_with_it() -> None:
    charts = individuals_chart([1.0, 2.0, np.nan, 10.0, 12.0, np.inf], TABLE)
    assert charts.spread_limits.centre == 1.5
    assert charts.level_limits.centre == 6.25


@given(SUBGROUPS, st.floats(0.01, 100), st.floats(-100, 100))
def test_limits_follow_the_unit_and_the_origin(rows: list[list[float]], factor: float, shift: float) -> None:
    one = mean_and_range_chart(rows, TABLE).level_limits
    other = mean_and_range_chart(np.array(rows) * factor + shift, TABLE).level_limits
    tolerance = 1e-9 * (abs(shift) + factor * 1e4)
    assert other.upper == pytest.approx(one.upper * factor + shift, abs=tolerance)
    assert other.lower == pytest.approx(one.lower * factor + shift, abs=tolerance)


@given(SUBGROUPS, st.randoms())
def test_the_order_within_and_of_subgroups_does_not_matter(rows: list[list[float]], random: object) -> None:
    one = mean_and_deviation_chart(rows, TABLE).level_limits
    other = mean_and_deviation_chart([row[::-1] for row in rows[::-1]], TABLE).level_limits
    assert other.upper == pytest.approx(one.upper)
    assert other.sigma == pytest.approx(one.sigma)


@pytest.mark.parametrize(
    ("readings", "code"),
    [([1.0], "too_few"), ([1.0, np.nan, 3.0], "too_few"), ([2.0, 2.0, 2.0], "no_spread")],
)
def test_individuals_without_a_spread_are_refused(readings: list[float], code: str) -> None:
    with pytest.raises(CaseFault) as refused:
        individuals_chart(readings, TABLE)
    assert (refused.value.field, refused.value.code) == ("readings", code)


@pytest.mark.parametrize(
    ("groups", "code"),
    [
        ([[1.0, np.nan], [1.0, 2.0]], "missing_reading"),
        ([[]], "missing_reading"),
        ([[[1.0]]], "wrong_shape"),
        ([[1.0], [2.0]], "unknown_subgroup_size"),
        ([[3.0, 3.0], [4.0, 4.0]], "no_spread"),
    ],
)
@pytest.mark.parametrize("chart", [mean_and_range_chart, mean_and_deviation_chart])
def test_subgroups_that_make_no_chart_are_refused(chart: object, groups: object, code: str) -> None:
    with pytest.raises(CaseFault) as refused:
        chart(groups, TABLE)  # type: ignore[operator]
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("centre", "sigma", "field"),
    [(0.0, 0.0, "limits.sigma"), (0.0, -1.0, "limits.sigma"), (np.nan, 1.0, "limits.centre")],
)
def test_given_limits_that_are_none_are_refused(centre: float, sigma: float, field: str) -> None:
    with pytest.raises(CaseFault) as refused:
        ControlLimits.given(centre, sigma)
    assert refused.value.field == field
