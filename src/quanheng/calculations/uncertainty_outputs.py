"""Several outputs of one budget: covariances, coverage regions, by the framework and by Monte Carlo."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
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
from quanheng.metrology.uncertainty.cost import most_trials
from quanheng.metrology.uncertainty.dimensions import check_units
from quanheng.metrology.uncertainty.equation import is_name, read_equation
from quanheng.metrology.uncertainty.several_outputs import (
    JointResult,
    SeveralOutputs,
    propagate_jointly,
    simulate_jointly,
    validate_jointly,
)
from quanheng.metrology.uncertainty.unit_symbols import read_unit
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePacks
from quanheng.packs.sentence import tell

MOST_OUTPUTS = 6
MOST_TRIALS = 500_000  # of one question


class OutputIn(Case):
    """One output quantity and its equation."""

    name: str = Field(min_length=1, max_length=40, description="符号")
    equation: str = Field(max_length=2000, description="测量模型右端，如 “V / I * cos(phi)”")
    unit: str = Field("", max_length=400, description="单位；输入量都写了单位时核对是否一致")


class UncertaintyOutputsCase(Case):
    """Outputs of the same inputs."""

    outputs: list[OutputIn] = Field(min_length=1, max_length=MOST_OUTPUTS, description="输出量")
    inputs: list[InputIn] = Field(min_length=1, max_length=MOST_INPUTS, description="输入量")
    correlations: list[CorrelationIn] = Field([], max_length=MOST_INPUTS, description="输入量的相关系数")
    probability: Finite = Field(0.95, description="包含概率")
    trials: int = Field(200_000, le=MOST_TRIALS, description="蒙特卡洛试验次数")
    digits: int = Field(2, description="验证时不确定度的有效位数，1 或 2")
    seed: int = Field(20260101, ge=0, lt=2**63, description="随机数种子；同一种子结果相同")


class OutputOut(Result):
    """One output by one method."""

    name: str = Field(description="输出量")
    unit: str = Field(description="单位")
    estimate: float = Field(description="估计值")
    standard_uncertainty: float = Field(description="标准不确定度")
    lower: float = Field(description="矩形包含区域的下限")
    upper: float = Field(description="矩形包含区域的上限")


class JointOut(Result):
    """All outputs by one method."""

    outputs: tuple[OutputOut, ...] = Field(description="各输出量")
    covariance: tuple[tuple[float, ...], ...] = Field(description="协方差矩阵")
    correlation: tuple[tuple[float, ...], ...] = Field(description="相关系数矩阵")
    dimensions: int = Field(description="协方差矩阵的秩；小于输出量个数时输出量之间有确定的关系")
    ellipsoid_factor: float = Field(description="超椭球包含区域的包含因子 k_p")
    box_factor: float = Field(description="超矩形包含区域的包含因子 k_q")


class UncertaintyOutputsResult(Result):
    """Both methods, and whether the framework holds."""

    framework: JointOut = Field(description="GUM 法")
    monte_carlo: JointOut = Field(description="蒙特卡洛法")
    trials: int = Field(description="试验次数")
    generator: str = Field(description="随机数发生器")
    seed: int = Field(description="种子")
    tolerances: tuple[float, ...] = Field(description="各输出量的数值容差 δ")
    estimate_differences: tuple[float, ...] = Field(description="两法估计值之差")
    uncertainty_differences: tuple[float, ...] = Field(description="两法标准不确定度之差")
    eigenvalue_tolerance: float = Field(description="相关系数矩阵最大特征值的容差")
    eigenvalue_difference: float = Field(description="两法相关系数矩阵最大特征值之差")
    factor_tolerance: float = Field(description="包含因子 k_p 的容差")
    factor_difference: float = Field(description="两法 k_p 之差")
    are_digits_lost: bool = Field(description="测量模型有大数相减，二进制运算丢失的位数使抽样不能说明问题")
    is_validated: bool = Field(description="GUM 法是否通过蒙特卡洛法验证")


def run(case: UncertaintyOutputsCase, packs: RulePacks) -> UncertaintyOutputsResult:  # noqa: ARG001
    """Evaluate the outputs by both methods (JCGM 102)."""
    model = _model(case)
    check_trials(case.trials, most_trials(model, model.equations.values()))
    framework = propagate_jointly(model, case.probability)
    chance = np.random.Generator(np.random.PCG64(case.seed))
    drawn = simulate_jointly(model, case.trials, case.probability, chance)
    verdict = validate_jointly(model, framework, drawn, case.digits)
    return UncertaintyOutputsResult(
        framework=_told(framework, case),
        monte_carlo=_told(drawn, case),
        trials=case.trials,
        generator="PCG64",
        seed=case.seed,
        tolerances=_floats(verdict.tolerances),
        estimate_differences=_floats(verdict.estimate_differences),
        uncertainty_differences=_floats(verdict.uncertainty_differences),
        eigenvalue_tolerance=verdict.eigenvalue_tolerance,
        eigenvalue_difference=verdict.eigenvalue_difference,
        factor_tolerance=verdict.factor_tolerance,
        factor_difference=verdict.factor_difference,
        are_digits_lost=verdict.are_digits_lost,
        is_validated=verdict.is_validated,
    )


def _model(case: UncertaintyOutputsCase) -> SeveralOutputs:
    equations = {}
    for index, output in enumerate(case.outputs):
        if not is_name(output.name):
            raise CaseFault(
                f"outputs[{index}].name", "not_a_name", "输出量的符号应由字母、数字、下划线组成。"
            )
        if output.name in equations:
            raise CaseFault(
                f"outputs[{index}].name", "twice", tell("输出量“{name}”写了两次。", name=output.name)
            )
        equations[output.name] = read_equation(output.equation, f"outputs[{index}].equation")
    model = SeveralOutputs(equations, inputs_of(case.inputs), correlations_of(case.correlations))
    if units := units_of(case.inputs):
        for index, output in enumerate(case.outputs):
            field = f"outputs[{index}].unit"
            check_units(
                equations[output.name],
                units,
                read_unit(output.unit, field) if output.unit else None,
                field=f"outputs[{index}].equation",
                output_field=field,
            )
    return model


def _told(found: JointResult, case: UncertaintyOutputsCase) -> JointOut:
    return JointOut(
        outputs=tuple(
            OutputOut(
                name=output.name,
                unit=output.unit,
                estimate=float(estimate),
                standard_uncertainty=float(u),
                lower=float(estimate - found.box_factor * u),
                upper=float(estimate + found.box_factor * u),
            )
            for output, estimate, u in zip(
                case.outputs, found.estimates, found.standard_uncertainties, strict=True
            )
        ),
        covariance=tuple(map(_floats, found.covariance)),
        correlation=tuple(map(_floats, found.correlation)),
        dimensions=found.dimensions,
        ellipsoid_factor=found.ellipsoid_factor,
        box_factor=found.box_factor,
    )


def _floats(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(map(float, values))


CALCULATION = Calculation(
    name="uncertainty-outputs",
    title="多个输出量的测量不确定度",
    case=UncertaintyOutputsCase,
    result=UncertaintyOutputsResult,
    run=run,
    is_heavy=True,
    examples=(
        Example(
            name="impedance",
            title="同时测量电阻、电抗和阻抗",
            source="JCGM 100:2008，H.2",
            case={
                "outputs": [
                    {"name": "R", "equation": "V / I * cos(phi)", "unit": "Ω"},
                    {"name": "X", "equation": "V / I * sin(phi)", "unit": "Ω"},
                    {"name": "Z", "equation": "V / I", "unit": "Ω"},
                ],
                "inputs": [
                    {"name": "V", "unit": "V", "estimate": 4.999, "scale": 0.0032093613},
                    {"name": "I", "unit": "A", "estimate": 0.019661, "scale": 9.4710084e-06},
                    {"name": "phi", "unit": "rad", "estimate": 1.04446, "scale": 0.00075206383},
                ],
                "correlations": [
                    {"one": "V", "other": "I", "coefficient": -0.355311},
                    {"one": "V", "other": "phi", "coefficient": 0.857624},
                    {"one": "I", "other": "phi", "coefficient": -0.645111},
                ],
            },
        ),
        Example(
            name="small-vector",
            title="很小的矢量的模与相位：GUM 法未通过验证",
            source="JCGM 102:2011，9.3，表 6 第一行",
            case={
                "outputs": [
                    {"name": "modulus", "equation": "hypot(re, im)", "unit": "1"},
                    {"name": "phase", "equation": "atan2(im, re)", "unit": "rad"},
                ],
                "inputs": [
                    {"name": "re", "unit": "1", "estimate": 0.001, "scale": 0.010},
                    {"name": "im", "unit": "1", "estimate": 0, "scale": 0.010},
                ],
            },
        ),
    ),
)
