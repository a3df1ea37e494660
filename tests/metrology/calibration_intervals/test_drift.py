"""How long a drifting value keeps to its limits: the printed example, and what cannot be told."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from quanheng.metrology.calibration_intervals.drift import (
    Drift,
    Limits,
    fit_drift,
    until_limits,
    until_uncertain,
)
from quanheng.packs.case_fault import CaseFault

# NASA-HDBK-8739.19-5 (2010), table 7-2: days since the calibration before, and the change seen.
DAYS = [70.0, 86.0, 104.0, 135.0, 167.0, 173.0]
CHANGES = [0.1, 0.11, 0.251, 0.299, 0.403, 0.615]
NASA = fit_drift(DAYS, CHANGES, 2)
STEADY = fit_drift([100, 200, 300], [0.0, 0.0, 0.0])


def test_the_fit_of_the_nasa_handbook() -> None:
    """Table 7-3."""
    assert NASA.coefficients == pytest.approx([0.00015741, 0.00001674], abs=5e-9)
    assert NASA.covariance[0, 0] == pytest.approx(0.00000101, abs=5e-9)
    assert NASA.covariance[1, 1] == pytest.approx(4.549e-11, abs=5e-15)
    assert NASA.covariance[0, 1] == pytest.approx(-6.607e-9, abs=5e-13)
    assert round(NASA.scatter, 4) == 0.0708
    assert NASA.degrees_of_freedom == 4


def test_the_intervals_of_the_nasa_handbook() -> None:
    """Tables 7-4, 7-5 and 7-7: limits 9 and 11 at 90 %, 11 alone, and an uncertainty of 0.5."""
    both = until_limits(NASA, 10.03, 0.28, Limits(9, 11), 0.9)
    upper = until_limits(NASA, 10.03, 0.28, Limits(None, 11), 0.9)
    uncertain = until_uncertain(NASA, 0.28, 0.5)
    assert both is not None
    assert upper is not None
    assert uncertain is not None
    assert (round(both, 1), round(upper, 2), round(uncertain, 2)) == (140.1, 171.75, 327.15)
    assert round(10.03 + NASA.value(both), 2) == 10.38  # table 7-4
    assert round(10.03 + NASA.value(uncertain), 2) == 11.87  # table 7-7


def test_a_value_too_near_its_limit_at_the_start_has_no_interval() -> None:
    """The handbook's table 7-6 prints 153.04 days: there the lower line comes back over the limit."""
    assert until_limits(NASA, 9.03, 0.28, Limits(9, None), 0.9) == 0.0
    assert until_uncertain(NASA, 0.28, 0.2) == 0.0


def test_the_fit_is_that_of_ordinary_least_squares() -> None:
    found = np.linalg.lstsq(np.array(DAYS)[:, None] ** [1, 2], np.array(CHANGES), rcond=None)[0]
    assert NASA.coefficients == pytest.approx(found)


def test_at_the_end_the_probability_of_being_within_is_what_was_asked_for() -> None:
    end = until_limits(NASA, 10.03, 0.28, Limits(None, 11), 0.9)
    assert end is not None
    t = (11 - 10.03 - NASA.value(end)) / NASA.uncertainty(end, 0.28)
    assert stats.t.cdf(t, 4) == pytest.approx(0.9)


def test_a_value_that_does_not_drift_keeps_to_its_limits_as_far_as_can_be_seen() -> None:
    assert until_limits(STEADY, 0.0, 0.1, Limits(-1, 1), 0.95) is None
    assert until_uncertain(STEADY, 0.1, 0.5) is None
    assert STEADY.horizon == 900


@settings(max_examples=30)
@given(st.floats(0.01, 0.1), st.floats(0.001, 0.05), st.integers(0, 2**32 - 1))
def test_downwards_it_is_as_long_as_upwards_and_a_wider_limit_is_never_shorter(
    slope: float, scatter: float, seed: int
) -> None:
    times = np.linspace(10, 100, 12)
    changes = slope * times + scatter * np.random.default_rng(seed).standard_normal(12)

    def until(drift: Drift, limits: Limits) -> float:
        found = until_limits(drift, 0.0, 0.01, limits, 0.95)
        return drift.horizon if found is None else found

    up, down = fit_drift(times, changes), fit_drift(times, -changes)
    assert until(up, Limits(None, 2)) == pytest.approx(until(down, Limits(-2, None)))
    assert until(up, Limits(None, 2)) <= until(up, Limits(None, 3))
    assert until(up, Limits(-2, 2)) <= until(up, Limits(None, 2))


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: fit_drift([1, 2], [1]), "changes"),
        (lambda: fit_drift([1, 2, float("nan")], [1, 2, 3]), "changes"),
        (lambda: fit_drift([1, 2, 3], [1, 2, 3], 4), "terms"),
        (lambda: fit_drift([1, 2], [1, 2]), "changes"),
        (lambda: fit_drift([0, 2, 3], [1, 2, 3]), "times"),
        (lambda: fit_drift([2, 2, 2, 2], [1, 2, 3, 4], 2), "times"),
        (lambda: until_limits(NASA, 10, 0.1, Limits(None, None), 0.9), "limits"),
        (lambda: until_limits(NASA, 10, 0.1, Limits(11, 9), 0.9), "limits"),
        (lambda: until_limits(NASA, 10, 0.1, Limits(9, 11), 1.0), "probability"),
        (lambda: until_limits(NASA, 10, -0.1, Limits(9, 11), 0.9), "measured"),
        (lambda: until_uncertain(NASA, -0.1, 0.5), "measured"),
        (lambda: until_uncertain(NASA, 0.1, 0.0), "target"),
    ],
)
def test_what_is_no_history_of_changes_is_refused(call: Callable[[], object], field: str) -> None:
    with pytest.raises(CaseFault) as refused:
        call()
    assert refused.value.field == field
