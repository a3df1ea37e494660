"""Repeatability and reproducibility: the example of AIAG MSA."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.metrology.control_charts.gauge_rr import (
    gauge_by_range,
    gauge_by_variance,
    read_gauge_constants,
)
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.shipped import shipped

CONSTANTS = read_gauge_constants(shipped().in_force("control-chart/gauge", date(2026, 6, 1)))
TEXT = [
    ".29 .41 .64|-.56 -.68 -.58|1.34 1.17 1.27|.47 .50 .64|-.80 -.92 -.84|"
    ".02 -.11 -.21|.59 .75 .66|-.31 -.20 -.17|2.26 1.99 2.01|-1.36 -1.25 -1.31",
    ".08 .25 .07|-.47 -1.22 -.68|1.19 .94 1.34|.01 1.03 .20|-.56 -1.20 -1.28|"
    "-.20 .22 .06|.47 .55 .83|-.63 .08 -.34|1.80 2.12 2.19|-1.68 -1.62 -1.50",
    ".04 -.11 -.15|-1.38 -1.13 -.96|.88 1.09 .67|.14 .20 .11|-1.46 -1.07 -1.45|"
    "-.29 -.67 -.49|.02 .01 .21|-.46 -.56 -.49|1.77 1.45 1.87|-1.49 -1.77 -2.16",
]
AIAG = np.array([[[float(x) for x in part.split()] for part in row.split("|")] for row in TEXT])


def test_the_range_method_of_aiag() -> None:
    found = gauge_by_range(AIAG, CONSTANTS)
    study = found.study
    assert round(found.mean_range, 6) == 0.341667
    assert round(found.operator_range, 6) == 0.444667
    assert round(found.part_range, 6) == 3.511111
    published = [0.20187, 0.22967, 0.30577, 1.10460, 1.14613]
    deviations = [study.repeatability, study.reproducibility, study.gauge, study.parts, study.total]
    # K3 and K2 are printed with four digits, hence one in the last digit
    assert deviations == pytest.approx(published, abs=1.5e-5)
    percentages = [study.percent(deviation) for deviation in deviations[:4]]
    assert [round(percentage, 2) for percentage in percentages] == [17.61, 20.04, 26.68, 96.38]
    assert round(study.categories, 2) == 5.09
    assert int(study.categories) == 5


def test_the_analysis_of_variance_of_aiag() -> None:
    """AIAG MSA, 4th edition, tables III-B 7 and 8."""
    found = gauge_by_variance(AIAG, CONSTANTS)
    sources = found.sources
    assert found.is_pooled
    assert {name: source.freedom for name, source in sources.items()} == {
        "part": 9, "operator": 2, "interaction": 18, "repeatability": 60, "pooled": 78,
    }  # fmt: skip
    assert round(sources["part"].squares, 4) == 88.3619
    assert round(sources["operator"].squares, 4) == 3.1673
    assert round(sources["interaction"].squares, 4) == 0.3590
    assert round(sources["repeatability"].squares, 4) == 2.7589
    assert sources["interaction"].f == pytest.approx(0.434, abs=5e-4)
    assert sources["interaction"].p == pytest.approx(0.974, abs=5e-4)
    study = found.study
    assert round(study.repeatability, 6) == 0.199933
    assert round(study.reproducibility, 6) == 0.226838
    assert study.gauge == pytest.approx(0.302373, abs=1.5e-6)  # printed from rounded parts
    assert round(study.parts, 6) == 1.042327
    assert [round(study.percent(x), 1) for x in (study.repeatability, study.gauge, study.parts)] == [
        18.4, 27.9, 96.0,
    ]  # fmt: skip


def test_without_pooling_the_interaction_stands_alone() -> None:
    found = gauge_by_variance(AIAG, CONSTANTS, may_pool=False)
    assert not found.is_pooled
    assert "pooled" not in found.sources
    assert found.study.repeatability == pytest.approx(np.sqrt(2.7589 / 60), abs=1e-5)
    assert found.study.interaction == 0.0  # its mean square is below that of the error
    assert found.sources["part"].f == pytest.approx(9.81799 / 0.01994, rel=1e-3)


def test_an_interaction_that_is_there_is_not_pooled() -> None:
    rng = np.random.default_rng(11)
    readings = rng.normal(size=(3, 8, 1)) + rng.normal(size=(3, 8, 3)) * 0.1 + np.arange(8)[None, :, None]
    found = gauge_by_variance(readings, CONSTANTS)
    assert not found.is_pooled
    assert found.study.interaction > 0.5
    assert found.study.reproducibility >= found.study.interaction


def test_operators_without_any_difference_have_no_variance_between_them() -> None:
    readings = np.stack([AIAG[0], AIAG[0]])
    assert gauge_by_range(readings, CONSTANTS).study.reproducibility == 0.0
    assert gauge_by_variance(readings, CONSTANTS).study.reproducibility == 0.0


def test_a_gauge_without_any_variation_tells_everything_apart() -> None:
    readings = np.broadcast_to(np.arange(3.0)[None, :, None], (2, 3, 2))
    assert gauge_by_range(readings, CONSTANTS).study.categories == float("inf")
    with pytest.raises(CaseFault, match="完全相同"):
        gauge_by_variance(readings, CONSTANTS)


def test_an_interaction_of_exactly_zero_leaves_f_unbounded() -> None:
    """Parts and operators add up exactly; only the trials differ, and alike in every cell."""
    cell = np.array([1.0, -1.0])
    readings = np.arange(2.0)[:, None, None] * 4 + np.arange(3.0)[None, :, None] * 8 + cell
    found = gauge_by_variance(readings, CONSTANTS, may_pool=False)
    assert found.sources["part"].f == float("inf")
    assert found.sources["part"].p == 0.0


@given(st.floats(0.01, 100), st.floats(-100, 100), st.permutations(range(10)))
def test_unit_origin_and_order_do_not_matter(unit: float, origin: float, order: list[int]) -> None:
    plain = gauge_by_variance(AIAG, CONSTANTS).study
    other = gauge_by_variance(AIAG[:, order] * unit + origin, CONSTANTS).study
    assert other.percent(other.gauge) == pytest.approx(plain.percent(plain.gauge), rel=1e-6)
    assert other.gauge == pytest.approx(plain.gauge * unit, rel=1e-6)
    ranges = gauge_by_range(AIAG[:, order] * unit + origin, CONSTANTS)
    assert ranges.study.gauge == pytest.approx(gauge_by_range(AIAG, CONSTANTS).study.gauge * unit, rel=1e-6)


@pytest.mark.parametrize(
    ("readings", "field", "code"),
    [
        ([[1.0, 2.0]], "readings", "wrong_shape"),
        ([[[1.0, 2.0], [1.0]], [[1.0, 2.0], [1.0, 2.0]]], "readings", "wrong_shape"),
        ([[[1.0], [2.0]], [[1.0], [2.0]]], "readings", "wrong_shape"),
        ([[[1.0, np.nan], [2.0, 2.0]], [[1.0, 1.0], [2.0, 2.0]]], "readings", "missing_reading"),
        (np.zeros((2, 3, 4)), "readings.trials", "unknown_size"),
        (np.zeros((4, 3, 2)), "readings.operators", "unknown_size"),
        (np.zeros((2, 11, 2)), "readings.parts", "unknown_size"),
    ],
)
def test_a_study_that_is_none_is_refused(readings: object, field: str, code: str) -> None:
    with pytest.raises(CaseFault) as refused:
        gauge_by_range(readings, CONSTANTS)  # type: ignore[arg-type]
    assert (refused.value.field, refused.value.code) == (field, code)
