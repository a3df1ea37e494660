"""Coverage intervals of many draws, and the validation of the GUM framework by them (JCGM 101, 7.7, 8)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Interval:
    """A coverage interval."""

    lower: float
    upper: float

    @property
    def half_width(self) -> float:
        return (self.upper - self.lower) / 2


@dataclass(frozen=True, slots=True)
class Validation:
    """Whether the GUM framework holds to so many significant digits of the uncertainty (JCGM 101, 8.1.3).

    Args:
        tolerance: δ = ½·10^r, where u is written as c·10^r.
        lower_difference, upper_difference: d_low and d_high.
    """

    tolerance: float
    lower_difference: float
    upper_difference: float

    @property
    def is_validated(self) -> bool:
        return self.lower_difference <= self.tolerance and self.upper_difference <= self.tolerance


def symmetric_interval(ordered: Any, probability: float) -> Interval:
    """Return the probabilistically symmetric interval of draws in ascending order (7.7.2)."""
    size, covered = len(ordered), _covered(len(ordered), probability)
    first = min(math.floor((size - covered) / 2 + 0.5), size - covered - 1)
    return Interval(float(ordered[first]), float(ordered[first + covered]))


def shortest_interval(ordered: Any, probability: float) -> Interval:
    """Return the shortest interval of draws in ascending order (7.7.3)."""
    covered = _covered(len(ordered), probability)
    widths = ordered[covered:] - ordered[: len(ordered) - covered]
    first = int(np.argmin(widths))
    return Interval(float(ordered[first]), float(ordered[first + covered]))


def tolerance_of(uncertainty: float, digits: int) -> float:
    """Return δ for so many significant digits (7.9.2): u = 0.035 to two digits is 35·10⁻³, and δ = 0.0005."""
    if uncertainty == 0:
        return 0.0
    exponent = math.floor(math.log10(uncertainty)) - digits + 1
    if round(uncertainty / 10**exponent) >= 10**digits:  # 0.0999 to two digits is 10·10⁻²
        exponent += 1
    return 0.5 * 10.0**exponent


def validate(framework: Interval, trials: Interval, tolerance: float) -> Validation:
    """Compare the end points of the two intervals."""
    return Validation(tolerance, abs(framework.lower - trials.lower), abs(framework.upper - trials.upper))


def _covered(size: int, probability: float) -> int:
    return min(int(probability * size + 0.5), size - 1)
