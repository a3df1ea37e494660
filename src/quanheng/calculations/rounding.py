"""A value rounded by GB/T 8170-2008, and held against limits as the standard says."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import Field

from quanheng.calculations.calculation import Calculation, Case, Example, Result
from quanheng.metrology.limit_values import Comparison, LimitValues, judge
from quanheng.metrology.rounding import (
    RoundingScheme,
    round_significant,
    round_to_fifth,
    round_to_half,
    round_to_interval,
)
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePacks

Number = Annotated[Decimal, Field(allow_inf_nan=False, max_digits=60)]
Place = Annotated[int, Field(ge=-60, le=60)]
T = TypeVar("T")


class RoundTo(StrEnum):
    """What a value is rounded to."""

    INTERVAL = "interval"
    HALF = "half"
    FIFTH = "fifth"
    SIGNIFICANT = "significant"


class RoundingCase(Case):
    """A value as it was measured or computed, never one that was rounded before."""

    value: Number = Field(description="测定值或计算值")
    to: RoundTo | None = Field(
        None, description="interval 修约间隔；half 0.5 单位；fifth 0.2 单位；significant 有效位数；空为不修约"
    )
    interval: Number | None = Field(None, description="修约间隔：1、2 或 5 乘以 10 的整数次幂；interval 用")
    place: Place | None = Field(None, description="指定数位，10 的幂次，如 -1 为一位小数；half、fifth 用")
    digits: int | None = Field(None, ge=1, le=60, description="有效位数；significant 用")
    scheme: RoundingScheme = Field(RoundingScheme.HALF_EVEN, description="half_even 四舍六入五成双；up 进一")
    lower: Number | None = Field(None, description="极限数值的下限，按所写的位数")
    upper: Number | None = Field(None, description="极限数值的上限，按所写的位数")
    is_lower_included: bool = Field(True, description="下限本身是否符合")
    is_upper_included: bool = Field(True, description="上限本身是否符合")
    comparison: Comparison = Field(
        Comparison.FULL, description="full 全数值比较法；rounded 修约值比较法，仅在标准规定时使用"
    )


class RoundingResult(Result):
    """The value rounded, and whether the value as given keeps to the limits."""

    rounded: Decimal | None = Field(description="修约值；没有要求修约时为空")
    conforms: bool | None = Field(description="是否符合；没有极限数值时为空")
    compared_with_lower: Decimal | None = Field(description="与下限比较的值")
    compared_with_upper: Decimal | None = Field(description="与上限比较的值")


def run(case: RoundingCase, packs: RulePacks) -> RoundingResult:  # noqa: ARG001 - no limit of a pack
    """Round once, and judge what was given."""
    rounded = _rounded(case)
    if case.lower is None and case.upper is None:
        if rounded is None:
            raise CaseFault("to", "one_of_two", "请选择修约方式，或填写极限数值。")
        return RoundingResult(
            rounded=rounded, conforms=None, compared_with_lower=None, compared_with_upper=None
        )
    limits = LimitValues(case.lower, case.upper, case.is_lower_included, case.is_upper_included)
    try:
        verdict = judge(case.value, limits, case.comparison)
    except CaseFault as fault:
        field = "lower" if fault.field == "limits" else fault.field
        raise CaseFault(field, fault.code, fault.message) from None
    return RoundingResult(
        rounded=rounded, conforms=verdict.conforms, compared_with_lower=verdict.compared_with_lower,
        compared_with_upper=verdict.compared_with_upper,
    )  # fmt: skip


def _rounded(case: RoundingCase) -> Decimal | None:
    if case.to is None:
        return None
    if case.to is RoundTo.INTERVAL:
        return round_to_interval(case.value, _given(case.interval, "interval"), case.scheme)
    if case.to is RoundTo.SIGNIFICANT:
        return round_significant(case.value, _given(case.digits, "digits"), case.scheme)
    if case.scheme is not RoundingScheme.HALF_EVEN:
        raise CaseFault("scheme", "not_used", "0.5 单位和 0.2 单位修约只用四舍六入五成双。")
    by_place = round_to_half if case.to is RoundTo.HALF else round_to_fifth
    return by_place(case.value, _given(case.place, "place"))


def _given(value: T | None, field: str) -> T:
    if value is None:
        raise CaseFault(field, "empty", "这种修约需要填写此项。")
    return value


CALCULATION = Calculation(
    name="rounding",
    title="数值修约与极限数值判定",
    case=RoundingCase,
    result=RoundingResult,
    run=run,
    examples=(
        Example(
            name="half",
            title="60.25 修约到个数位的 0.5 单位：60.0",
            source="GB/T 8170-2008，3.4.1",
            case={"value": "60.25", "to": "half", "place": 0},
        ),
        Example(
            name="fifth",
            title="830 修约到百数位的 0.2 单位：840",
            source="GB/T 8170-2008，3.4.2",
            case={"value": "830", "to": "fifth", "place": 2},
        ),
        Example(
            name="limit",
            title="0.301 不符合 ≤ 0.30（全数值比较法）",
            source="GB/T 8170-2008，4.3.2",
            case={"value": "0.301", "upper": "0.30"},
        ),
    ),
)
