"""Propagation of distributions by Monte Carlo (JCGM 101:2008; JJF 1059.2-2012).

The generator comes from the caller, who states its seed. Trials run in blocks that fit the processor's cache.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.random import Generator

from quanheng.metrology.uncertainty.budget import Budget, Knowns
from quanheng.metrology.uncertainty.coverage import (
    Interval,
    shortest_interval,
    symmetric_interval,
    tolerance_of,
)
from quanheng.metrology.uncertainty.equation import Equation
from quanheng.metrology.uncertainty.evaluation import compile_equation
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell

BLOCK = 20_000
LARGEST_DRAW = 1e140  # whose square can still be summed
FEWEST, MOST = 1_000, 20_000_000  # trials
FINER = 5  # a run that validates settles to δ/5, so that its own scatter does not decide (8.2)


@dataclass(frozen=True, slots=True)
class Simulated:
    """What the draws of the output say.

    Args:
        estimate: the mean; the median where the distribution has no mean.
        standard_uncertainty: None where the distribution has no variance.
        is_stable: whether the adaptive procedure came to its tolerance; True for a fixed number of trials.
        tolerance: δ, that the adaptive procedure was asked for; None for a fixed number.
        spread: what the adaptive procedure leaves open of the symmetric interval's ends, twice the standard
            deviation of their averages; None for a fixed number.
        most: trials beyond which the adaptive procedure would not go; None for a fixed number.
        draws: the draws of the output in ascending order.
    """

    estimate: float
    standard_uncertainty: float | None
    symmetric: Interval
    shortest: Interval
    trials: int
    is_stable: bool
    tolerance: float | None
    draws: Any
    has_mean: bool = True
    most: int | None = None
    spread: float | None = None

    @property
    def scale(self) -> float:
        """What the digits of a statement go by: the uncertainty, or half the interval where there is none."""
        if self.standard_uncertainty is None:
            return self.shortest.half_width
        return self.standard_uncertainty


def simulate(budget: Budget, trials: int, probability: float, chance: Generator) -> Simulated:
    """Run a fixed number of trials.

    Raises:
        CaseFault: too few or too many trials, a probability outside 0–1, an equation without a finite value.
    """
    check(trials, probability)
    draws = np.sort(draw_output(budget, trials, chance))
    return _summary(budget, draws, probability)


def simulate_until_stable(
    budget: Budget, probability: float, chance: Generator, *, digits: int = 2, most: int = MOST
) -> Simulated:
    """Run sequences of trials until the results are stable in a statistical sense (7.9.4).

    M = max(J, 10⁴) trials a sequence, J the smallest integer at least 100/(1 − p). After each sequence beyond
    the first: stable when twice the standard deviation of the average of each of estimate, uncertainty and
    both end points of either interval is at most the tolerance δ of the uncertainty. It goes on until
    estimate, uncertainty and the ends of the symmetric interval, by which the framework is validated, keep to
    δ/5 (8.2). Where the output has no variance the end points alone must be stable, and the tolerance is that
    of half the interval.

    Args:
        digits: significant digits of the uncertainty that matter, 1 or 2.
        most: trials after which it stops, stable or not, and says so.
    """
    check(FEWEST, probability)
    if digits not in {1, 2}:
        raise CaseFault("digits", "not_one_or_two", "有效位数应为 1 或 2。")
    size = max(math.ceil(100 / (1 - probability)), 10_000)
    sequences: list[Any] = []
    figures: list[Sequence[float]] = []
    stable, fine, tolerance, left = False, False, 0.0, math.inf
    while not (stable and fine) and (len(sequences) + 1) * size <= most:
        draws = np.sort(draw_output(budget, size, chance))
        sequences.append(draws)
        figures.append(_figures(budget, draws, probability))
        if len(figures) > 1:
            tolerance = tolerance_of(_scale(budget, sequences, figures), digits)
            spread = 2 * np.std(figures, axis=0, ddof=1) / math.sqrt(len(figures))
            stable = bool((spread <= tolerance).all())
            fine = bool((spread[:-2] <= tolerance / FINER).all())
            left = float(spread[-4:-2].max())
    if not sequences:
        raise CaseFault("most", "too_few", tell("试验次数上限应不小于 {size}。", size=size), size=size)
    found = _summary(budget, np.sort(np.concatenate(sequences)), probability)
    return replace(found, is_stable=stable, tolerance=tolerance, most=most, spread=left)


def _figures(budget: Budget, draws: Any, probability: float) -> Sequence[float]:
    """What must be stable from sequence to sequence: moments, symmetric interval, shortest interval."""
    symmetric, shortest = symmetric_interval(draws, probability), shortest_interval(draws, probability)
    moments = (float(draws.mean()), float(draws.std(ddof=1))) if budget.has_variance else ()
    return (*moments, symmetric.lower, symmetric.upper, shortest.lower, shortest.upper)


def _scale(budget: Budget, sequences: Sequence[Any], figures: Sequence[Sequence[float]]) -> float:
    if budget.has_variance:
        return float(np.std(np.concatenate(sequences), ddof=1))
    return sum((upper - lower) / 2 for *_, lower, upper in figures) / len(figures)


def draw_output(budget: Budget, trials: int, chance: Generator) -> Any:
    """Return draws of the output quantity.

    Raises:
        CaseFault: the equation has no finite value for some draw.
    """
    return draw_outputs(budget, {"equation": budget.equation}, trials, chance)[0]


def draw_outputs(knowns: Knowns, equations: Mapping[str, Equation], trials: int, chance: Generator) -> Any:
    """Return draws of several output quantities from the same draws of the inputs, shape (outputs, trials).

    Args:
        equations: each by the field that a fault of it is named after.

    Raises:
        CaseFault: an equation has no finite value for some draw.
    """
    outputs = np.empty((len(equations), trials))
    factor = _factor(knowns)
    compiled = [compile_equation(equation) for equation in equations.values()]
    for start in range(0, trials, BLOCK):
        size = min(BLOCK, trials - start)
        drawn = _draw_inputs(knowns, size, chance, factor)
        for output, values in zip(outputs, compiled, strict=True):
            output[start : start + size] = values(drawn)
    for output, field in zip(outputs, equations, strict=True):
        if not (output.min() >= -LARGEST_DRAW and output.max() <= LARGEST_DRAW):
            message = "输入量的取值使测量模型没有数值或数值过大（如除以零、负数开方），请核对分布。"
            raise CaseFault(field, "not_finite", message)
    return outputs


def _draw_inputs(knowns: Knowns, size: int, chance: Generator, factor: Any) -> dict[str, Any]:
    drawn = {} if factor is None else _draw_correlated(knowns, size, chance, factor)
    for given in knowns.inputs:
        if given.name not in drawn:
            drawn[given.name] = given.knowledge.draw(given.estimate, size, chance)
    return drawn


def _draw_correlated(knowns: Knowns, size: int, chance: Generator, factor: Any) -> dict[str, Any]:
    """Draw the inputs that correlate: jointly normal (JCGM 101, 6.4.8), jointly t (JCGM 102, 5.3.2).

    Inputs of one set with equal finite degrees of freedom come from the same observations and share the
    divisor of their t-distribution. With other degrees of freedom they cannot; each still has its own t.
    """
    correlated, sets = knowns.correlated, knowns.sets
    joint = factor @ chance.standard_normal((len(correlated), size))
    divisors: dict[tuple[int, float], Any] = {}
    drawn = {}
    for given, row in zip(correlated, joint, strict=True):
        degrees = given.knowledge.degrees_of_freedom
        if math.isfinite(degrees):
            key = sets[given.name], degrees
            if key not in divisors:
                divisors[key] = np.sqrt(chance.chisquare(degrees, size) / degrees)
            row = row / divisors[key]  # noqa: PLW2901 - the row becomes one of t
        drawn[given.name] = given.estimate + given.knowledge.scale * row
    return drawn


def _factor(knowns: Knowns) -> Any:
    """Return a factor F with F·Fᵀ the correlations of `Knowns.correlated`; None where nothing correlates."""
    if not knowns.is_correlated:
        return None
    values, vectors = np.linalg.eigh(knowns.correlation_matrix([one.name for one in knowns.correlated]))
    return vectors * np.sqrt(np.clip(values, 0, None))


def _summary(budget: Budget, draws: Any, probability: float) -> Simulated:
    return Simulated(
        estimate=float(draws.mean() if budget.has_mean else np.median(draws)),
        standard_uncertainty=float(draws.std(ddof=1)) if budget.has_variance else None,
        symmetric=symmetric_interval(draws, probability),
        shortest=shortest_interval(draws, probability),
        trials=len(draws),
        is_stable=True,
        tolerance=None,
        draws=draws,
        has_mean=budget.has_mean,
    )


def check(trials: int, probability: float) -> None:
    """Check what is asked of a simulation.

    Raises:
        CaseFault: too few or too many trials, a probability outside 0–1.
    """
    if not FEWEST <= trials <= MOST:
        raise CaseFault(
            "trials",
            "out_of_range",
            tell(
                "试验次数应在 {fewest} 与 {most} 之间，现为 {trials}。",
                fewest=FEWEST,
                most=MOST,
                trials=trials,
            ),
        )
    if not 0 < probability < 1:
        raise CaseFault("probability", "not_a_share", "包含概率应在 0 与 1 之间。")
