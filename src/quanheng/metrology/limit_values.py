"""Judging a value against limits (GB/T 8170-2008, chapter 4: expression and judgement of limit values).

The full comparison (全数值比较法) is the default: the value as found is compared with the limit, and 0.301
exceeds 0.30. The rounded comparison (修约值比较法) holds only where the standard says so: the value is first
rounded, once, to the place of the limit as it is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from quanheng.metrology.rounding import exact, round_to_place
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell


class Comparison(StrEnum):
    """How a value is compared with a limit."""

    FULL = "full"
    ROUNDED = "rounded"


@dataclass(frozen=True, slots=True)
class LimitValues:
    """What a value must keep to; a bound that is None does not exist. Bounds carry their digits as written.

    Args:
        is_lower_included, is_upper_included: whether the bound itself conforms.
    """

    lower: Decimal | None
    upper: Decimal | None
    is_lower_included: bool = True
    is_upper_included: bool = True


@dataclass(frozen=True, slots=True)
class LimitVerdict:
    """Whether the value keeps to the limits, and the values that were compared with each of them."""

    conforms: bool
    comparison: Comparison
    compared_with_lower: Decimal | None
    compared_with_upper: Decimal | None


def judge(
    value: Decimal | int, limits: LimitValues, comparison: Comparison = Comparison.FULL
) -> LimitVerdict:
    """Judge one value.

    Raises:
        CaseFault: no limit at all, limits that nothing can keep to, or a number that `exact` refuses.
    """
    number = exact("value", value)
    lower = None if limits.lower is None else exact("lower", limits.lower)
    upper = None if limits.upper is None else exact("upper", limits.upper)
    _check_limits(lower, upper)
    at_lower = None if lower is None else _compared(number, lower, comparison)
    at_upper = None if upper is None else _compared(number, upper, comparison)
    keeps_lower = _is_beyond(at_lower, lower, is_included=limits.is_lower_included)
    keeps_upper = _is_beyond(upper, at_upper, is_included=limits.is_upper_included)
    return LimitVerdict(keeps_lower and keeps_upper, comparison, at_lower, at_upper)


def _compared(number: Decimal, limit: Decimal, comparison: Comparison) -> Decimal:
    if comparison is Comparison.FULL:
        return number
    return round_to_place(number, int(limit.as_tuple().exponent))


def _is_beyond(larger: Decimal | None, smaller: Decimal | None, *, is_included: bool) -> bool:
    """Say whether larger is at or above smaller; a bound that does not exist is always kept."""
    if larger is None or smaller is None:
        return True
    return larger > smaller or (is_included and larger == smaller)


def _check_limits(lower: Decimal | None, upper: Decimal | None) -> None:
    if lower is None and upper is None:
        raise CaseFault("limits", "no_limit", "请至少给出上限或下限之一。")
    if lower is not None and upper is not None and lower > upper:
        raise CaseFault(
            "limits",
            "lower_above_upper",
            tell("下限 {lower} 高于上限 {upper}，请核对。", lower=lower, upper=upper),
        )
