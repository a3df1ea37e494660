"""Mean and variance of a stream, channel by channel, without a sum of squares (Chan, Golub, LeVeque 1983)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from quanheng.metrology.control_charts.grid import Floats, Integers, as_rows


@dataclass(frozen=True, slots=True)
class Moments:
    """Of each channel: how many readings, their mean, the sum of squared deviations from it."""

    count: Integers
    mean: Floats
    squares: Floats

    @classmethod
    def start(cls, channels: int) -> Moments:
        return cls(np.zeros(channels, dtype=np.int64), np.zeros(channels), np.zeros(channels))

    @classmethod
    def of(cls, readings: ArrayLike) -> Moments:
        """Return the moments of (channels, samples); missing readings are left out."""
        rows = as_rows(readings)
        present = np.isfinite(rows)
        count = present.sum(axis=1)
        mean = np.where(present, rows, 0.0).sum(axis=1) / np.maximum(count, 1)
        deviations = np.where(present, rows - mean[:, None], 0.0)
        return cls(count, mean, (deviations**2).sum(axis=1))

    def and_then(self, other: Moments) -> Moments:
        """Return the moments of both taken together."""
        count = self.count + other.count
        share = other.count / np.maximum(count, 1)
        distance = other.mean - self.mean
        return Moments(
            count,
            self.mean + distance * share,
            self.squares + other.squares + distance**2 * share * self.count,
        )

    @property
    def variance(self) -> Floats:
        """The sample variance; NaN with fewer than two readings."""
        return np.where(self.count > 1, self.squares / np.maximum(self.count - 1, 1), np.nan)

    def as_data(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {"count": self.count.tolist(), "mean": self.mean.tolist(), "squares": self.squares.tolist()}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Moments:
        return cls(np.array(data["count"], np.int64), np.array(data["mean"]), np.array(data["squares"]))
