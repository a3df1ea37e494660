"""What a decision by measurement risks: guard bands, risks of consumer and producer (JCGM 106:2012)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from quanheng.calculations.calculation import Calculation, Case, Example, Result
from quanheng.metrology.conformity.decision import (
    GuardBand,
    conformance_probability,
    global_risk,
    guard_band_factor,
    process_deviation,
)
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePacks

NARROWEST, WIDEST = 1e-5, 1e5  # of a standard deviation against the limit
Positive = Annotated[float, Field(gt=0, le=1e12, allow_inf_nan=False)]


class DecisionRiskCase(Case):
    """Limits ±T, what measures against them, and what is measured."""

    limit: Positive = Field(description="最大允许误差的绝对值 T")
    expanded_uncertainty: Positive = Field(description="检定、校准的扩展不确定度 U（k=2），与 T 同单位")
    in_tolerance: float | None = Field(
        None, gt=0, lt=1, description="被测器具总体的合格率，如 0.95；与总体标准差二者填一"
    )
    process_deviation: Positive | None = Field(None, description="被测器具误差的总体标准差，与 T 同单位")
    guard_band: GuardBand | None = Field(
        None, description="保护带：root_sum_square、test_95、rp_10；空为不设"
    )
    acceptance_limit: Positive | None = Field(None, description="自定的接受限，与 T 同单位；不与保护带同用")
    error: float | None = Field(
        None, allow_inf_nan=False, ge=-1e12, le=1e12, description="某台器具的误差：给出其合格概率"
    )
    is_one_sided: bool = Field(False, description="某台器具只有上限（重复性、泄漏等不会为负的量）")


class DecisionRiskResult(Result):
    """The risks, and every number on the way to them."""

    test_uncertainty_ratio: float = Field(description="测试不确定度比 TUR = T/U")
    measurement_deviation: float = Field(description="测量的标准不确定度 u = U/2")
    process_deviation: float = Field(description="总体标准差")
    in_tolerance: float = Field(description="总体合格率")
    guard_band_factor: float = Field(description="接受限与 T 之比")
    acceptance_limit: float = Field(description="接受限")
    consumer: float = Field(description="消费者风险：接受了不合格品的比例（PFA）")
    producer: float = Field(description="生产者风险：拒绝了合格品的比例（PFR）")
    unguarded_consumer: float = Field(description="不设保护带时的消费者风险")
    unguarded_producer: float = Field(description="不设保护带时的生产者风险")
    conformance_probability: float | None = Field(description="该台器具合格的概率；没有填误差时为空")


def run(case: DecisionRiskCase, packs: RulePacks) -> DecisionRiskResult:  # noqa: ARG001 - no limit of a pack
    """Evaluate centred normal items measured against symmetric limits (JCGM 106, 9.5)."""
    _one_of_each(case)
    spread = _spread(case)
    u = case.expanded_uncertainty / 2 / case.limit
    _check("expanded_uncertainty", u)
    factor = _factor(case)
    guarded = global_risk(spread, u, acceptance_limit=factor)
    plain = global_risk(spread, u)
    return DecisionRiskResult(
        test_uncertainty_ratio=case.limit / case.expanded_uncertainty,
        measurement_deviation=case.expanded_uncertainty / 2,
        process_deviation=spread * case.limit,
        in_tolerance=conformance_probability(0, spread, -1, 1),
        guard_band_factor=factor, acceptance_limit=factor * case.limit,
        consumer=max(0.0, guarded.consumer), producer=max(0.0, guarded.producer),
        unguarded_consumer=max(0.0, plain.consumer), unguarded_producer=max(0.0, plain.producer),
        conformance_probability=_probability(case),
    )  # fmt: skip


def _one_of_each(case: DecisionRiskCase) -> None:
    if (case.in_tolerance is None) == (case.process_deviation is None):
        raise CaseFault("in_tolerance", "one_of_two", "总体的合格率与标准差请填写一项，且只填一项。")
    if case.guard_band is not None and case.acceptance_limit is not None:
        raise CaseFault("acceptance_limit", "one_of_two", "保护带与自定的接受限只能选一项。")


def _spread(case: DecisionRiskCase) -> float:
    """Return the standard deviation of the items in limits."""
    if case.in_tolerance is not None:
        spread = process_deviation(case.in_tolerance)
        _check("in_tolerance", spread)
        return spread
    spread = (case.process_deviation or 0.0) / case.limit
    _check("process_deviation", spread)
    return spread


def _factor(case: DecisionRiskCase) -> float:
    if case.acceptance_limit is not None:
        return case.acceptance_limit / case.limit
    if case.guard_band is None:
        return 1.0
    try:
        factor = guard_band_factor(case.guard_band, case.limit / case.expanded_uncertainty)
    except CaseFault as fault:
        raise CaseFault("expanded_uncertainty", fault.code, fault.message) from None
    if factor <= 0:
        message = "U 等于 T：这种保护带之内没有接受区间，请用更准的标准。"
        raise CaseFault("expanded_uncertainty", "nothing_accepted", message)
    return factor


def _check(field: str, value: float) -> None:
    if not NARROWEST <= value <= WIDEST:
        message = "与最大允许误差相差过于悬殊，算不出有意义的风险，请核对单位。"
        raise CaseFault(field, "out_of_range", message)


def _probability(case: DecisionRiskCase) -> float | None:
    if case.error is None:
        return None
    lower = None if case.is_one_sided else -case.limit
    return conformance_probability(case.error, case.expanded_uncertainty / 2, lower, case.limit)


CALCULATION = Calculation(
    name="decision-risk",
    title="合格判定的风险",
    case=DecisionRiskCase,
    result=DecisionRiskResult,
    run=run,
    examples=(
        Example(
            name="deaver",
            title="TUR 为 4，总体标准差为允差的一半：风险 0.8 % 和 1.5 %",
            source="Deaver，4:1 的由来；JCGM 106:2012，9.5",
            case={"limit": 1, "expanded_uncertainty": 0.25, "process_deviation": 0.5},
        ),
        Example(
            name="guarded",
            title="同样的总体，设 RSS 保护带，一台器具误差 0.95",
            source="NCSLI RP-10 的公式；JCGM 106:2012，8.3 和 7.2",
            case={
                "limit": 1, "expanded_uncertainty": 0.25, "process_deviation": 0.5,
                "guard_band": "root_sum_square", "error": 0.95,
            },
        ),
    ),
)  # fmt: skip
