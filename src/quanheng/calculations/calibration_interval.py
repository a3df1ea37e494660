"""Does a calibration interval keep its reliability target, and which one would (NCSLI RP-1, method A3)?"""

from __future__ import annotations

from datetime import date

from pydantic import Field

from quanheng.calculations.calculation import Calculation, Case, CitationOut, Example, Result
from quanheng.calculations.proportion import BoundsOut
from quanheng.metrology.calibration_intervals.attributes import judge_interval, read_interval_rule
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePacks

FIELDS = {"hits": "passed", "trials": "tested"}  # as the interval of a proportion names them


class CalibrationIntervalCase(Case):
    """What the calibrations of instruments of one kind found, each after about the same interval."""

    day: date = Field(description="所用规则的日期")
    interval: float = Field(gt=0, le=36_525, allow_inf_nan=False, description="现行校准间隔，天")
    tested: int = Field(ge=1, le=1_000_000, description="按此间隔校准的次数")
    passed: int = Field(ge=0, le=1_000_000, description="其中维修、调整之前合格的次数")
    target: float = Field(0.95, gt=0, lt=1, description="可靠性目标：到期时仍合格的比例")
    confidence: float = Field(0.5, ge=0.01, le=0.9999, description="达到此置信水平才调整间隔")


class CalibrationIntervalResult(Result):
    """What is recommended, and every number on the way to it. It makes no period of a verification longer."""

    reliability: float = Field(description="观测到的可靠性")
    bounds: BoundsOut = Field(description="可靠性的置信区间，按所定的置信水平")
    rejection: float = Field(description="拒绝置信水平：现行间隔不符合目标的置信水平")
    calculated: float = Field(description="按方法算出的间隔，天，未经规则限制")
    interval: float = Field(description="建议的校准间隔，天")
    is_changed: bool = Field(description="是否建议调整")
    citations: tuple[CitationOut, ...] = Field(description="所用规则")


def run(case: CalibrationIntervalCase, packs: RulePacks) -> CalibrationIntervalResult:
    """Hold the interval against its target by the limits of the day."""
    pack = packs.in_force("calibration-interval", case.day)
    try:
        found = judge_interval(
            case.passed, case.tested, case.interval, case.target, read_interval_rule(pack),
            confidence=case.confidence,
        )  # fmt: skip
    except CaseFault as fault:
        raise CaseFault(FIELDS.get(fault.field, fault.field), fault.code, fault.message) from None
    return CalibrationIntervalResult(
        reliability=found.reliability, bounds=BoundsOut.of(found.bounds), rejection=found.rejection,
        calculated=found.calculated, interval=found.interval, is_changed=found.is_changed,
        citations=(CitationOut.of(pack.cite("attributes")),),
    )  # fmt: skip


CALCULATION = Calculation(
    name="calibration-interval",
    title="校准间隔的检验",
    case=CalibrationIntervalCase,
    result=CalibrationIntervalResult,
    run=run,
    examples=(
        Example(
            name="shorten",
            title="20 次中 15 次合格，目标 95 %：365 天缩短为 231 天",
            source="NCSLI 2019 年会讲义，器具 1（RP-1 方法 A3）",
            case={"day": "2026-06-01", "interval": 365, "tested": 20, "passed": 15},
        ),
        Example(
            name="keep",
            title="20 次中 19 次合格：不调整",
            source="同一方法，复核",
            case={"day": "2026-06-01", "interval": 365, "tested": 20, "passed": 19},
        ),
    ),
)
