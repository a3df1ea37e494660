"""How long a drifting value stays within its limits, or its uncertainty below a target.

NCSLI RP-1, variables method; NASA-HDBK-8739.19-5 (2010), chapter 7, after Castrup 2005. The changes d seen
after the times t are fitted by a polynomial without a constant, d = Σ b_j t^j; after a calibration that found
y₀ with the standard uncertainty u₀ the value is y₀ + d(t), and a new measurement of it has the standard
uncertainty √(u₀² + s² + tᵀC t), with s the scatter about the polynomial and C the covariance of b.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import stdtrit

from quanheng.metrology.control_charts.grid import Floats
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell

MOST_TERMS = 3
HORIZON = 3.0  # times the longest interval seen: further than that a polynomial tells nothing
STEPS = 3_000  # in which the first crossing is looked for


@dataclass(frozen=True, slots=True)
class Drift:
    """A fitted drift.

    Args:
        coefficients: b, of t, t², …
        covariance: of b.
        scatter: s, of the changes about the polynomial.
        degrees_of_freedom: changes minus coefficients.
        longest: the longest interval seen, in the unit of the times.
    """

    coefficients: Floats
    covariance: Floats
    scatter: float
    degrees_of_freedom: int
    longest: float

    def value(self, time: float) -> float:
        """Return the change that is expected after a time."""
        return float(self._powers(time) @ self.coefficients)

    def uncertainty(self, time: float, measured: float = 0.0) -> float:
        """Return the standard uncertainty of a value after a time.

        Args:
            measured: standard uncertainty of the calibration itself, u₀.
        """
        powers = self._powers(time)
        return float(np.sqrt(measured**2 + self.scatter**2 + powers @ self.covariance @ powers))

    @property
    def horizon(self) -> float:
        """How far ahead is looked."""
        return HORIZON * self.longest

    def _powers(self, time: float) -> Floats:
        powers: Floats = time ** np.arange(1.0, len(self.coefficients) + 1)
        return powers


@dataclass(frozen=True, slots=True)
class Limits:
    """What the value must keep to; at least one of them."""

    lower: float | None
    upper: float | None


def fit_drift(times: ArrayLike, changes: ArrayLike, terms: int = 1) -> Drift:
    """Fit the changes that were seen after different intervals.

    Args:
        times: since the calibration before, all positive; changes: of the value as found against as left.
        terms: of the polynomial, 1 to 3.

    Raises:
        CaseFault: unequal lengths, another number of terms, fewer changes than two more than terms, or
            intervals that do not differ enough to tell the terms apart.
    """
    t, d = np.asarray(times, dtype=np.float64), np.asarray(changes, dtype=np.float64)
    if t.ndim != 1 or t.shape != d.shape or not (np.isfinite(t).all() and np.isfinite(d).all()):
        raise CaseFault("changes", "wrong_shape", "每个间隔应有一个变化量。")
    if not 1 <= terms <= MOST_TERMS:
        raise CaseFault(
            "terms",
            "out_of_range",
            tell("多项式的项数应为 1 至 {most_terms}，现为 {terms}。", most_terms=MOST_TERMS, terms=terms),
        )
    if len(t) < terms + 2:
        raise CaseFault(
            "changes",
            "too_few",
            tell(
                "{terms} 项至少需要 {least} 个变化量，现有 {count} 个。",
                terms=terms,
                least=terms + 2,
                count=len(t),
            ),
        )
    if not (t > 0).all() or len(np.unique(t)) < terms:
        raise CaseFault(
            "times", "not_positive", tell("间隔应大于 0，且至少有 {terms} 个不同的值。", terms=terms)
        )
    scale = float(t.max())  # days cubed beside days would lose the digits
    powers = (t / scale)[:, None] ** np.arange(1.0, terms + 1)
    inverse = np.linalg.inv(powers.T @ powers)
    scaled = inverse @ powers.T @ d
    freedom = len(t) - terms
    scatter = float(np.sqrt(((d - powers @ scaled) ** 2).sum() / freedom))
    back = scale ** -np.arange(1.0, terms + 1)
    return Drift(scaled * back, inverse * scatter**2 * np.outer(back, back), scatter, freedom, scale)


def until_limits(
    drift: Drift, start: float, measured: float, limits: Limits, probability: float
) -> float | None:
    """Return after how long the value may no longer be within its limits (reliability target).

    Between two limits each is kept with the two-sided quantile of t, a single one with the one-sided.

    Args:
        start: y₀, the value as left; measured: u₀.
        probability: of being within, such as 0.95.

    Returns:
        The first time at which a limit is reached, 0 where it is at the start, None where it is not within
        the horizon.

    Raises:
        CaseFault: no limit, limits that cross, a negative uncertainty, a probability outside [0.5, 1).
    """
    if (limits.lower is None and limits.upper is None) or not _are_in_order(limits):
        raise CaseFault("limits", "out_of_range", "请至少给出一个限值，下限应小于上限。")
    if not 0.5 <= probability < 1:
        raise CaseFault(
            "probability",
            "out_of_range",
            tell("概率应在 0.5 与 1 之间，现为 {probability}。", probability=probability),
        )
    _check_measured(measured)
    is_one_sided = limits.lower is None or limits.upper is None
    quantile = probability if is_one_sided else (1 + probability) / 2
    k = float(stdtrit(drift.degrees_of_freedom, quantile))

    def room(time: float) -> float:
        value, width = start + drift.value(time), k * drift.uncertainty(time, measured)
        above = np.inf if limits.upper is None else limits.upper - value - width
        below = np.inf if limits.lower is None else value - width - limits.lower
        return float(min(above, below))

    return _first_without(room, drift.horizon)


def until_uncertain(drift: Drift, measured: float, target: float) -> float | None:
    """Return after how long the standard uncertainty reaches a target; as `until_limits`.

    Raises:
        CaseFault: a negative uncertainty, a target that is not positive.
    """
    _check_measured(measured)
    if not target > 0:
        raise CaseFault(
            "target", "not_positive", tell("目标不确定度应大于 0，现为 {target}。", target=target)
        )
    return _first_without(lambda time: target - drift.uncertainty(time, measured), drift.horizon)


def _first_without(room: Callable[[float], float], horizon: float) -> float | None:
    """Return the first time at which there is no room left."""
    before = 0.0
    if room(before) <= 0:
        return before
    for time in np.linspace(0.0, horizon, STEPS + 1)[1:]:
        if room(time) <= 0:
            return float(brentq(room, before, time, xtol=1e-12 * horizon))
        before = time
    return None


def _are_in_order(limits: Limits) -> bool:
    return limits.lower is None or limits.upper is None or limits.lower < limits.upper


def _check_measured(measured: float) -> None:
    if not measured >= 0:
        raise CaseFault(
            "measured", "negative", tell("校准的标准不确定度不应小于 0，现为 {measured}。", measured=measured)
        )
