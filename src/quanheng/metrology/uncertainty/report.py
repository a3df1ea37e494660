"""A result as a metrologist states it, rounded, with U, k, p, ν_eff (JCGM 100, 7.2; JJF 1059.1-2012, 5)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

from quanheng.metrology.rounding import RoundingScheme, round_result
from quanheng.metrology.uncertainty.coverage import Interval
from quanheng.metrology.uncertainty.monte_carlo import Simulated
from quanheng.metrology.uncertainty.propagation import Propagated

SIGNIFICANT = 12  # digits of a binary number that mean something
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


def rounded(value: float, uncertainty: float, digits: int = 2) -> Rounded:
    """Round an uncertainty to so many digits and the value to the same place (GB/T 8170, half to even)."""
    if not _can_be_written_out(value, uncertainty):
        return Rounded(f"{value:.6g}", f"{uncertainty:.{digits}g}")
    result = round_result(_decimal(value), _decimal(uncertainty), digits, RoundingScheme.HALF_EVEN)
    return Rounded(_text(result.value), _text(result.uncertainty))


def state_framework(found: Propagated, probability: float, unit: str) -> Statement:
    """State y ± U with all that belongs to it (7.2.3)."""
    u = found.second_order_uncertainty or found.standard_uncertainty
    factor = found.coverage_factor(probability)
    y = rounded(found.estimate, factor * u)
    own = rounded(found.estimate, u).uncertainty
    space = f" {unit}" if unit else ""
    share = f"{100 * probability:.6g} %"
    chinese, english = _distribution(found)
    return Statement(
        f"y = ({y.value} ± {y.uncertainty}){space}，± 后为扩展不确定度 U = k·u_c，"
        f"合成标准不确定度 u_c = {own}{space}，"
        f"包含因子 k = {factor:.2f}，包含概率 p = {share}，{chinese}。",
        f"y = ({y.value} ± {y.uncertainty}){space}, where the number after ± is "
        f"the expanded uncertainty U = k·u_c with the combined standard uncertainty u_c = {own}{space}, "
        f"the coverage factor k = {factor:.2f} for the coverage probability p = {share}, {english}.",
    )


def state_draws(found: Simulated, probability: float, unit: str, *, validated: bool) -> Statement:
    """State what the draws say, and which of the two results to use."""
    y = rounded(found.estimate, found.standard_uncertainty)
    ends = ", ".join(_ends(found.shortest, found.standard_uncertainty))
    space = f" {unit}" if unit else ""
    share = f"{100 * probability:.6g} %"
    use = (
        ("GUM 法的结果得到验证", "which confirms the GUM framework")
        if validated
        else ("GUM 法未通过验证，应采用本结果", "which does not confirm the GUM framework: use this result")
    )
    return Statement(
        f"蒙特卡洛法（{found.trials} 次）：y = {y.value}{space}，u(y) = {y.uncertainty}{space}，"
        f"{share} 最短包含区间 [{ends}]{space}；{use[0]}。",
        f"Monte Carlo ({found.trials} trials): y = {y.value}{space}, u(y) = {y.uncertainty}{space}, "
        f"shortest {share} coverage interval [{ends}]{space}, {use[1]}.",
    )


def _distribution(found: Propagated) -> tuple[str, str]:
    degrees = found.degrees_of_freedom
    if degrees is None:
        return "输入量相关，按正态分布取 k", "taken from the normal distribution, as inputs correlate"
    if math.isinf(degrees):
        return "有效自由度无穷大，按正态分布取 k", "taken from the normal distribution"
    whole = max(1, math.floor(degrees))
    return (
        f"有效自由度 ν_eff = {whole}，按 t 分布取 k",
        f"taken from the t-distribution with ν_eff = {whole} effective degrees of freedom",
    )


def _ends(interval: Interval, uncertainty: float) -> tuple[str, str]:
    return rounded(interval.lower, uncertainty).value, rounded(interval.upper, uncertainty).value


def _can_be_written_out(value: float, uncertainty: float) -> bool:
    if not (math.isfinite(value) and math.isfinite(uncertainty) and uncertainty > 0):
        return False
    powers = math.log10(uncertainty), math.log10(abs(value) or uncertainty)
    return max(map(abs, powers)) < 2 * MOST_APART and abs(powers[1] - powers[0]) < MOST_APART


def _decimal(value: float) -> Decimal:
    return Decimal(f"{value:.{SIGNIFICANT}g}") if abs(value) < 10**SIGNIFICANT else Decimal(repr(value))


def _text(value: Decimal) -> str:
    exponent = int(value.as_tuple().exponent)
    written = format(value, "f") if -PLAIN <= exponent <= PLAIN else format(value, "E")
    return written.replace("-", "−", 1) if written.startswith("-") else written
