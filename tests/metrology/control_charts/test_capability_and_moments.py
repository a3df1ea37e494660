"""Capability of a process; mean and variance of a stream."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.metrology.control_charts.capability import capability, overall_sigma
from quanheng.metrology.control_charts.moments import Moments
from quanheng.packs.case_fault import CaseFault

VALUES = st.lists(st.one_of(st.floats(-1e6, 1e6), st.just(np.nan)), max_size=30)


def test_capability_of_nist_6_1_6() -> None:
    found = capability(mean=16, sigma=2, lower=8, upper=20)
    assert found.two_sided == 1.0
    assert round(found.worst, 4) == 0.6667


def test_one_limit_has_no_two_sided_index() -> None:
    assert capability(16, 2, None, 20).two_sided is None
    assert capability(16, 2, None, 20).worst == pytest.approx(2 / 3)
    assert capability(16, 2, 8, None).worst == pytest.approx(4 / 3)


@given(st.floats(-10, 10), st.floats(0.1, 10), st.floats(0.5, 50))
def test_the_worst_side_is_never_better_than_both(mean: float, sigma: float, half_width: float) -> None:
    found = capability(mean, sigma, -half_width, half_width)
    assert found.two_sided is not None
    assert found.worst <= found.two_sided + 1e-12
    centred = capability(0, sigma, -half_width, half_width)
    assert centred.worst == pytest.approx(centred.two_sided)


@pytest.mark.parametrize(
    ("sigma", "lower", "upper", "field"),
    [(1.0, None, None, "specification"), (1.0, 3.0, 3.0, "specification.upper"), (0.0, 1.0, 3.0, "sigma")],
)
def test_a_specification_that_is_none_is_refused(
    sigma: float, lower: float | None, upper: float | None, field: str
) -> None:
    with pytest.raises(CaseFault) as refused:
        capability(0.0, sigma, lower, upper)
    assert refused.value.field == field


def test_the_overall_deviation_leaves_missing_readings_out() -> None:
    assert overall_sigma([1.0, np.nan, 3.0, np.inf]) == pytest.approx(np.sqrt(2))
    with pytest.raises(CaseFault, match="两个有效读数"):
        overall_sigma([1.0, np.nan])


@given(VALUES, VALUES)
def test_moments_of_two_batches_are_those_of_both(one: list[float], other: list[float]) -> None:
    joined = Moments.of([one]).and_then(Moments.of([other]))
    values = np.array(one + other)
    present = values[np.isfinite(values)]
    assert joined.count.tolist() == [len(present)]
    if len(present):
        assert joined.mean[0] == pytest.approx(present.mean(), abs=1e-6)
    if len(present) > 1:
        assert joined.variance[0] == pytest.approx(present.var(ddof=1), rel=1e-9, abs=1e-6)
    else:
        assert np.isnan(joined.variance[0])
    again = Moments.from_data(json.loads(json.dumps(joined.as_data())))
    assert again.squares.tolist() == joined.squares.tolist()


def test_a_small_spread_far_from_zero_is_not_lost() -> None:
    """The sum of squares less n times the squared mean would give 0 here, or less."""
    batches = [1e9 + np.array([4.0, 7.0]), 1e9 + np.array([13.0, 16.0])]
    moments = Moments.start(1)
    for batch in batches:
        moments = moments.and_then(Moments.of(batch))
    assert moments.variance.tolist() == [30.0]
