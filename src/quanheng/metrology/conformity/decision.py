"""Decision rules: when a measured error conforms, in spite of its uncertainty (JCGM 106:2012, JJF 1094-2002).

Limits and errors are decimals where the law compares them; probabilities are binary floats.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from scipy.integrate import quad
from scipy.special import erfinv, ndtr

from quanheng.metrology.conformity.limits import Limits
from quanheng.metrology.conformity.points import Outcome, plain_outcome
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePack

ROOT_OF_TWO_PI = math.sqrt(2 * math.pi)
TAIL = 12  # standard deviations, beyond which a normal distribution has nothing left
LEAST_SHARE = 1e-9  # of items that conform: below it nothing is left to decide on


class DecisionRule(StrEnum):
    """How uncertainty enters the decision."""

    SIMPLE = "simple"  # JCGM 106, 8.2: it does not
    JJF_1094 = "jjf_1094"  # ignored up to a third of the limit, guarded on both sides beyond
    GUARDED_ACCEPTANCE = "guarded_acceptance"  # JCGM 106, 8.3.2: acceptance limits inside by U


class GuardBand(StrEnum):
    """How wide a guard band is for a test uncertainty ratio."""

    ROOT_SUM_SQUARE = "root_sum_square"  # √(1 − 1/TUR²)
    TEST_95 = "test_95"  # 1 − 1/TUR
    RP_10 = "rp_10"  # 1.25 − 1/TUR (NCSLI RP-10)


@dataclass(frozen=True, slots=True)
class GlobalRisk:
    """Of all instruments examined, the share decided wrongly (JCGM 106, 9.5).

    Args:
        consumer: accepted, but out of tolerance (PFA).
        producer: rejected, but in tolerance (PFR).
    """

    consumer: float
    producer: float


def decide(
    error: Decimal, limits: Limits, expanded_uncertainty: Decimal | None, rule: DecisionRule, pack: RulePack
) -> Outcome:
    """Decide on one error.

    Args:
        expanded_uncertainty: U for k = 2 in the unit of the error; None when nobody stated one.
        pack: ``conformity/decision``.

    Raises:
        CaseFault: a negative uncertainty, or a rule that needs one and has none.
    """
    if rule == DecisionRule.SIMPLE:
        return plain_outcome(error, limits)
    if expanded_uncertainty is None:
        raise CaseFault(
            "expanded_uncertainty", "missing_uncertainty", "所选判定规则要用到扩展不确定度 U（k=2），请填写。"
        )
    if expanded_uncertainty < 0:
        raise CaseFault("expanded_uncertainty", "negative_uncertainty", "扩展不确定度不能小于 0。")
    if rule == DecisionRule.GUARDED_ACCEPTANCE:
        return plain_outcome(error, limits.inside(expanded_uncertainty))
    return _by_jjf_1094(error, limits, expanded_uncertainty, pack)


def _by_jjf_1094(error: Decimal, limits: Limits, uncertainty: Decimal, pack: RulePack) -> Outcome:
    share = Fraction(pack.table("simple_acceptance").values["largest_share"])
    if Fraction(uncertainty) <= share * Fraction(limits.half_width):
        return plain_outcome(error, limits)
    if limits.inside(uncertainty).include(error):
        return Outcome.PASSED
    return Outcome.FAILED if limits.are_missed_by(error, uncertainty) else Outcome.UNDECIDED


def conformance_probability(
    estimate: float, standard_uncertainty: float, lower: float | None, upper: float | None
) -> float:
    """Return the probability that the true value lies within the limits (JCGM 106, 7.2), for a normal one.

    Raises:
        CaseFault: the standard uncertainty is not positive.
    """
    if not standard_uncertainty > 0:
        raise CaseFault("standard_uncertainty", "not_positive", "标准不确定度应大于 0。")
    below = 1.0 if upper is None else float(ndtr((upper - estimate) / standard_uncertainty))
    return below - (0.0 if lower is None else float(ndtr((lower - estimate) / standard_uncertainty)))


def process_deviation(in_tolerance: float) -> float:
    """Return the standard deviation, in tolerances, of centred items of which this share conforms.

    Raises:
        CaseFault: not a share between 0 and 1.
    """
    if not LEAST_SHARE <= in_tolerance < 1:
        raise CaseFault("in_tolerance", "not_a_share", "合格率应在 0 与 1 之间（不含）。")
    return 1 / (math.sqrt(2) * float(erfinv(in_tolerance)))


def global_risk(
    process_deviation: float,
    measurement_deviation: float,
    *,
    limit: float = 1.0,
    acceptance_limit: float = 1.0,
) -> GlobalRisk:
    """Return consumer's and producer's risk of symmetric limits around centred normal items.

    Args:
        process_deviation: standard deviation of the items' true errors.
        measurement_deviation: standard deviation of the measurement.
        limit, acceptance_limit: an item conforms within ±limit; it is accepted within ±acceptance_limit.

    Raises:
        CaseFault: a deviation that is not positive.
    """
    for field, value in (
        ("process_deviation", process_deviation),
        ("measurement_deviation", measurement_deviation),
    ):
        if not value > 0:
            raise CaseFault(field, "not_positive", "标准差应大于 0。")

    def density(error: float) -> float:
        return math.exp(-0.5 * (error / process_deviation) ** 2) / (
            process_deviation * math.sqrt(2 * math.pi)
        )

    def accepted(error: float) -> float:
        reach = acceptance_limit / measurement_deviation
        shift = error / measurement_deviation
        return float(ndtr(reach - shift) - ndtr(-reach - shift))

    reach = TAIL * measurement_deviation
    far = min(limit + TAIL * process_deviation, max(limit, acceptance_limit) + reach)
    turns = (acceptance_limit - reach, acceptance_limit, acceptance_limit + reach)
    wrong = _integral(lambda error: density(error) * accepted(error), limit, far, turns)
    right = _integral(lambda error: density(error) * accepted(error), 0, limit, turns)
    conforming = 2 * float(ndtr(limit / process_deviation)) - 1
    return GlobalRisk(consumer=2 * wrong, producer=conforming - 2 * right)


def _integral(
    function: Callable[[float], float], lower: float, upper: float, turns: Sequence[float]
) -> float:
    """Integrate piece by piece between the turns, which a narrow peak would otherwise hide between."""
    ends = [lower, *sorted(one for one in turns if lower < one < upper), upper]
    exact = {"epsabs": 1e-13, "epsrel": 1e-12, "limit": 400}
    return float(sum(quad(function, begin, end, **exact)[0] for begin, end in pairwise(ends)))


def guard_band_factor(kind: GuardBand, test_uncertainty_ratio: float) -> float:
    """Return what the limits are multiplied with to give acceptance limits; never more than 1.

    Raises:
        CaseFault: a ratio for which the rule has no factor.
    """
    ratio = test_uncertainty_ratio
    if not ratio >= 1:
        raise CaseFault("test_uncertainty_ratio", "too_small", "测试不确定度比（TUR）应不小于 1。")
    if kind == GuardBand.ROOT_SUM_SQUARE:
        return math.sqrt(1 - 1 / ratio**2)
    return min(1.0, (1.0 if kind == GuardBand.TEST_95 else 1.25) - 1 / ratio)
