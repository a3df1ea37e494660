"""How long a drifting standard keeps to its limits or its uncertainty (NASA-HDBK-8739.19-5, chapter 7)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from quanheng.calculations.calculation import Calculation, Case, Example, Result
from quanheng.metrology.calibration_intervals.drift import (
    MOST_TERMS,
    Drift,
    Limits,
    fit_drift,
    until_limits,
    until_uncertain,
)
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePacks

MOST_CHANGES = 5_000
Value = Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, le=1e12, allow_inf_nan=False)]


class ChangeIn(Case):
    """What one calibration found against the one before."""

    days: float = Field(gt=0, le=36_525, allow_inf_nan=False, description="距上次校准的天数")
    change: Value = Field(description="本次校准前的示值减上次校准后的示值")


class DriftIntervalCase(Case):
    """The changes seen, the value as it was left, and what it has to keep to."""

    changes: list[ChangeIn] = Field(min_length=3, max_length=MOST_CHANGES, description="历次变化")
    terms: int = Field(1, ge=1, le=MOST_TERMS, description="漂移多项式的项数：1 为直线")
    value: Value = Field(description="最近一次校准后的值")
    measured: float = Field(ge=0, le=1e12, allow_inf_nan=False, description="校准的标准不确定度，与值同单位")
    lower: Value | None = Field(None, description="下限；只有上限时为空")
    upper: Value | None = Field(None, description="上限；只有下限时为空")
    probability: float = Field(0.95, ge=0.5, le=0.9999, description="到期时仍在限内的概率")
    target: Positive | None = Field(None, description="标准不确定度的目标；与限值至少填一项")


class DriftIntervalResult(Result):
    """The interval, what ends it, and the fit behind it."""

    interval: float | None = Field(
        description="建议的间隔，天；在可外推的范围内都不到期时为空；0 为现在就不符合"
    )
    ended_by: str | None = Field(description="limits 限值；uncertainty 不确定度；都不到期时为空")
    until_limits: float | None = Field(description="到可能超出限值的天数")
    until_uncertain: float | None = Field(description="到不确定度达到目标的天数")
    horizon: float = Field(description="只推到这一天：所见最长间隔的三倍")
    is_extrapolated: bool = Field(description="是否超过所见的最长间隔")
    predicted: float | None = Field(description="到期时的预期值")
    uncertainty: float | None = Field(description="到期时的标准不确定度")
    coefficients: tuple[float, ...] = Field(description="漂移多项式的系数，自一次项起，按天")
    scatter: float = Field(description="变化对多项式的标准偏差")
    degrees_of_freedom: int = Field(description="自由度")


def run(case: DriftIntervalCase, packs: RulePacks) -> DriftIntervalResult:  # noqa: ARG001 - no limit of a pack
    """Fit the drift, and look how long it leaves room."""
    has_limits = case.lower is not None or case.upper is not None
    if not has_limits and case.target is None:
        raise CaseFault("upper", "one_of_two", "请至少填写一个限值，或标准不确定度的目标。")
    drift = _fit(case)
    ends = {
        "limits": _until_limits(case, drift) if has_limits else None,
        "uncertainty": None if case.target is None else until_uncertain(drift, case.measured, case.target),
    }
    found = [(time, name) for name, time in ends.items() if time is not None]
    interval, ended_by = min(found, default=(None, None))
    return DriftIntervalResult(
        interval=interval, ended_by=ended_by, until_limits=ends["limits"],
        until_uncertain=ends["uncertainty"], horizon=drift.horizon,
        is_extrapolated=interval is None or interval > drift.longest,
        predicted=None if interval is None else case.value + drift.value(interval),
        uncertainty=None if interval is None else drift.uncertainty(interval, case.measured),
        coefficients=tuple(map(float, drift.coefficients)), scatter=drift.scatter,
        degrees_of_freedom=drift.degrees_of_freedom,
    )  # fmt: skip


def _fit(case: DriftIntervalCase) -> Drift:
    times, changes = [one.days for one in case.changes], [one.change for one in case.changes]
    try:
        return fit_drift(times, changes, case.terms)
    except CaseFault as fault:
        raise CaseFault("changes", fault.code, fault.message) from None


def _until_limits(case: DriftIntervalCase, drift: Drift) -> float | None:
    limits = Limits(case.lower, case.upper)
    try:
        return until_limits(drift, case.value, case.measured, limits, case.probability)
    except CaseFault as fault:
        field = "upper" if fault.field == "limits" else fault.field
        raise CaseFault(field, fault.code, fault.message) from None


TABLE_7_2 = ((70, 0.1), (86, 0.11), (104, 0.251), (135, 0.299), (167, 0.403), (173, 0.615))
NASA = [{"days": days, "change": change} for days, change in TABLE_7_2]

CALCULATION = Calculation(
    name="drift-interval",
    title="按漂移确定校准间隔",
    case=DriftIntervalCase,
    result=DriftIntervalResult,
    run=run,
    examples=(
        Example(
            name="limits",
            title="上下限 9 和 11，概率 90 %：140 天",
            source="NASA-HDBK-8739.19-5 (2010)，表 7-2 至 7-4",
            case={
                "changes": NASA, "terms": 2, "value": 10.03, "measured": 0.28, "lower": 9, "upper": 11,
                "probability": 0.9,
            },
        ),
        Example(
            name="uncertainty",
            title="标准不确定度不超过 0.5：327 天",
            source="NASA-HDBK-8739.19-5 (2010)，表 7-7",
            case={"changes": NASA, "terms": 2, "value": 10.03, "measured": 0.28, "target": 0.5},
        ),
    ),
)  # fmt: skip
