"""How long a chart stays silent: the average run length, by integral equation and by Markov chain.

Points are independent and normal; shifts are in standard deviations of a point. In control (shift 0) the run
length is the mean distance between false alarms, which says how large a queue of alarms will be.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import pairwise

import numpy as np
from scipy.sparse import csc_array, eye_array
from scipy.sparse.linalg import spsolve
from scipy.special import ndtr

from quanheng.metrology.control_charts.grid import Floats
from quanheng.metrology.control_charts.run_rules import RunRule
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell

NODES = 96  # of Gauss and Legendre; the figures below are stable to 8 digits from 48 on
State = tuple[tuple[int, ...], ...]


def shewhart_run_length(shift: float = 0.0, width: float = 3.0) -> float:
    """Return the run length of a chart that only has its limits: 370.40 at three sigma."""
    return float(1 / (ndtr(-width - shift) + ndtr(shift - width)))


def cusum_run_length(
    shift: float = 0.0, reference: float = 0.5, decision: float = 5.0, *, two_sided: bool = True
) -> float:
    """Return the run length of a cumulative sum that begins at zero, by Page's integral equation.

    For two sides 1/L = 1/L⁺ + 1/L⁻ (exact for k ≥ 0 and no head start).
    """
    upper = _one_sided_cusum(shift, reference, decision)
    if not two_sided:
        return upper
    return 1 / (1 / upper + 1 / _one_sided_cusum(-shift, reference, decision))


def _one_sided_cusum(shift: float, reference: float, decision: float) -> float:
    """Solve L(u) = 1 + L(0) Φ(k - u - δ) + ∫₀ʰ L(y) φ(y + k - u - δ) dy for L(0)."""
    nodes, weights = _quadrature(0.0, decision)
    starts = np.concatenate([[0.0], nodes])
    kernel = _density(nodes[None, :] + reference - starts[:, None] - shift) * weights
    to_zero = ndtr(reference - starts - shift)[:, None]
    return float(np.linalg.solve(np.eye(NODES + 1) - np.hstack([to_zero, kernel]), np.ones(NODES + 1))[0])


def ewma_run_length(shift: float = 0.0, weight: float = 0.2, width: float = 3.0) -> float:
    """Return the run length of a weighted average with the limits of the long run, begun at the centre.

    Solves L(u) = 1 + ∫ L(y) φ((y - (1 - λ)u)/λ - δ) dy/λ between the limits (Crowder 1987).
    """
    limit = width * np.sqrt(weight / (2 - weight))
    nodes, weights = _quadrature(-limit, limit)
    starts = np.concatenate([[0.0], nodes])
    kernel = _density((nodes[None, :] - (1 - weight) * starts[:, None]) / weight - shift) * weights / weight
    inner = np.linalg.solve(np.eye(NODES) - kernel[1:], np.ones(NODES))
    return float(1 + kernel[0] @ inner)


def run_rules_run_length(rules: Iterable[RunRule], shift: float = 0.0) -> float:
    """Return the run length of a chart with several rules on, by a Markov chain (Champ and Woodall 1987).

    A state is what each rule remembers of the last points, on either side; the chain ends with the first
    flag.

    Raises:
        CaseFault: a rule that compares points with each other; those have no such chain.
    """
    rules = tuple(rules)
    others = [rule.number for rule in rules if rule.pattern != "beyond"]
    if others:
        raise CaseFault(
            "rules", "no_chain", tell("平均运行长度只适用于分区规则，规则 {others} 不是。", others=others)
        )
    zones = _zones(rules, shift)
    start: State = tuple((0,) * (rule.window - 1) for rule in rules for _ in range(2))
    index, moves, waiting = {start: 0}, [], [start]
    while waiting:
        state = waiting.pop()
        for middle, probability in zones:
            after = _after(state, middle, rules)
            if after is not None:
                if after not in index:
                    index[after] = len(index)
                    waiting.append(after)
                moves.append((index[state], index[after], probability))
    rows, columns, values = zip(*moves, strict=True)
    chain = csc_array((values, (rows, columns)), shape=(len(index), len(index)))
    lengths = spsolve(eye_array(len(index), format="csc") - chain, np.ones(len(index)))
    return float(np.atleast_1d(lengths)[0])


def _zones(rules: tuple[RunRule, ...], shift: float) -> list[tuple[float, float]]:
    """Return a point inside each zone and the probability of a reading there."""
    edges = sorted({side * rule.zone for rule in rules for side in (-1, 1)})
    bounds = [-np.inf, *edges, np.inf]
    ends = [edges[0] - 1, *edges, edges[-1] + 1]
    inside = [(low + high) / 2 for low, high in pairwise(ends)]
    return [
        (middle, float(ndtr(high - shift) - ndtr(low - shift)))
        for middle, (low, high) in zip(inside, pairwise(bounds), strict=True)
    ]


def _after(state: State, point: float, rules: tuple[RunRule, ...]) -> State | None:
    """Return what is remembered after a point; None where it completes a pattern."""
    after = []
    for place, (rule, side) in enumerate((rule, side) for rule in rules for side in (1, -1)):
        hit = int(side * point > rule.zone)
        window = (*state[place], hit)
        if hit and sum(window) >= rule.count:
            return None
        after.append(_needed(window[1:], rule.count))
    return tuple(after)


def _needed(memory: tuple[int, ...], count: int) -> tuple[int, ...]:
    """Forget hits that can no longer be part of a pattern: too few can still come before they leave."""
    kept = list(memory)
    for place, hit in enumerate(memory):
        still_to_come = place + 1  # points until this one leaves the window
        if hit and sum(memory[place:]) + still_to_come < count:
            kept[place] = 0
    return tuple(kept)


@cache
def _legendre() -> tuple[Floats, Floats]:
    """Nodes and weights on [-1, 1]: an eigenvalue problem, solved once and not for each run length."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    nodes.flags.writeable = weights.flags.writeable = False
    return nodes, weights


def _quadrature(low: float, high: float) -> tuple[Floats, Floats]:
    nodes, weights = _legendre()
    half = (high - low) / 2
    return low + half * (nodes + 1), half * weights


def _density(x: Floats) -> Floats:
    density: Floats = np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)
    return density
