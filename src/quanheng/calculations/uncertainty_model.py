"""What the kinds of uncertainty share: input quantities as a case has them, and what they become."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated

import numpy as np
from pydantic import Field

from quanheng.calculations.calculation import Case
from quanheng.metrology.si_units import SiUnit
from quanheng.metrology.uncertainty.budget import Input
from quanheng.metrology.uncertainty.distributions import Knowledge, Shape
from quanheng.metrology.uncertainty.unit_symbols import read_unit
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell

MOST_INPUTS = 50
MOST_POWERS = 100  # of ten, of an estimate
Finite = Annotated[float, Field(allow_inf_nan=False)]


class InputIn(Case):
    """One input quantity of the budget."""

    name: str = Field(min_length=1, max_length=40, description="符号，与测量模型中一致")
    estimate: Decimal = Field(description="估计值；按所写的位数计算")
    distribution: Shape = Field(
        Shape.NORMAL,
        description="normal 正态；t；rectangular 矩形；triangular 三角；trapezoidal 梯形；"
        "arcsine 反正弦；curvilinear 曲边梯形",
    )
    scale: Finite = Field(description="正态、t：标准不确定度；其余：半宽")
    degrees_of_freedom: Finite | None = Field(None, description="自由度；空为无穷")
    ratio: Finite = Field(0.0, description="梯形上底与下底之比")
    half_width_error: Finite = Field(0.0, description="曲边梯形半宽的误差")
    unit: str = Field(
        "", max_length=400, description="单位，如 mg、kg·m⁻³，无量纲写 1；都写上时核对测量模型的单位"
    )


class CorrelationIn(Case):
    """The correlation of two inputs."""

    one: str = Field(max_length=40, description="输入量")
    other: str = Field(max_length=40, description="另一输入量")
    coefficient: Finite = Field(description="相关系数")


def inputs_of(given: Sequence[InputIn]) -> tuple[Input, ...]:
    """Return the inputs.

    Raises:
        CaseFault: what is known of an input makes no distribution; it names the input by its number.
    """
    inputs = []
    for index, one in enumerate(given):
        try:
            knowledge = Knowledge(
                one.distribution,
                one.scale,
                np.inf if one.degrees_of_freedom is None else one.degrees_of_freedom,
                one.ratio,
                one.half_width_error,
            )
        except CaseFault as fault:
            raise fault.within(f"inputs[{index}]") from None
        inputs.append(Input(one.name, _binary(one.estimate, index), knowledge, one.estimate))
    return tuple(inputs)


def check_trials(trials: int, most: int) -> None:
    """Refuse more trials than a model of this size may ask for (`metrology.uncertainty.cost`).

    Raises:
        CaseFault: too many.
    """
    if trials > most:
        message = tell(
            "该测量模型每次试验的计算量较大，试验次数至多 {most:,}；请减少试验次数或简化模型。", most=most
        )
        raise CaseFault("trials", "too_heavy", message, most=most)


def _binary(value: Decimal, index: int) -> float:
    if value.is_zero() or abs(value.adjusted()) <= MOST_POWERS:
        return float(value)
    raise CaseFault(f"inputs[{index}].estimate", "out_of_range", "数值过大或过小，请换用合适的单位。")


def correlations_of(given: Sequence[CorrelationIn]) -> dict[frozenset[str], float]:
    """Return the coefficient of each pair.

    Raises:
        CaseFault: a pair that was written twice, in whichever order.
    """
    pairs: dict[frozenset[str], float] = {}
    for index, each in enumerate(given):
        pair = frozenset((each.one, each.other))
        if pair in pairs:
            message = tell(
                "“{one}”与“{other}”的相关系数写了两次，请只保留一个。", one=each.one, other=each.other
            )
            raise CaseFault(f"correlations[{index}]", "twice", message)
        pairs[pair] = each.coefficient
    return pairs


def units_of(given: Sequence[InputIn]) -> dict[str, SiUnit]:
    """Return the unit of every input; nothing where none has one, for then there is nothing to check.

    Raises:
        CaseFault: some inputs have a unit and others none; a unit that is not understood.
    """
    if not any(one.unit for one in given):
        return {}
    for index, one in enumerate(given):
        if not one.unit:
            raise CaseFault(
                f"inputs[{index}].unit", "missing", "其余输入量写了单位，请也写上（无量纲写 1）。"
            )
    return {one.name: read_unit(one.unit, f"inputs[{index}].unit") for index, one in enumerate(given)}
