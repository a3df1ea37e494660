"""How likely honest data are to look like this: the few tests that the signatures share."""

from __future__ import annotations

import numpy as np
from scipy import stats

from quanheng.metrology.control_charts.grid import Floats
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell


def of_so_many(hits: int, trials: int, share: float) -> float:
    """Return the probability of at least so many hits where each trial has one with the share."""
    return float(stats.binom.sf(hits - 1, trials, share))


def of_so_far(distance: float, uncertainty: float) -> float:
    """Return the probability of a normal deviation at least as far, to either side."""
    return float(2 * stats.norm.sf(abs(distance) / uncertainty))


def of_student(distance: float, error: float, freedom: float) -> float:
    """Return the probability of a Student deviation at least so far above; 0 or 1 where nothing scatters."""
    if error == 0:
        return 0.0 if distance > 0 else 1.0
    return float(stats.t.sf(distance / error, freedom))


def of_mean_above(values: Floats, limit: float) -> float:
    """Return the probability of such a mean where the true one is at the limit (Student, one-sided)."""
    error = float(values.std(ddof=1)) / np.sqrt(len(values))
    return of_student(float(values.mean()) - limit, error, len(values) - 1)


def of_difference_above(before: Floats, after: Floats, limit: float) -> float:
    """Return the probability of such a difference where the true one is at the limit (Welch, two-sided)."""
    distance = abs(float(after.mean() - before.mean())) - limit
    parts = np.array([before.var(ddof=1) / len(before), after.var(ddof=1) / len(after)])
    if not parts.sum() > 0:
        return 0.0 if distance > 0 else 1.0
    freedom = parts.sum() ** 2 / float((parts**2 / [len(before) - 1, len(after) - 1]).sum())
    return float(2 * stats.t.sf(distance / np.sqrt(parts.sum()), freedom))


def best_split(values: Floats) -> tuple[Floats, Floats]:
    """Return how well each row falls into two groups, and the share of its smaller values.

    The first is the largest part of a row's variation that a cut of the sorted values explains, 0 to 1.
    """
    ordered = np.sort(np.atleast_2d(values), axis=1)
    count = ordered.shape[1]
    centred = ordered - ordered.mean(axis=1, keepdims=True)
    low = np.arange(1, count)
    sums = np.cumsum(centred, axis=1)[:, :-1]
    between = sums**2 * (1 / low + 1 / (count - low))
    total = (centred**2).sum(axis=1)
    explained = between.max(axis=1) / np.where(total > 0, total, 1)
    return explained, (between.argmax(axis=1) + 1) / count


def of_two_groups(values: Floats, random: np.random.Generator, simulations: int) -> float:
    """Return the probability of falling so well into two groups for normal data of one kind.

    The measure does not depend on mean or variance, so simulated standard normal series are an exact test.
    """
    seen = best_split(values)[0][0]
    simulated = best_split(random.standard_normal((simulations, len(values))))[0]
    return float((1 + (simulated >= seen - 1e-12).sum()) / (1 + simulations))


def least_squares(design: Floats, target: Floats) -> tuple[Floats, Floats, int]:
    """Return coefficients without an intercept, their covariance and the degrees of freedom.

    Raises:
        CaseFault: too few periods, or columns that cannot be told apart.
    """
    periods, columns = design.shape
    if target.shape != (periods,) or periods < columns + 2:
        message = tell(
            "时段数应比变量数（{columns}）至少多 2，现为 {periods}。", columns=columns, periods=periods
        )
        raise CaseFault("tank_drops", "too_few", message, periods=periods)
    if not (np.isfinite(design).all() and np.isfinite(target).all()):
        raise CaseFault("tank_drops", "not_finite", "各时段的数应齐全且为有限数。")
    if np.linalg.matrix_rank(design) < columns:
        raise CaseFault("sales", "collinear", "各列销量成比例，无法区分；请取更多时段或合并油枪。")
    coefficients = np.linalg.lstsq(design, target, rcond=None)[0].astype(np.float64)
    residuals = target - design @ coefficients
    freedom = periods - columns
    covariance = np.linalg.inv(design.T @ design) * (float(residuals @ residuals) / freedom)
    return coefficients, covariance.astype(np.float64), freedom
