"""What is known of an input: its standard uncertainty, and draws from its distribution (JCGM 101, 6.4)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.random import Generator

from quanheng.packs.case_fault import CaseFault

SMALLEST, LARGEST = 1e-50, 1e50  # of a scale or an estimate: beyond, its powers leave the binary numbers
FEWEST_DEGREES = 0.5  # an uncertainty known to 100 % only (JCGM 100, G.4.2)


class Shape(StrEnum):
    """The distribution that the knowledge of an input has."""

    NORMAL = "normal"
    T = "t"  # scaled and shifted, from a mean of few observations
    RECTANGULAR = "rectangular"
    TRIANGULAR = "triangular"
    TRAPEZOIDAL = "trapezoidal"
    ARCSINE = "arcsine"  # U-shaped: a cycling temperature
    CURVILINEAR = "curvilinear"  # a rectangle whose limits are not known exactly


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A distribution around an estimate.

    Args:
        scale: the standard uncertainty of NORMAL, the scale s of T, the half-width a of the others.
        degrees_of_freedom: of T, and of a NORMAL whose uncertainty is itself uncertain; infinite otherwise.
        ratio: β of TRAPEZOIDAL, top over base.
        half_width_error: d of CURVILINEAR, by which the half-width may be wrong.
    """

    shape: Shape
    scale: float
    degrees_of_freedom: float = math.inf
    ratio: float = 0.0
    half_width_error: float = 0.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.scale) and self.scale >= 0):
            raise CaseFault("scale", "negative_variance", "标准不确定度或半宽应为不小于 0 的数。")
        if not (self.scale == 0 or SMALLEST <= self.scale <= LARGEST):
            raise CaseFault("scale", "out_of_range", f"数值过大或过小（{self.scale:g}），请换用合适的单位。")
        if not self.degrees_of_freedom >= FEWEST_DEGREES:
            raise CaseFault("degrees_of_freedom", "too_few", f"自由度应不小于 {FEWEST_DEGREES}。")
        if self.shape == Shape.T and math.isinf(self.degrees_of_freedom):
            raise CaseFault("degrees_of_freedom", "missing", "t 分布须填写自由度。")
        if not 0 <= self.ratio <= 1:
            raise CaseFault("ratio", "not_a_share", "梯形上底与下底之比应在 0 与 1 之间。")
        if not 0 <= self.half_width_error <= self.scale:
            raise CaseFault("half_width_error", "too_wide", "半宽的误差应在 0 与半宽之间。")

    @property
    def standard_uncertainty(self) -> float:
        """The standard uncertainty that the GUM propagates; for T it is s, as JCGM 100, 4.2.3 has it."""
        a = self.scale
        return {
            Shape.NORMAL: a,
            Shape.T: a,
            Shape.RECTANGULAR: a / math.sqrt(3),
            Shape.TRIANGULAR: a / math.sqrt(6),
            Shape.TRAPEZOIDAL: a * math.sqrt((1 + self.ratio**2) / 6),
            Shape.ARCSINE: a / math.sqrt(2),
            Shape.CURVILINEAR: math.sqrt(a**2 / 3 + self.half_width_error**2 / 9),
        }[self.shape]

    def draw(self, estimate: float, trials: int, chance: Generator) -> Any:
        """Return draws around the estimate, as an array of length `trials`."""
        draws = self._standardized(trials, chance)
        draws *= self.scale  # in place: a copy costs as much as a draw
        draws += estimate
        return draws

    def _standardized(self, trials: int, chance: Generator) -> Any:
        """Draw around 0 with the scale 1."""
        if self.shape == Shape.NORMAL:
            return chance.standard_normal(trials)
        if self.shape == Shape.T:
            return chance.standard_t(self.degrees_of_freedom, trials)
        if self.shape == Shape.RECTANGULAR:
            return _between_one(trials, chance)
        if self.shape == Shape.ARCSINE:
            return np.sin(2 * np.pi * chance.random(trials))
        if self.shape == Shape.CURVILINEAR:
            error = self.half_width_error / self.scale if self.scale else 0.0
            return (1 + error * _between_one(trials, chance)) * _between_one(trials, chance)
        beta = 0.0 if self.shape == Shape.TRIANGULAR else self.ratio
        wide, narrow = _between_one(trials, chance), _between_one(trials, chance)
        return (1 + beta) / 2 * wide + (1 - beta) / 2 * narrow


def _between_one(trials: int, chance: Generator) -> Any:
    """Draw from the rectangle between -1 and 1."""
    draws = chance.random(trials)
    draws *= 2
    draws -= 1
    return draws
