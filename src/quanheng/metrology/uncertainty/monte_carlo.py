"""Propagation of distributions by Monte Carlo (JCGM 101:2008; JJF 1059.2-2012).

The generator comes from the caller, who states its seed. Trials run in blocks that fit the processor's cache.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
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
from quanheng.metrology.uncertainty.distributions import Shape
from quanheng.metrology.uncertainty.equation import Equation
from quanheng.metrology.uncertainty.evaluation import compile_equation
from quanheng.packs.case_fault import CaseFault

BLOCK = 20_000
LARGEST_DRAW = 1e140  # whose square can still be summed
FEWEST, MOST = 1_000, 20_000_000  # trials


@dataclass(frozen=True, slots=True)
class Simulated:
    """What the draws of the output say.

    Args:
        is_stable: whether the adaptive procedure came to its tolerance; True for a fixed number of trials.
        tolerance: that the adaptive procedure was asked for; None for a fixed number.
        draws: the draws of the output in ascending order.
    """

    estimate: float
    standard_uncertainty: float
    symmetric: Interval
    shortest: Interval
    trials: int
    is_stable: bool
    tolerance: float | None
    draws: Any


def simulate(budget: Budget, trials: int, probability: float, chance: Generator) -> Simulated:
    """Run a fixed number of trials.

    Raises:
        CaseFault: too few or too many trials, a probability outside 0–1, an equation without a finite value.
    """
    check(trials, probability)
    draws = np.sort(draw_output(budget, trials, chance))
    return _summary(draws, probability, is_stable=True, tolerance=None)


def simulate_until_stable(
    budget: Budget, probability: float, chance: Generator, *, digits: int = 2, most: int = MOST
) -> Simulated:
    """Run sequences of trials until the results are stable in a statistical sense (7.9.4).

    M = max(J, 10⁴) trials a sequence, J the smallest integer at least 100/(1 − p). After each sequence beyond
    the first: stable when twice the standard deviation of the average of each of estimate, uncertainty and
    both end points of the shortest interval is at most the tolerance of the uncertainty.

    Args:
        digits: significant digits of the uncertainty that matter, 1 or 2.
        most: trials after which it stops unstable, and says so.
    """
    check(FEWEST, probability)
    if digits not in {1, 2}:
        raise CaseFault("digits", "not_one_or_two", "有效位数应为 1 或 2。")
    size = max(math.ceil(100 / (1 - probability)), 10_000)
    sequences: list[Any] = []
    figures: list[tuple[float, float, float, float]] = []
    stable, tolerance = False, 0.0
    while not stable and (len(sequences) + 1) * size <= most:
        draws = np.sort(draw_output(budget, size, chance))
        sequences.append(draws)
        shortest = shortest_interval(draws, probability)
        figures.append((float(draws.mean()), float(draws.std(ddof=1)), shortest.lower, shortest.upper))
        if len(figures) > 1:
            pooled = float(np.std(np.concatenate(sequences), ddof=1))
            tolerance = tolerance_of(pooled, digits)
            spread = np.std(figures, axis=0, ddof=1) / math.sqrt(len(figures))
            stable = bool((2 * spread <= tolerance).all())
    if not sequences:
        raise CaseFault("most", "too_few", f"试验次数上限应不小于 {size}。", size=size)
    return _summary(np.sort(np.concatenate(sequences)), probability, is_stable=stable, tolerance=tolerance)


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
    if factor is None:
        return {given.name: given.knowledge.draw(given.estimate, size, chance) for given in knowns.inputs}
    normal = [given for given in knowns.inputs if given.knowledge.shape == Shape.NORMAL]
    joint = factor @ chance.standard_normal((len(normal), size))
    drawn = {
        given.name: given.estimate + given.knowledge.scale * row
        for given, row in zip(normal, joint, strict=True)
    }
    for given in knowns.inputs:
        if given.name not in drawn:
            drawn[given.name] = given.knowledge.draw(given.estimate, size, chance)
    return drawn


def _factor(knowns: Knowns) -> Any:
    """Return a factor F with F·Fᵀ the correlations of the normal inputs; None where nothing correlates."""
    if not knowns.is_correlated:
        return None
    names = [given.name for given in knowns.inputs if given.knowledge.shape == Shape.NORMAL]
    values, vectors = np.linalg.eigh(knowns.correlation_matrix(names))
    return vectors * np.sqrt(np.clip(values, 0, None))


def _summary(draws: Any, probability: float, *, is_stable: bool, tolerance: float | None) -> Simulated:
    return Simulated(
        estimate=float(draws.mean()),
        standard_uncertainty=float(draws.std(ddof=1)),
        symmetric=symmetric_interval(draws, probability),
        shortest=shortest_interval(draws, probability),
        trials=len(draws),
        is_stable=is_stable,
        tolerance=tolerance,
        draws=draws,
    )


def check(trials: int, probability: float) -> None:
    """Check what is asked of a simulation.

    Raises:
        CaseFault: too few or too many trials, a probability outside 0–1.
    """
    if not FEWEST <= trials <= MOST:
        raise CaseFault("trials", "out_of_range", f"试验次数应在 {FEWEST} 与 {MOST} 之间，现为 {trials}。")
    if not 0 < probability < 1:
        raise CaseFault("probability", "not_a_share", "包含概率应在 0 与 1 之间。")
