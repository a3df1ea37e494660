"""A balance is judged against its own uncertainty."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.metrology.reading_quality.balance import balance
from quanheng.packs.case_fault import CaseFault


def test_a_gap_within_twice_its_uncertainty_is_closed() -> None:
    """u = √(3² + 4²) = 5: a gap of 10 is closed, one of 10.1 open."""
    found = balance([1000.0, 1000.0], [[600.0, 600.0], [385.0, 384.9]], 3.0, [[4.0], [0.0]], losses=5.0)
    assert found.gap.tolist() == pytest.approx([10.0, 10.1])
    assert found.uncertainty.tolist() == [5.0, 5.0]
    assert found.is_open.tolist() == [False, True]
    assert found.relative_gap.tolist() == pytest.approx([0.01, 0.0101])


def test_five_per_cent_may_be_open_or_closed() -> None:
    assert balance([100.0], [[95.0]], 0.5, 0.5).is_open.tolist() == [True]
    assert balance([100.0], [[95.0]], 2.0, 2.0).is_open.tolist() == [False]


def test_no_inflow_has_no_relative_gap_and_a_missing_reading_none_at_all() -> None:
    found = balance([0.0, np.nan], [[1.0, 1.0]], 0.1, 0.1)
    assert np.isnan(found.relative_gap).all()
    assert found.is_open.tolist() == [True, False]


@given(st.floats(1, 1e6), st.lists(st.floats(0, 1e5), min_size=1, max_size=5), st.floats(0.001, 1000))
def test_the_unit_does_not_matter(inflow: float, outflows: list[float], unit: float) -> None:
    columns = np.array(outflows)[:, None]
    one = balance([inflow], columns, inflow * 0.01, columns * 0.02)
    other = balance([inflow * unit], columns * unit, inflow * unit * 0.01, columns * unit * 0.02)
    assert other.relative_gap == pytest.approx(one.relative_gap, rel=1e-9, abs=1e-9)
    assert other.uncertainty == pytest.approx(one.uncertainty * unit)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (([1.0], [[1.0, 2.0]], 0.1, 0.1), "outflows"),
        (([[1.0]], [[1.0]], 0.1, 0.1), "outflows"),
        (([1.0], [[1.0]], -0.1, 0.1), "inflow_uncertainty"),
        (([1.0], [[1.0]], 0.1, [0.1, 0.1]), "outflow_uncertainties"),
    ],
)
def test_what_makes_no_balance_is_refused(arguments: tuple[object, ...], field: str) -> None:
    with pytest.raises(CaseFault) as refused:
        balance(*arguments)  # type: ignore[arg-type]
    assert refused.value.field == field
