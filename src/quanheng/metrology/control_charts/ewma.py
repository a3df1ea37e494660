"""The exponentially weighted moving average chart (ISO 7870-6, NIST/SEMATECH e-Handbook 6.3.2.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.signal import lfilter

from quanheng.metrology.control_charts.grid import (
    Floats,
    Integers,
    as_rows,
    check_state,
    is_complete,
    packed,
    per_channel,
)
from quanheng.metrology.control_charts.limits import check_sigma
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell

Flags = NDArray[np.uint8]
HIGH, LOW = 1, 2  # bits of a flag
LEAST_WEIGHT = 0.001  # an average of 2000 readings
SETTLED = 20.0  # behind e⁻⁴⁰ the exact limits are those of the long run to the last digit


@dataclass(frozen=True, slots=True)
class EwmaChart:
    """A chart of weighted averages.

    Args:
        target: centre line, where the average begins; one number, or one a channel.
        sigma: standard deviation of a reading, likewise.
        weight: λ, of the newest reading, LEAST_WEIGHT to 1.
        width: L, of the limits, in standard deviations of the average.
        is_exact: limits that widen with the first points, or those of the long run from the beginning.
    """

    target: ArrayLike
    sigma: ArrayLike
    weight: float = 0.2
    width: float = 3.0
    is_exact: bool = True

    def check(self) -> None:
        """Refuse a chart that cannot be drawn.

        Raises:
            CaseFault: a sigma or width that is not positive, a weight out of range.
        """
        for sigma in np.ravel(self.sigma):
            check_sigma(float(sigma), "limits.sigma")
        if not LEAST_WEIGHT <= self.weight <= 1:
            raise CaseFault(
                "ewma.weight",
                "out_of_range",
                tell(
                    "λ 应在 {least_weight} 与 1 之间，现为 {weight}。",
                    least_weight=LEAST_WEIGHT,
                    weight=self.weight,
                ),
            )
        if not (np.isfinite(self.width) and self.width > 0):
            raise CaseFault(
                "ewma.width", "not_positive", tell("L 应为大于 0 的数，现为 {width}。", width=self.width)
            )


@dataclass(frozen=True, slots=True)
class EwmaState:
    """The average of each channel, and of how many readings."""

    average: Floats
    count: Integers

    @classmethod
    def start(cls, channels: int, chart: EwmaChart) -> EwmaState:
        target = per_channel(chart.target, channels, "limits.centre")
        return cls(target, np.zeros(channels, dtype=np.int64))

    def as_data(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {"average": self.average.tolist(), "count": self.count.tolist()}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> EwmaState:
        return cls(np.array(data["average"], np.float64), np.array(data["count"], np.int64))


@dataclass(frozen=True, slots=True)
class EwmaPoints:
    """What the chart found.

    Args:
        average: behind each reading; behind a missing one, as it was.
        half_width: half the distance of the limits at each reading, in the unit of the readings.
        flags: bit HIGH above the upper limit, bit LOW below the lower one.
    """

    average: Floats
    half_width: Floats
    flags: Flags
    state: EwmaState


def ewma(readings: ArrayLike, chart: EwmaChart, state: EwmaState | None = None) -> EwmaPoints:
    """Add a batch to the averages.

    Args:
        readings: (channels, samples) or (samples,).

    Raises:
        CaseFault: a chart that cannot be drawn, shapes that do not fit.
    """
    chart.check()
    rows = as_rows(readings)
    state = state or EwmaState.start(len(rows), chart)
    check_state(len(state.average), len(rows))
    target = per_channel(chart.target, len(rows), "limits.centre")[:, None]
    sigma = per_channel(chart.sigma, len(rows), "limits.sigma")[:, None]
    complete = is_complete(rows)
    left, so_far = (rows, np.arange(1, rows.shape[1] + 1)[None]) if complete else packed(rows)
    averages = _averages(left, chart.weight, state.average)
    if not complete:
        before = np.concatenate([state.average[:, None], averages], axis=1)
        averages = np.take_along_axis(before, so_far, axis=1)
    half_width = _half_width(chart, sigma, state.count[:, None] + so_far)
    distance = averages - target
    flags = (distance > half_width) * np.uint8(HIGH) | (distance < -half_width) * np.uint8(LOW)
    if not complete:
        flags[~np.isfinite(rows)] = 0
    shape = np.shape(readings)
    return EwmaPoints(
        averages.reshape(shape),
        np.broadcast_to(half_width, rows.shape).reshape(shape),
        flags.reshape(shape),
        _next(state, averages, so_far),
    )


def _averages(rows: Floats, weight: float, start: Floats) -> Floats:
    """Return λx + (1 - λ)E along each row; NaN behind the readings of a row spoils nothing before it."""
    if not rows.size:
        return np.empty(rows.shape)
    averages: Floats = lfilter(
        [weight], [1.0, weight - 1.0], rows, axis=1, zi=(1.0 - weight) * start[:, None]
    )[0]
    return averages


def _half_width(chart: EwmaChart, sigma: Floats, count: Integers) -> Floats:
    """Return Lσ√(λ/(2 - λ)·(1 - (1 - λ)²ⁱ)), the last factor only where the limits are exact."""
    long_run = chart.width * sigma * np.sqrt(chart.weight / (2 - chart.weight))
    if not chart.is_exact:
        return np.broadcast_to(long_run, (len(sigma), count.shape[1]))
    log_rest = np.log1p(-chart.weight) if chart.weight < 1 else -np.inf
    settled = min(int(count.max(initial=0)), int(np.ceil(-SETTLED / log_rest)) + 1)
    factors = np.sqrt(-np.expm1(2 * log_rest * np.arange(1, settled + 1)))
    widths: Floats = long_run * np.concatenate([[0.0], factors])[np.minimum(count, settled)]
    return widths


def _next(state: EwmaState, averages: Floats, so_far: Integers) -> EwmaState:
    if not averages.shape[1]:
        return state
    return EwmaState(averages[:, -1].copy(), state.count + so_far[:, -1])
