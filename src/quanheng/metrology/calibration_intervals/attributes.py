"""Does an interval keep its reliability target? By how many calibrations found the instrument in tolerance.

NCSLI RP-1, method A3: the observed reliability R = g/n is held against the target R_t. The rejection
confidence Q is the confidence at which the interval of R would just leave R_t outside (Clopper and Pearson;
one-sided where all or none passed). Where Q is high enough the interval I changes:

    R ≤ R_t:  I·10^((R - R_t)·Q),        not below I/b
    R > R_t:  I·10^((R - R_t)/(1 - Q)),  not above I·b
"""

from __future__ import annotations

from dataclasses import dataclass

from scipy import stats

from quanheng.metrology.survey_estimates.proportions import Interval, clopper_pearson
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePack
from quanheng.packs.sentence import tell


@dataclass(frozen=True, slots=True)
class IntervalRule:
    """The limits of table `attributes` of the pack `calibration-interval`, in days but for the first.

    Args:
        largest_change: b, by how much an interval may change at once.
        least_change: a smaller change is not worth its while.
        shortest, longest: no interval is beyond.
    """

    largest_change: float
    least_change: float
    shortest: float
    longest: float


@dataclass(frozen=True, slots=True)
class JudgedInterval:
    """What became of an interval.

    Args:
        reliability: observed share in tolerance.
        bounds: of the reliability, at the confidence asked for.
        rejection: Q; the confidence with which the interval misses its target, one way or the other.
        calculated: what the method gives, in days, before the limits of the rule.
        interval: what is recommended; the present one where it stands.
        is_changed: whether it is another.
    """

    reliability: float
    bounds: Interval
    rejection: float
    calculated: float
    interval: float
    is_changed: bool


def read_interval_rule(pack: RulePack) -> IntervalRule:
    """Return the limits of the pack as numbers."""
    values = pack.table("attributes").values
    names = ("largest_change", "least_change", "shortest", "longest")
    return IntervalRule(*(float(values[name]) for name in names))


def judge_interval(
    passed: int, tested: int, interval: float, target: float, rule: IntervalRule, *, confidence: float = 0.5
) -> JudgedInterval:
    """Hold an interval against its reliability target.

    Args:
        passed, tested: calibrations that found the instrument in tolerance, and all of them, each after about
            this interval.
        interval: the present one, in days.
        target: reliability at the end of the interval, such as 0.95.
        confidence: with which it must be missed before the interval changes.

    Raises:
        CaseFault: no calibrations, more passed than tested, a target or confidence outside (0, 1), an
            interval that is not positive.
    """
    bounds = clopper_pearson(passed, tested, confidence)
    if not 0 < target < 1:
        raise CaseFault(
            "target", "out_of_range", tell("可靠性目标应在 0 与 1 之间，现为 {target}。", target=target)
        )
    if not interval > 0:
        raise CaseFault(
            "interval", "not_positive", tell("现行间隔应大于 0，现为 {interval}。", interval=interval)
        )
    reliability = passed / tested
    rejection = max(0.0, _rejection(passed, tested, target))
    calculated = interval * _factor(reliability - target, rejection, rule.largest_change)
    is_changed = rejection > confidence and abs(calculated - interval) >= rule.least_change
    recommended = min(max(calculated, rule.shortest), rule.longest) if is_changed else interval
    return JudgedInterval(
        reliability, bounds, rejection, calculated, recommended, is_changed=recommended != interval
    )


def _rejection(passed: int, tested: int, target: float) -> float:
    """Return the confidence whose interval has the target as its end."""
    seen = stats.binom(tested, target)
    if passed in {0, tested}:
        return float(1 - seen.pmf(passed))
    tail = seen.sf(passed - 1) if passed / tested > target else seen.cdf(passed)
    return float(1 - 2 * tail)


def _factor(excess: float, rejection: float, largest: float) -> float:
    if excess <= 0:
        return max(1 / largest, 10 ** (excess * rejection))
    power = excess / (1 - rejection) if rejection < 1 else float("inf")
    return largest if power > 1 else min(largest, 10**power)
