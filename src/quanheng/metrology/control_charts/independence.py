"""Before a chart: do the points remember each other; and between two verifications: did the error move.

Shewhart limits from a moving range assume independent points. With memory the limits are too narrow and the
average run length collapses; batch means far enough apart are nearly independent again.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot, sqrt

import numpy as np
from numpy.typing import ArrayLike

from quanheng.metrology.control_charts.grid import Floats, as_rows
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell


@dataclass(frozen=True, slots=True)
class Memory:
    """The autocorrelation at lag one.

    Args:
        coefficient: r₁; 0 where nothing varies.
        limit: 1.96/√n (Bartlett 1946): with independent points 95 in 100 stay within it.
    """

    coefficient: float
    limit: float

    @property
    def is_present(self) -> bool:
        return abs(self.coefficient) > self.limit


def lag_one_memory(readings: ArrayLike) -> Memory:
    """Return how far each reading tells the next; pairs with a missing reading are left out.

    Raises:
        CaseFault: fewer than three readings.
    """
    series = np.asarray(readings, dtype=np.float64)
    present = np.isfinite(series)
    if series.ndim != 1 or present.sum() < 3:
        raise CaseFault("readings", "too_few", "至少需要三个有效读数才能判断自相关。")
    deviations = np.where(present, series - series[present].mean(), 0.0)
    largest = float(np.abs(deviations).max())
    if largest == 0:
        return Memory(0.0, 1.96 / sqrt(int(present.sum())))
    deviations /= largest  # so that no square overflows
    coefficient = float(deviations[1:] @ deviations[:-1]) / float(deviations @ deviations)
    return Memory(coefficient, 1.96 / sqrt(int(present.sum())))


def batch_means(readings: ArrayLike, size: int) -> Floats:
    """Return the mean of each size successive readings of a channel; a rest at the end is not used.

    Raises:
        CaseFault: a size below one.
    """
    rows = as_rows(readings)
    if size < 1:
        raise CaseFault("size", "not_positive", tell("批的大小应不小于 1，现为 {size}。", size=size))
    whole = rows.shape[1] // size
    means: Floats = rows[:, : whole * size].reshape(len(rows), whole, size).mean(axis=2)
    return means


def drift_between(last_error: float, last_uncertainty: float, error: float, uncertainty: float) -> float:
    """Return (e₂ - e₁)/√(u₁² + u₂²) of two verifications: beyond ±2 the instrument has moved (k = 2).

    Raises:
        CaseFault: uncertainties that are not positive.
    """
    if not (last_uncertainty > 0 and uncertainty > 0):
        raise CaseFault("uncertainty", "not_positive", "两次的标准不确定度都应大于 0。")
    return (error - last_error) / hypot(last_uncertainty, uncertainty)
