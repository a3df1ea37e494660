"""How many units each stratum owes: a share of it, rounded up, and a total by largest remainder.

Rule packs `draw/…`, table `quota`: `share` of the units of every stratum, `at_least` so many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from itertools import compress
from operator import not_

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePack
from quanheng.packs.sentence import tell
from quanheng.regulation.draw.frame import Frame


def sizes(frame: Frame) -> dict[str, int]:
    """Return the number of units of each stratum, excluded ones too: they are in use."""
    return dict(sorted(Counter(frame.column("stratum")).items()))


def eligible_sizes(frame: Frame) -> dict[str, int]:
    """Return how many of the units of each stratum can be drawn."""
    free = Counter(compress(frame.column("stratum"), map(not_, frame.column("excluded"))))
    return {stratum: free[stratum] for stratum in sizes(frame)}


def minimum_quotas(sizes: Mapping[str, int], pack: RulePack) -> dict[str, int]:
    """Return what the rule orders of each stratum: the share rounded up, and at least so many (A8)."""
    rule = pack.table("quota").values
    share = Fraction(rule["share"])
    return {
        stratum: min(size, max(rule["at_least"], -(-size * share.numerator // share.denominator)))
        for stratum, size in sizes.items()
    }


def quotas(frame: Frame, pack: RulePack, total: int | None = None) -> dict[str, int]:
    """Return the quota of each stratum.

    What a total asks for beyond the minimum goes to the strata in proportion to the units that they have
    left, by largest remainder; of equal remainders the stratum with more units left comes first, then the
    smaller code.

    Args:
        total: of all strata together; None for the minimum.

    Raises:
        CaseFault: a stratum has fewer units to draw from than it owes, or the total is below the minimum or
            beyond what there is.
    """
    there = eligible_sizes(frame)
    least = minimum_quotas(sizes(frame), pack)
    check_feasible(least, there)
    if total is None:
        return least
    room = {stratum: there[stratum] - quota for stratum, quota in least.items()}
    if not sum(least.values()) <= total <= sum(there.values()):
        message = tell(
            "总数应在 {fewest} 至 {most} 之间，现为 {total}。",
            fewest=sum(least.values()),
            most=sum(there.values()),
            total=total,
        )
        raise CaseFault("total", "outside", message)
    extra = apportion(total - sum(least.values()), room)
    return {stratum: quota + extra[stratum] for stratum, quota in least.items()}


def check_feasible(quotas: Mapping[str, int], there: Mapping[str, int]) -> None:
    """Raise CaseFault where a stratum owes more units than can be drawn there, or does not exist."""
    for stratum, quota in quotas.items():
        if quota > there.get(stratum, 0):
            message = tell(
                "{stratum} 应抽 {quota}，可抽的只有 {there}；请减少排除或核对配额。",
                stratum=stratum,
                quota=quota,
                there=there.get(stratum, 0),
            )
            raise CaseFault(f"quotas[{stratum}]", "too_few", message, quota=quota)


def apportion(count: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Share a count out in proportion to whole weights, by largest remainder (Hamilton's method).

    Where the count is not above the sum of the weights, no stratum gets more than its weight.
    """
    total = sum(weights.values())
    if not count or not total:
        return dict.fromkeys(weights, 0)
    given = {stratum: count * weight // total for stratum, weight in weights.items()}
    by_remainder = sorted(
        weights, key=lambda stratum: (-(count * weights[stratum] % total), -weights[stratum], stratum)
    )
    for stratum in by_remainder[: count - sum(given.values())]:
        given[stratum] += 1
    return given
