"""Do points remember each other, and did an error move."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.signal import lfilter

from quanheng.metrology.control_charts.independence import batch_means, drift_between, lag_one_memory
from quanheng.packs.case_fault import CaseFault


def test_the_coefficient_is_that_of_its_definition() -> None:
    """x = 1 2 3 4 5: deviations -2 -1 0 1 2, products 2 + 0 + 0 + 2, squares 10."""
    memory = lag_one_memory([1.0, 2.0, 3.0, 4.0, 5.0])
    assert memory.coefficient == pytest.approx(0.4)
    assert memory.limit == pytest.approx(1.96 / np.sqrt(5))
    assert not memory.is_present
    assert lag_one_memory([1.0, -1.0] * 20).coefficient == pytest.approx(-39 / 40)


def test_a_missing_reading_breaks_its_two_pairs_only() -> None:
    assert lag_one_memory([1.0, 2.0, np.nan, 4.0, 5.0]).coefficient == pytest.approx((2 + 2) / 10)


def test_equal_or_huge_readings_are_no_trouble() -> None:
    assert lag_one_memory([7.0, 7.0, 7.0]).coefficient == 0.0
    assert lag_one_memory([1e300, -1e300, 1e300]).coefficient == pytest.approx(-2 / 3, abs=0.1)


def test_a_process_with_memory_is_noticed_and_its_batch_means_have_less() -> None:
    series = lfilter([1.0], [1.0, -0.8], np.random.default_rng(4).normal(size=4000))
    memory = lag_one_memory(series)
    assert memory.coefficient == pytest.approx(0.8, abs=0.03)
    assert memory.is_present
    assert not lag_one_memory(batch_means(series, 50)[0]).is_present


def test_batch_means_use_whole_batches() -> None:
    assert batch_means([[1.0, 3.0, 5.0, 7.0, 99.0]], 2).tolist() == [[2.0, 6.0]]


def test_the_error_of_two_verifications() -> None:
    assert drift_between(-0.10, 0.03, 0.15, 0.04) == pytest.approx(5.0)


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: lag_one_memory([1.0, np.nan, 2.0]), "readings"),
        (lambda: lag_one_memory([[1.0, 2.0, 3.0]]), "readings"),
        (lambda: batch_means([1.0], 0), "size"),
        (lambda: drift_between(0.0, 0.0, 0.0, 1.0), "uncertainty"),
    ],
)
def test_what_tells_nothing_is_refused(call: Callable[[], object], field: str) -> None:
    with pytest.raises(CaseFault) as refused:
        call()
    assert refused.value.field == field
