"""What is known of an input: its standard uncertainty, and draws from its distribution (JCGM 101, 6.4)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.random import Generator

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell

SMALLEST, LARGEST = 1e-50, 1e50  # of a scale or an estimate: beyond, its powers leave the binary numbers
FEWEST_DEGREES = 0.5  # an uncertainty known to 100 % only (JCGM 100, G.4.2)
NO_MEAN, NO_VARIANCE = 1, 2  # degrees of freedom up to which a t-distribution has none (JCGM 101, 6.4.9.4)


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

    With finite degrees of freedom the uncertainty is itself uncertain. A NORMAL is then drawn from the scaled
    and shifted t (JCGM 101, 6.4.9), and a shape with limits as one whose limits are not known exactly
    (6.4.3): ν stands for a half-width known to 1/√(2ν) of itself (JCGM 100, G.4.2), which is how JCGM 101,
    9.5 draws what JCGM 100, H.1 states with ν = 50 and ν = 2.

    Args:
        scale: the standard uncertainty of NORMAL, the scale s of T, the half-width a of the others.
        degrees_of_freedom: infinite where the uncertainty is known exactly.
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
            raise CaseFault(
                "scale",
                "out_of_range",
                tell("数值过大或过小（{scale:g}），请换用合适的单位。", scale=self.scale),
            )
        if not self.degrees_of_freedom >= FEWEST_DEGREES:
            raise CaseFault(
                "degrees_of_freedom",
                "too_few",
                tell("自由度应不小于 {fewest_degrees}。", fewest_degrees=FEWEST_DEGREES),
            )
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

    @property
    def has_mean(self) -> bool:
        """Whether draws have an expectation (JCGM 101, 6.4.9.4)."""
        return not (self._is_t and self.scale > 0 and self.degrees_of_freedom <= NO_MEAN)

    @property
    def has_variance(self) -> bool:
        """Whether draws have a standard deviation (JCGM 101, 6.4.9.4)."""
        return not (self._is_t and self.scale > 0 and self.degrees_of_freedom <= NO_VARIANCE)

    @property
    def _is_t(self) -> bool:
        return self.shape in {Shape.NORMAL, Shape.T} and math.isfinite(self.degrees_of_freedom)

    @property
    def _limit_error(self) -> float:
        """By how much of itself the half-width may be wrong."""
        is_stated = self.shape == Shape.CURVILINEAR and self.scale > 0
        stated = self.half_width_error / self.scale if is_stated else 0.0
        return max(stated, 1 / math.sqrt(2 * self.degrees_of_freedom))

    def draw(self, estimate: float, trials: int, chance: Generator) -> Any:
        """Return draws around the estimate, as an array of length `trials`."""
        draws = self._standardized(trials, chance)
        draws *= self.scale  # in place: a copy costs as much as a draw
        draws += estimate
        return draws

    def _standardized(self, trials: int, chance: Generator) -> Any:
        """Draw around 0 with the scale 1."""
        if self._is_t:
            return chance.standard_t(self.degrees_of_freedom, trials)
        if self.shape == Shape.NORMAL:
            return chance.standard_normal(trials)
        draws = self._within_limits(trials, chance)
        if error := self._limit_error:
            draws *= 1 + error * _between_one(trials, chance)
        return draws

    def _within_limits(self, trials: int, chance: Generator) -> Any:
        """Draw between −1 and 1."""
        if self.shape in {Shape.RECTANGULAR, Shape.CURVILINEAR}:
            return _between_one(trials, chance)
        if self.shape == Shape.ARCSINE:
            return np.sin(2 * np.pi * chance.random(trials))
        beta = 0.0 if self.shape == Shape.TRIANGULAR else self.ratio
        wide, narrow = _between_one(trials, chance), _between_one(trials, chance)
        return (1 + beta) / 2 * wide + (1 - beta) / 2 * narrow


def _between_one(trials: int, chance: Generator) -> Any:
    """Draw from the rectangle between -1 and 1."""
    draws = chance.random(trials)
    draws *= 2
    draws -= 1
    return draws
