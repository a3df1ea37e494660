"""What a sampling plan for net content risks: how likely a lot passes its test of single items."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from quanheng.calculations.calculation import Calculation, Case, CitationOut, Example, Result
from quanheng.calculations.net_content import Plan
from quanheng.metrology.net_content.sampling import acceptance_probability, sampling_plan
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePacks


class LotAcceptanceCase(Case):
    """A lot, the plan, and how many of its items might lack more than T."""

    plan: Plan = Field(description="cn 中国；oiml-r87、eu、nz、us 见净含量检验")
    day: date = Field(description="所用规则的日期")
    lot_size: int = Field(ge=1, le=10_000_000, description="批量")
    inadequate: list[int] = Field(
        min_length=1, max_length=200, description="批中短缺量大于 T 的件数，逐一计算"
    )


class AcceptanceOut(Result):
    """How likely the lot passes with so many inadequate items."""

    inadequate: int = Field(description="批中短缺量大于 T 的件数")
    probability: float = Field(description="通过单件检验的概率")


class LotAcceptanceResult(Result):
    """The plan, and what it risks."""

    sample: int = Field(description="样本量")
    allowed: int = Field(description="允许的件数")
    lots: tuple[AcceptanceOut, ...] = Field(description="各种情况")
    citations: tuple[CitationOut, ...] = Field(description="所用规则")


def run(case: LotAcceptanceCase, packs: RulePacks) -> LotAcceptanceResult:
    """Evaluate the plan of the day for each number of inadequate items (hypergeometric)."""
    pack = packs.in_force(f"net-content/{case.plan}", case.day)
    plan = sampling_plan(case.lot_size, pack)
    if plan.second:
        raise CaseFault("plan", "two_samples", "该方案分两次抽样，通过的概率不止由一次决定，这里不计算。")
    lots = tuple(
        AcceptanceOut(inadequate=number, probability=_probability(case, plan.sample, plan.allowed, place))
        for place, number in enumerate(case.inadequate)
    )
    return LotAcceptanceResult(
        sample=plan.sample, allowed=plan.allowed, lots=lots,
        citations=(CitationOut.of(pack.cite("sampling")),),
    )  # fmt: skip


def _probability(case: LotAcceptanceCase, sample: int, allowed: int, place: int) -> float:
    try:
        return acceptance_probability(case.lot_size, sample, allowed, case.inadequate[place])
    except CaseFault as fault:
        raise CaseFault(f"inadequate[{place}]", fault.code, fault.message) from None


CALCULATION = Calculation(
    name="lot-acceptance",
    title="净含量抽样方案的风险",
    case=LotAcceptanceCase,
    result=LotAcceptanceResult,
    run=run,
    examples=(
        Example(
            name="five-hundred",
            title="500 件中 12 件、45 件短缺过大：通过的概率 0.976、0.317",
            source="JJF 1070 的抽样方案，超几何分布，复核",
            case={"plan": "cn", "day": "2026-06-01", "lot_size": 500, "inadequate": [0, 12, 45]},
        ),
    ),
)
