"""The tabular cumulative sum chart (ISO 7870-4, NIST/SEMATECH e-Handbook 6.3.2.3).

The recursion S = max(0, S + z - k) equals the running sum less its running minimum, which NumPy does over
whole arrays. The sums are kept in whole steps of 2⁻³² standard deviations: integers add up to the same in
whatever pieces they come, so every cut of a series into batches gives the same sums to the last digit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quanheng.metrology.control_charts.grid import (
    Floats,
    Integers,
    as_rows,
    check_state,
    is_complete,
    per_channel,
)
from quanheng.metrology.control_charts.limits import check_sigma
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell

STEP = 2.0**32  # steps in one standard deviation
FARTHEST = 1024.0  # standard deviations; a point beyond counts as this far, so that no sum overflows
SATURATED = np.int64(2**60)
CELLS = 2**15  # of one block, to stay in the cache
BLOCK_WITH_RESTARTS = 512  # samples; a row with an alarm in its block is worked out point by point
CELLS_WITH_RESTARTS = 2**19
FEW_ROWS = 32  # below this a loop over a row beats one over its columns

Flags = NDArray[np.uint8]
HIGH, LOW = 1, 2  # bits of a flag


@dataclass(frozen=True, slots=True)
class CusumChart:
    """A two-sided chart.

    Args:
        target: the level the process should have; one number, or one a channel.
        sigma: standard deviation of a point, likewise.
        reference: k, in standard deviations: half the shift to be found quickly.
        decision: h, in standard deviations: a sum above it is an alarm.
        restarts: whether an alarmed sum begins again, or goes on until the process is put right.
        head_start: where a sum begins (again), in standard deviations; h/2 is the fast initial response.
    """

    target: ArrayLike
    sigma: ArrayLike
    reference: float = 0.5
    decision: float = 5.0
    restarts: bool = False
    head_start: float = 0.0

    def check(self) -> None:
        """Refuse a chart that cannot be drawn.

        Raises:
            CaseFault: a sigma or a decision interval that is not positive, a negative k or head start.
        """
        for sigma in np.ravel(self.sigma):
            check_sigma(float(sigma), "limits.sigma")
        if not (0 <= self.reference < FARTHEST):
            raise CaseFault(
                "cusum.reference",
                "negative",
                tell("k 应为不小于 0 的数，现为 {reference}。", reference=self.reference),
            )
        if not (0 < self.decision < FARTHEST):
            raise CaseFault(
                "cusum.decision",
                "not_positive",
                tell("h 应为大于 0 的数，现为 {decision}。", decision=self.decision),
            )
        if not (0 <= self.head_start <= self.decision):
            raise CaseFault(
                "cusum.head_start",
                "out_of_range",
                tell("起始值应在 0 与 h 之间，现为 {head_start}。", head_start=self.head_start),
            )


@dataclass(frozen=True, slots=True)
class CusumState:
    """Both sums of each channel, in steps of 2⁻³² standard deviations."""

    high: Integers
    low: Integers

    @classmethod
    def start(cls, channels: int, chart: CusumChart) -> CusumState:
        sums = np.full(channels, _steps(chart.head_start))
        return cls(sums, sums)

    def as_data(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {"high": self.high.tolist(), "low": self.low.tolist()}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> CusumState:
        return cls(np.array(data["high"], np.int64), np.array(data["low"], np.int64))


@dataclass(frozen=True, slots=True)
class CusumPoints:
    """What the chart found.

    Args:
        high, low: the sums behind each reading, in standard deviations; an alarmed one before it restarts.
        flags: bit HIGH where the upper sum is above h, bit LOW where the lower one is.
    """

    high: Floats
    low: Floats
    flags: Flags
    state: CusumState


def cusum(readings: ArrayLike, chart: CusumChart, state: CusumState | None = None) -> CusumPoints:
    """Add a batch to the sums.

    Args:
        readings: (channels, samples) or (samples,); a missing one leaves the sums as they are.

    Raises:
        CaseFault: a chart that cannot be drawn, shapes that do not fit.
    """
    chart.check()
    rows = as_rows(readings)
    state = state or CusumState.start(len(rows), chart)
    check_state(len(state.high), len(rows))
    target = per_channel(chart.target, len(rows), "limits.centre")
    sigma = per_channel(chart.sigma, len(rows), "limits.sigma")
    high, low = np.empty(rows.shape), np.empty(rows.shape)
    sums = {1: state.high.copy(), -1: state.low.copy()}
    block = BLOCK_WITH_RESTARTS if chart.restarts else CELLS // max(1, min(len(rows), 16))
    length = max(1, min(rows.shape[1], block))
    height = max(1, (CELLS_WITH_RESTARTS if chart.restarts else CELLS) // length)
    for first in range(0, len(rows), height):
        part = slice(first, first + height)
        for begin in range(0, rows.shape[1], length):
            cell = (part, slice(begin, begin + length))
            increments = _increments(rows[cell], target[part, None], sigma[part, None], chart)
            for side, out in ((1, high), (-1, low)):
                _add(increments[side], chart, sums[side][part], out[cell])
    flags = (high > chart.decision) * np.uint8(HIGH) | (low > chart.decision) * np.uint8(LOW)
    shape = np.shape(readings)
    return CusumPoints(
        high.reshape(shape), low.reshape(shape), flags.reshape(shape), CusumState(sums[1], sums[-1])
    )


def _increments(rows: Floats, target: Floats, sigma: Floats, chart: CusumChart) -> dict[int, Integers]:
    """Return what each point adds to either sum, in steps; nothing where it is missing."""
    missing = None if is_complete(rows) else ~np.isfinite(rows)
    present = rows if missing is None else np.where(missing, target, rows)
    with np.errstate(over="ignore"):
        points = present - target
        points /= sigma
    np.clip(points, -FARTHEST, FARTHEST, out=points)
    points *= STEP
    high = np.rint(points, out=points).astype(np.int64)
    low = -high - _steps(chart.reference)
    high -= _steps(chart.reference)
    if missing is not None:
        high[missing] = low[missing] = 0
    return {1: high, -1: low}


def _add(increments: Integers, chart: CusumChart, sums: Integers, out: Floats) -> None:
    """Write the sums behind each point to out, and the last ones into sums."""
    steps = _running_sums(increments, sums)
    last = steps[:, -1].copy()
    if chart.restarts:
        _restart(increments, sums, steps, last, chart)
    sums[:] = np.minimum(last, SATURATED)
    np.multiply(steps, 1 / STEP, out=out)


def _running_sums(increments: Integers, start: Integers) -> Integers:
    """Return S after each increment: the running sum from start, less its running minimum below zero."""
    totals = np.cumsum(increments, axis=1)
    totals += start[:, None]
    lowest = np.minimum.accumulate(totals, axis=1)
    np.minimum(lowest, 0, out=lowest)
    totals -= lowest
    return totals


def _restart(
    increments: Integers, start: Integers, steps: Integers, last: Integers, chart: CusumChart
) -> None:
    """Work the rows with an alarm out again, each sum beginning anew behind each of its alarms.

    Point by point, as an alarm changes all that follows: many rows side by side, a few one by one.
    """
    height, again = chart.decision * STEP, _steps(chart.head_start)
    rows = np.flatnonzero((steps > height).any(axis=1))
    if len(rows) < FEW_ROWS:
        for row in rows:
            shown, last[row] = _one_by_one(increments[row].tolist(), int(start[row]), height, again)
            steps[row] = shown
    else:
        steps[rows], last[rows] = _side_by_side(increments[rows], start[rows], height, again)


def _one_by_one(increments: list[int], total: int, height: float, again: int) -> tuple[list[int], int]:
    shown = []
    for increment in increments:
        total = max(0, total + increment)
        shown.append(total)
        if total > height:
            total = again
    return shown, total


def _side_by_side(
    increments: Integers, totals: Integers, height: float, again: int
) -> tuple[Integers, Integers]:
    shown = np.empty(increments.T.shape, dtype=np.int64)
    for place, column in enumerate(np.ascontiguousarray(increments.T)):
        np.maximum(totals + column, 0, out=shown[place])
        totals = np.where(shown[place] > height, again, shown[place])
    return shown.T, totals


def _steps(deviations: float) -> int:
    return round(deviations * STEP)
