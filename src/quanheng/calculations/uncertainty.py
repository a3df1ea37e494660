"""A measurement uncertainty budget, by the GUM framework and by Monte Carlo, and the verdict between them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pydantic import Field

from quanheng.calculations.calculation import Calculation, Case, Example, Result
from quanheng.calculations.uncertainty_model import (
    MOST_INPUTS,
    CorrelationIn,
    Finite,
    InputIn,
    check_trials,
    correlations_of,
    inputs_of,
    units_of,
)
from quanheng.metrology.uncertainty.budget import Budget
from quanheng.metrology.uncertainty.cost import most_trials
from quanheng.metrology.uncertainty.coverage import Interval
from quanheng.metrology.uncertainty.dimensions import check_units
from quanheng.metrology.uncertainty.distributions import Shape
from quanheng.metrology.uncertainty.equation import read_equation
from quanheng.metrology.uncertainty.monte_carlo import Simulated, simulate, simulate_until_stable
from quanheng.metrology.uncertainty.plot import draw_svg, histogram
from quanheng.metrology.uncertainty.propagation import Propagated, propagate
from quanheng.metrology.uncertainty.report import state_draws, state_framework
from quanheng.metrology.uncertainty.unit_symbols import read_unit
from quanheng.metrology.uncertainty.validation import Verdict, compare
from quanheng.packs.rule_pack import RulePacks

RECTANGULAR = {"distribution": "rectangular"}
MOST_TRIALS = 2_000_000  # of one question


class UncertaintyCase(Case):
    """A budget and what is asked of it."""

    equation: str = Field(max_length=2000, description="测量模型右端，如 “V / I * cos(phi)”")
    unit: str = Field("", max_length=400, description="被测量的单位；输入量都写了单位时核对是否一致")
    inputs: list[InputIn] = Field(min_length=1, max_length=MOST_INPUTS, description="输入量")
    correlations: list[CorrelationIn] = Field([], max_length=MOST_INPUTS, description="相关系数")
    probability: Finite = Field(0.95, description="包含概率")
    second_order: bool = Field(False, description="是否计入二阶项")
    trials: int | None = Field(None, le=MOST_TRIALS, description="蒙特卡洛试验次数；空为自适应")
    digits: int = Field(2, description="自适应时不确定度的有效位数，1 或 2")
    seed: int = Field(20260101, ge=0, lt=2**63, description="随机数种子；同一种子结果相同")


class RowOut(Result):
    """One row of the budget."""

    name: str = Field(description="输入量")
    unit: str = Field(description="单位")
    distribution: Shape = Field(description="分布")
    estimate: float = Field(description="估计值")
    standard_uncertainty: float = Field(description="标准不确定度 u(x)")
    degrees_of_freedom: float | None = Field(description="自由度；空为无穷")
    sensitivity: float = Field(description="灵敏系数 c")
    contribution: float = Field(description="|c|·u(x)")
    share: float = Field(description="在合成方差中所占份额")


class FrameworkOut(Result):
    """What the GUM framework gives."""

    estimate: float = Field(description="被测量的估计值")
    standard_uncertainty: float = Field(description="合成标准不确定度")
    second_order_uncertainty: float | None = Field(description="计入二阶项的合成标准不确定度")
    degrees_of_freedom: float | None = Field(description="有效自由度；空为无穷，或输入量相关而不适用")
    coverage_factor: float = Field(description="包含因子 k")
    expanded_uncertainty: float = Field(description="扩展不确定度 U")
    lower: float = Field(description="包含区间下限")
    upper: float = Field(description="包含区间上限")


class MonteCarloOut(Result):
    """What the propagation of distributions gives."""

    estimate: float = Field(description="估计值：平均值；分布没有平均值时为中位数")
    standard_uncertainty: float | None = Field(description="标准不确定度；分布没有方差时为空")
    lower: float = Field(description="最短包含区间下限")
    upper: float = Field(description="最短包含区间上限")
    symmetric_lower: float = Field(description="概率对称包含区间下限")
    symmetric_upper: float = Field(description="概率对称包含区间上限")
    trials: int = Field(description="试验次数")
    is_stable: bool = Field(description="自适应是否达到稳定；给定次数时为真")
    spread: float | None = Field(
        description="对称区间两端的统计波动（两倍标准差），应不大于 δ/5；给定次数时为空"
    )
    most_trials: int | None = Field(description="自适应的试验次数上限；给定次数时为空")
    generator: str = Field(description="随机数发生器")
    seed: int = Field(description="种子")


class StatementOut(Result):
    """The result as a certificate states it."""

    chinese: str = Field(description="中文表述")
    english: str = Field(description="英文表述")


class HistogramOut(Result):
    """The draws and the density of the framework."""

    edges: tuple[float, ...] = Field(description="各格的边")
    densities: tuple[float, ...] = Field(description="各格的概率密度")
    framework: tuple[float, ...] = Field(description="GUM 法在各边处的概率密度")
    svg: str = Field(description="图：直方图、GUM 法的曲线、两法的包含区间；无宽度时为空")


class UncertaintyResult(Result):
    """The budget, both results, and whether the framework holds."""

    unit: str = Field(description="单位")
    statement: StatementOut = Field(description="结果的完整表述")
    budget: tuple[RowOut, ...] = Field(description="不确定度分量")
    framework: FrameworkOut = Field(description="GUM 法")
    monte_carlo: MonteCarloOut = Field(description="蒙特卡洛法")
    tolerance: float = Field(description="验证用的数值容差 δ")
    lower_difference: float = Field(description="两法区间下限之差")
    upper_difference: float = Field(description="两法区间上限之差")
    rounding: float = Field(description="二进制运算丢失的位数，折合被测量的误差界")
    verdict: Verdict = Field(
        description="confirmed 通过验证；refuted 未通过；not_stable 未稳定；undecided 不足以判定；"
        "no_variance 没有方差；"
        "digits_lost 有效数字丢失"
    )
    is_validated: bool = Field(description="GUM 法是否通过蒙特卡洛法验证")
    histogram: HistogramOut = Field(description="蒙特卡洛法的分布")


def run(case: UncertaintyCase, packs: RulePacks) -> UncertaintyResult:  # noqa: ARG001 - no limit of a pack
    """Evaluate the budget by both methods; the validation uses the digits of the case."""
    budget = _budget(case)
    framework = propagate(budget, second_order=case.second_order)
    told = _framework(framework, case.probability)
    chance = np.random.Generator(np.random.PCG64(case.seed))
    most = min(MOST_TRIALS, most_trials(budget, [budget.equation]))
    if case.trials is None:
        found = simulate_until_stable(budget, case.probability, chance, digits=case.digits, most=most)
    else:
        check_trials(case.trials, most)
        found = simulate(budget, case.trials, case.probability, chance)
    compared = compare(budget, framework, Interval(told.lower, told.upper), found, case.digits)
    return UncertaintyResult(
        unit=case.unit,
        statement=_statement(framework, found, case, compared.verdict),
        budget=tuple(_rows(framework, case.inputs)),
        framework=told,
        monte_carlo=_monte_carlo(found, case.seed),
        tolerance=compared.validation.tolerance,
        lower_difference=compared.validation.lower_difference,
        upper_difference=compared.validation.upper_difference,
        rounding=compared.rounding,
        verdict=compared.verdict,
        is_validated=compared.verdict == Verdict.CONFIRMED,
        histogram=_histogram(framework, told, found),
    )


def _budget(case: UncertaintyCase) -> Budget:
    budget = Budget(read_equation(case.equation), inputs_of(case.inputs), correlations_of(case.correlations))
    if units := units_of(case.inputs):
        check_units(budget.equation, units, read_unit(case.unit, "unit") if case.unit else None)
    return budget


def _framework(found: Propagated, probability: float) -> FrameworkOut:
    factor = found.coverage_factor(probability)
    half = factor * found.stated_uncertainty
    dof = found.degrees_of_freedom
    return FrameworkOut(
        estimate=found.estimate, standard_uncertainty=found.standard_uncertainty,
        second_order_uncertainty=found.second_order_uncertainty,
        degrees_of_freedom=None if dof is None or np.isinf(dof) else dof, coverage_factor=factor,
        expanded_uncertainty=half, lower=found.estimate - half, upper=found.estimate + half,
    )  # fmt: skip


def _rows(found: Propagated, inputs: Sequence[InputIn]) -> list[RowOut]:
    return [
        RowOut(
            name=row.name, unit=one.unit, distribution=one.distribution, estimate=row.estimate,
            standard_uncertainty=row.standard_uncertainty,
            degrees_of_freedom=None if np.isinf(row.degrees_of_freedom) else row.degrees_of_freedom,
            sensitivity=row.sensitivity, contribution=row.contribution, share=row.share,
        )
        for row, one in zip(found.rows, inputs, strict=True)
    ]  # fmt: skip


def _monte_carlo(found: Simulated, seed: int) -> MonteCarloOut:
    return MonteCarloOut(
        estimate=found.estimate, standard_uncertainty=found.standard_uncertainty,
        lower=found.shortest.lower, upper=found.shortest.upper, symmetric_lower=found.symmetric.lower,
        symmetric_upper=found.symmetric.upper, trials=found.trials, is_stable=found.is_stable,
        spread=found.spread, most_trials=found.most,
        generator="PCG64", seed=seed,
    )  # fmt: skip


def _statement(
    framework: Propagated, found: Simulated, case: UncertaintyCase, verdict: Verdict
) -> StatementOut:
    one = state_framework(framework, case.probability, case.unit)
    other = state_draws(found, case.probability, case.unit, verdict)
    return StatementOut(chinese=one.chinese + other.chinese, english=f"{one.english} {other.english}")


def _histogram(framework: Propagated, told: FrameworkOut, found: Simulated) -> HistogramOut:
    shown = histogram(found.draws, framework)
    return HistogramOut(
        edges=shown.edges,
        densities=shown.densities,
        framework=shown.framework,
        svg=draw_svg(shown, Interval(told.lower, told.upper), found.shortest),
    )


CALCULATION = Calculation(
    name="uncertainty",
    title="测量不确定度评定",
    case=UncertaintyCase,
    result=UncertaintyResult,
    run=run,
    is_heavy=True,
    examples=(
        Example(
            name="mass",
            title="质量校准：GUM 法未通过验证",
            source="JCGM 101:2008，9.3",
            case={
                "equation": "(mR + dm) * (1 + (ra - 1.2) * (1 / rW - 1 / rR)) - 100000",
                "unit": "mg",
                "inputs": [
                    {"name": "mR", "unit": "mg", "estimate": 100000, "scale": 0.05},
                    {"name": "dm", "unit": "mg", "estimate": 1.234, "scale": 0.02},
                    {"name": "ra", "unit": "kg/m³", "estimate": 1.2, "scale": 0.1} | RECTANGULAR,
                    {"name": "rW", "unit": "kg/m³", "estimate": 8000, "scale": 1000} | RECTANGULAR,
                    {"name": "rR", "unit": "kg/m³", "estimate": 8000, "scale": 50} | RECTANGULAR,
                ],
                "digits": 1,
            },
        ),
        Example(
            name="end-gauge",
            title="量块校准",
            source="JCGM 100:2008，H.1，单位 nm",
            case={
                "equation": "ls + d0 + d1 + d2 - ls * (da * (th + D) + al * dt)",
                "unit": "nm",
                "inputs": [
                    {"name": "ls", "unit": "nm", "estimate": 50000623, "scale": 25, "degrees_of_freedom": 18},
                    {"name": "d0", "unit": "nm", "estimate": 215, "scale": 5.8, "degrees_of_freedom": 24},
                    {"name": "d1", "unit": "nm", "estimate": 0, "scale": 3.9, "degrees_of_freedom": 5},
                    {"name": "d2", "unit": "nm", "estimate": 0, "scale": 6.7, "degrees_of_freedom": 8},
                    {"name": "al", "unit": "1/°C", "estimate": 11.5e-6, "scale": 2e-6} | RECTANGULAR,
                    {
                        "name": "da", "unit": "1/°C", "estimate": 0, "distribution": "rectangular",
                        "scale": 1e-6, "degrees_of_freedom": 50,
                    },
                    {"name": "th", "unit": "°C", "estimate": -0.1, "scale": 0.2},
                    {"name": "D", "unit": "°C", "estimate": 0, "distribution": "arcsine", "scale": 0.5},
                    {
                        "name": "dt", "unit": "°C", "estimate": 0, "distribution": "rectangular",
                        "scale": 0.05, "degrees_of_freedom": 2,
                    },
                ],
                "probability": 0.99,
                "digits": 1,
            },
        ),
    ),
)  # fmt: skip
