"""What an enterprise is given: the award for ISO 10012 and the subsidy for digital transformation.

Rule pack `enterprise-support` (the plan of 2026, chapters 3(2)1 and 3(2)3).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import Citation, RulePack
from quanheng.packs.sentence import tell

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Amount:
    """What is due, and why it is not more.

    Args:
        yuan: 0 where nothing is due.
        reason: ``"due"``, ``"capped"``, ``"had_before"`` or ``"below_threshold"``.
    """

    yuan: Decimal
    reason: str
    citation: Citation


def award(requested_yuan: Decimal, awards_before: int, pack: RulePack) -> Amount:
    """Return the award: what the review found due, up to the cap, and only so often (B5).

    Raises:
        CaseFault: a negative amount.
    """
    rule = pack.table("award").values
    _check_amount("requested_yuan", requested_yuan)
    if awards_before >= rule["times"]:
        return Amount(Decimal(0), "had_before", pack.cite("award"))
    return _capped(requested_yuan, Decimal(rule["cap_yuan"]), pack.cite("award"))


def subsidy(invested_yuan: Decimal, pack: RulePack) -> Amount:
    """Return the subsidy: a share of the year's investment where that is strictly over the threshold (B13).

    Args:
        invested_yuan: what was paid in the year, by invoices that the review accepted.

    Raises:
        CaseFault: a negative amount.
    """
    rule = pack.table("subsidy").values
    _check_amount("invested_yuan", invested_yuan)
    if invested_yuan <= rule["investment_over_yuan"]:
        return Amount(Decimal(0), "below_threshold", pack.cite("subsidy"))
    return _capped(invested_yuan * rule["share"], Decimal(rule["cap_yuan"]), pack.cite("subsidy"))


def _capped(yuan: Decimal, cap: Decimal, citation: Citation) -> Amount:
    if yuan > cap:
        return Amount(cap, "capped", citation)
    return Amount(yuan.quantize(CENT, ROUND_DOWN), "due", citation)


def _check_amount(field: str, yuan: Decimal) -> None:
    if not yuan.is_finite() or yuan < 0:
        raise CaseFault(
            field, "negative_amount", tell("金额应为不小于 0 的数，现为 {yuan}。", yuan=yuan), yuan=yuan
        )
