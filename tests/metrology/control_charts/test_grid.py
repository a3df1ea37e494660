"""Readings that came in a row, laid out as one row a channel."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.metrology.control_charts import grid
from quanheng.metrology.control_charts.cusum import CusumChart, CusumState, cusum
from quanheng.packs.case_fault import CaseFault


@given(st.lists(st.tuples(st.integers(0, 4), st.floats(-9, 9)), max_size=40))
def test_every_reading_finds_its_place_and_its_order_stays(readings: list[tuple[int, float]]) -> None:
    channel = np.array([channel for channel, _ in readings], dtype=np.int64)
    values = np.array([value for _, value in readings])
    cells, column = grid.as_grid(channel, values, 5)
    assert (cells[channel, column] == values).all()
    for row in range(5):
        present = cells[row][np.isfinite(cells[row])]
        assert present.tolist() == values[channel == row].tolist()


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(-9, 9)), min_size=1, max_size=60), st.integers(1, 59))
def test_a_flat_batch_may_be_cut_anywhere(readings: list[tuple[int, float]], cut: int) -> None:
    channel = np.array([channel for channel, _ in readings], dtype=np.int64)
    values = np.array([value for _, value in readings])
    chart = CusumChart(0.0, 1.0, restarts=True)

    def flags_of(part: slice, state: CusumState) -> tuple[list[int], CusumState]:
        cells, column = grid.as_grid(channel[part], values[part], 4)
        points = cusum(cells, chart, state)
        return points.flags[channel[part], column].tolist(), points.state

    start = CusumState.start(4, chart)
    whole, end = flags_of(slice(None), start)
    first, state = flags_of(slice(0, cut), start)
    second, state = flags_of(slice(cut, None), state)
    assert first + second == whole
    assert state.as_data() == end.as_data()


def test_a_batch_that_is_too_uneven_must_be_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid, "LARGEST_GRID", 10)
    with pytest.raises(CaseFault, match="较小的批次"):
        grid.as_grid(np.zeros(4, dtype=np.int64), np.zeros(4), 3)


def test_packing_moves_the_present_readings_to_the_left() -> None:
    left, so_far = grid.packed(np.array([[np.nan, 1.0, np.nan, 2.0], [3.0, np.inf, np.nan, np.nan]]))
    assert np.array_equal(left, [[1.0, 2.0], [3.0, np.nan]], equal_nan=True)
    assert so_far.tolist() == [[0, 1, 1, 2], [1, 1, 1, 1]]
    assert grid.packed(np.empty((2, 0)))[0].shape == (2, 0)
