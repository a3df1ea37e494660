"""The subsidy for an enterprise's digital transformation of metrology."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pydantic import Field

from quanheng.calculations.calculation import Calculation, Case, CitationOut, Example, Result
from quanheng.packs.rule_pack import RulePacks
from quanheng.regulation import support


class SubsidyCase(Case):
    """The investment of one year."""

    day: date = Field(description="计算所用规则的日期")
    invested_yuan: Decimal = Field(description="当年实际投入，元", max_digits=18)


class SubsidyResult(Result):
    """The subsidy and why it is not more."""

    yuan: Decimal = Field(description="补贴金额，元")
    reason: str = Field(description="due 按比例；capped 到上限；below_threshold 未超过起点")
    citations: tuple[CitationOut, ...] = Field(description="所用规则")


def run(case: SubsidyCase, packs: RulePacks) -> SubsidyResult:
    """Evaluate by the rule of the case's day."""
    amount = support.subsidy(case.invested_yuan, packs.in_force("enterprise-support", case.day))
    return SubsidyResult(yuan=amount.yuan, reason=amount.reason, citations=(CitationOut.of(amount.citation),))


CALCULATION = Calculation(
    name="subsidy",
    title="计量数字化改造补贴",
    case=SubsidyCase,
    result=SubsidyResult,
    run=run,
    examples=(
        Example(
            name="capped",
            title="投入 600 万元，到上限",
            source="2026年计量监管实施方案：实际投入的 10%，最高 50 万元",
            case={"day": "2026-06-01", "invested_yuan": "6000000"},
        ),
    ),
)
