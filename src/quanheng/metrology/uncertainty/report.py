"""A result as a metrologist states it, rounded, with U, k, p, ν_eff (JCGM 100, 7.2; JJF 1059.1-2012, 5)."""

from __future__ import annotations

import decimal
import math
from dataclasses import dataclass
from decimal import Decimal

from quanheng.metrology.rounding import RoundingScheme, round_result
from quanheng.metrology.uncertainty.coverage import Interval
from quanheng.metrology.uncertainty.monte_carlo import Simulated
from quanheng.metrology.uncertainty.propagation import Propagated
from quanheng.metrology.uncertainty.validation import Verdict
from quanheng.packs.sentence import tell

SIGNIFICANT = 12  # digits of a binary number that mean something whatever was computed
MOST_WRITTEN = 17  # digits that a binary number has at all
PLAIN = 12  # decimals, beyond which a number is written with its power of ten
MOST_APART = 30  # powers of ten between an estimate and its uncertainty that can be written out


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence or two in each language."""

    chinese: str
    english: str


@dataclass(frozen=True, slots=True)
class Rounded:
    """Numbers ready to print, the value to the place of its uncertainty."""

    value: str
    uncertainty: str


def rounded(value: float | Decimal, uncertainty: float, digits: int = 2) -> Rounded:
    """Round an uncertainty to so many digits and the value to the same place (GB/T 8170, half to even).

    Args:
        value: a decimal keeps every digit that the uncertainty asks for, a binary number those that it has.
    """
    if isinstance(value, Decimal) and abs(value.adjusted()) > 2 * MOST_APART:
        value = float(value)
    if not _can_be_written_out(float(value), uncertainty):
        return Rounded(_whole(value), f"{uncertainty:.{digits}g}")
    spread = _decimal(uncertainty, SIGNIFICANT)
    result = round_result(_decimal(value, _needed(value, spread)), spread, digits, RoundingScheme.HALF_EVEN)
    return Rounded(_text(result.value), _text(result.uncertainty))


def with_guard_digits(value: float, uncertainty: float) -> str:
    """Write a value two places beyond those that its uncertainty asks for, to go on computing with."""
    return rounded(value, uncertainty / 100).value


def state_framework(found: Propagated, probability: float, unit: str) -> Statement:
    """State y ± U with all that belongs to it (7.2.3)."""
    u = found.stated_uncertainty
    factor = found.coverage_factor(probability)
    best = found.estimate if found.exact is None else found.exact
    y = rounded(best, factor * u)
    own = rounded(found.estimate, u).uncertainty
    space = f" {unit}" if unit else ""
    share = f"{100 * probability:.6g} %"
    chinese, english = _distribution(found)
    return Statement(
        tell(
            "y = ({value} ± {uncertainty}){space}，± 后为扩展不确定度 U = k·u_c，合成标准不确定度 u_c"
            " = {own}{space}，包含因子 k = {factor:.2f}，包含概率 p = {share}，{chinese}。",
            value=y.value,
            uncertainty=y.uncertainty,
            space=space,
            own=own,
            factor=factor,
            share=share,
            chinese=chinese,
        ),
        f"y = ({y.value} ± {y.uncertainty}){space}, where the number after ± is "
        f"the expanded uncertainty U = k·u_c with the combined standard uncertainty u_c = {own}{space}, "
        f"the coverage factor k = {factor:.2f} for the coverage probability p = {share}, {english}.",
    )


def state_draws(found: Simulated, probability: float, unit: str, verdict: Verdict) -> Statement:
    """State what the draws say, and which of the two results to use."""
    y = rounded(found.estimate, found.scale)
    ends = ", ".join(_ends(found.shortest, found.scale))
    space = f" {unit}" if unit else ""
    share = f"{100 * probability:.6g} %"
    moments = _moments(found, y, space)
    chinese, english = _conclusion(found, verdict)
    return Statement(
        tell(
            "蒙特卡洛法（{trials} 次）：{moments}，{share} 最短包含区间 [{ends}]{space}；{chinese}。",
            trials=found.trials,
            moments=moments.chinese,
            share=share,
            ends=ends,
            space=space,
            chinese=chinese,
        ),
        f"Monte Carlo ({found.trials} trials): {moments.english}, "
        f"shortest {share} coverage interval [{ends}]{space}; {english}.",
    )


def _moments(found: Simulated, y: Rounded, space: str) -> Statement:
    if found.standard_uncertainty is not None:
        both = f"y = {y.value}{space}, u(y) = {y.uncertainty}{space}"
        return Statement(both.replace(", u", "，u"), both)
    kind = (tell("平均值"), "mean") if found.has_mean else (tell("中位数"), "median")
    return Statement(
        tell(
            "{kind} {value}{space}，没有标准不确定度（有输入量的 t 分布自由度不大于 2，没有方差）",
            kind=kind[0],
            value=y.value,
            space=space,
        ),
        f"{kind[1]} {y.value}{space}, no standard uncertainty, for the t-distribution of an input with two "
        "degrees of freedom or fewer has no variance",
    )


def _conclusion(found: Simulated, verdict: Verdict) -> tuple[str, str]:
    tolerance = f"{found.tolerance or 0:.1g}"
    return {
        Verdict.CONFIRMED: (tell("GUM 法的结果得到验证"), "this confirms the GUM framework"),
        Verdict.REFUTED: (
            tell("GUM 法未通过验证，应采用本结果"),
            "this does not confirm the GUM framework: use this result",
        ),
        Verdict.NO_VARIANCE: (
            tell("不能据此验证 GUM 法，观测次数应不少于 4 次"),
            "this confirms nothing: take four observations or more",
        ),
        Verdict.NOT_STABLE: (
            tell(
                "试验次数到上限 {most} 次仍未稳定（容差 {tolerance}），末位数字不可靠，不能据此验证 GUM 法",
                most=found.most,
                tolerance=tolerance,
            ),
            f"the run did not settle within its limit of {found.most} trials (tolerance "
            f"{tolerance}): the last digits are uncertain and confirm nothing",
        ),
        Verdict.UNDECIDED: (
            tell(
                "两法区间之差与容差 {tolerance} 过于接近，{trials} 次试验不足以判定；请采用本结果，或减少"
                "有效位数",
                tolerance=tolerance,
                trials=found.trials,
            ),
            f"the intervals differ by so nearly the tolerance {tolerance} that {found.trials} trials cannot "
            "tell: use this result, or ask for fewer digits",
        ),
        Verdict.DIGITS_LOST: (
            tell(
                "测量模型有大数相减，有效数字在计算中丢失，以上数值不可用，不能据此验证 GUM 法；请把相近"
                "的大数改为其差值作输入量"
            ),
            "the model subtracts nearly equal numbers and their digits are lost: these figures are rounding, "
            "not a result, and confirm nothing; enter the difference as an input",
        ),
    }[verdict]


def _distribution(found: Propagated) -> tuple[str, str]:
    degrees = found.degrees_of_freedom
    if degrees is None:
        return tell("输入量相关，按正态分布取 k"), "taken from the normal distribution, as inputs correlate"
    if math.isinf(degrees):
        return tell("有效自由度无穷大，按正态分布取 k"), "taken from the normal distribution"
    whole = max(1, math.floor(degrees))
    return (
        tell("有效自由度 ν_eff = {whole}，按 t 分布取 k", whole=whole),
        f"taken from the t-distribution with ν_eff = {whole} effective degrees of freedom",
    )


def _ends(interval: Interval, uncertainty: float) -> tuple[str, str]:
    return rounded(interval.lower, uncertainty).value, rounded(interval.upper, uncertainty).value


def _can_be_written_out(value: float, uncertainty: float) -> bool:
    if not (math.isfinite(value) and math.isfinite(uncertainty) and uncertainty > 0):
        return False
    powers = math.log10(uncertainty), math.log10(abs(value) or uncertainty)
    return max(map(abs, powers)) < 2 * MOST_APART and abs(powers[1] - powers[0]) < MOST_APART


def _whole(value: float | Decimal) -> str:
    """Write a value that has no uncertainty to round it by: with every digit, if they are few enough."""
    number = float(value)
    if not math.isfinite(number) or not 1e-6 <= abs(number or 1) < 10**MOST_WRITTEN:
        return f"{number:.6g}"
    return format(decimal.Context(prec=MOST_WRITTEN).plus(_decimal(value, MOST_WRITTEN)).normalize(), "f")


def _needed(value: float | Decimal, spread: Decimal) -> int:
    """Return the digits of a binary number that its uncertainty asks for; beyond twelve they may be noise."""
    number = float(value)
    if number == 0:
        return SIGNIFICANT
    return max(SIGNIFICANT, math.floor(math.log10(abs(number))) - spread.adjusted() + 3)


def _decimal(value: float | Decimal, significant: int) -> Decimal:
    """Return a number to so many significant digits; a decimal as it stands."""
    if isinstance(value, Decimal):
        return value
    return Decimal(f"{value:.{significant}g}") if significant < MOST_WRITTEN else Decimal(repr(value))


def _text(value: Decimal) -> str:
    exponent = int(value.as_tuple().exponent)
    written = format(value, "f") if -PLAIN <= exponent <= PLAIN else format(value, "E")
    return written.replace("-", "−", 1) if written.startswith("-") else written
