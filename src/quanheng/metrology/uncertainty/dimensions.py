"""Whether a measurement equation fits the units of its inputs and of its output.

The dimension of every part is worked out from the units of the inputs. A literal number has whatever unit the
sum it stands in has (``ra - 1.2``, the density of air); as a factor it may be a conversion (``I / 1000``) or
belong to the model (``2 * x``), nobody can know which. So dimensions are always compared, multiples of units
(mA and A) only where no literal but 1 is a factor.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NoReturn

from quanheng.metrology.si_units import SiUnit, base_unit
from quanheng.metrology.uncertainty.equation import Equation, Name, Node, Number, Operation
from quanheng.metrology.uncertainty.evaluation import estimate
from quanheng.metrology.uncertainty.unit_symbols import logarithm_of_factor
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell

LARGEST_EXPONENT = 100
SAME = 1e-9  # of the logarithms of two multiples
ALIKE = frozenset({"+", "-", "hypot", "atan2"})


@dataclass(frozen=True, slots=True)
class Measure:
    """The unit of a part of the equation.

    Args:
        exponents: of the base units, zeros left out.
        multiple: logarithm of how many of the coherent unit it is; None where a literal may have changed it.
        is_literal: whether it has no input in it.
    """

    exponents: Mapping[str, Fraction]
    multiple: float | None
    is_literal: bool = False

    @property
    def symbol(self) -> str:
        return base_unit(self.exponents.items()).symbol

    def power(self, exponent: Fraction) -> Measure:
        return Measure(
            {base: each * exponent for base, each in self.exponents.items() if exponent},
            None if self.multiple is None else self.multiple * float(exponent),
        )


PLAIN = Measure({}, 0.0)


def check_units(
    equation: Equation,
    units: Mapping[str, SiUnit],
    output: SiUnit | None,
    *,
    field: str = "equation",
    output_field: str = "unit",
) -> None:
    """Check an equation for its units.

    Args:
        units: of each input.
        output: of the result; None leaves it open.

    Raises:
        CaseFault: ``units_do_not_match``: unlike things are added, a function is given something with a
            dimension, or the result is not what `output` measures.
    """
    inputs = {name: _of_unit(unit, field) for name, unit in units.items()}
    found = _Checker(inputs, field).measure(equation.root)
    if output is not None:
        _compare(found, _of_unit(output, output_field), output.symbol, output_field)


def _of_unit(unit: SiUnit, field: str) -> Measure:
    return Measure(unit.exponents, logarithm_of_factor(unit, field))


def _compare(found: Measure, stated: Measure, symbol: str, field: str) -> None:
    if found.exponents != stated.exponents:
        _refuse(
            field,
            tell(
                "按测量模型和各输入量的单位，结果的单位是 {found}，与所填的 {symbol} 不是同一种量",
                found=found.symbol,
                symbol=symbol,
            ),
        )
    if _differ(found.multiple, stated.multiple):
        ratio = math.exp(min(float(found.multiple or 0) - float(stated.multiple or 0), 700.0))
        _refuse(
            field,
            tell(
                "按各输入量的单位，结果的单位是所填 {symbol} 的 {ratio:.6g} 倍，请换算或改填单位",
                symbol=symbol,
                ratio=ratio,
            ),
        )


def _differ(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and abs(one - other) > SAME


def _refuse(field: str, why: str) -> NoReturn:
    raise CaseFault(field, "units_do_not_match", tell("单位不一致：{why}。", why=why))


@dataclass(frozen=True, slots=True)
class _Checker:
    inputs: Mapping[str, Measure]
    field: str

    def measure(self, node: Node) -> Measure:
        if isinstance(node, Number):
            return Measure({}, 0.0 if node.value == 1 else None, is_literal=True)
        if isinstance(node, Name):
            return self.inputs[node.name]
        sides = [self.measure(side) for side in node.sides]
        if all(side.is_literal for side in sides):
            return Measure({}, None, is_literal=True)
        return self._operation(node, sides)

    def _operation(self, node: Operation, sides: list[Measure]) -> Measure:
        if node.operator in {"neg", "abs"}:
            return sides[0]
        if node.operator in {"*", "/"}:
            return _product(sides[0], sides[1] if node.operator == "*" else sides[1].power(Fraction(-1)))
        if node.operator == "sqrt":
            return sides[0].power(Fraction(1, 2))
        if node.operator == "^":
            return self._power(node, *sides)
        if node.operator in ALIKE:
            found = self._alike(*sides)
            return PLAIN if node.operator == "atan2" else found
        self._plain(sides[0], tell("函数 {operator} 的自变量", operator=node.operator))
        return PLAIN

    def _alike(self, one: Measure, other: Measure) -> Measure:
        if one.is_literal or other.is_literal:
            return replace(other if one.is_literal else one, is_literal=False)
        if one.exponents != other.exponents:
            _refuse(
                self.field,
                tell("相加减的两项单位分别是 {one} 和 {other}", one=one.symbol, other=other.symbol),
            )
        if _differ(one.multiple, other.multiple):
            _refuse(
                self.field, tell("相加减的两项都是 {one} 的倍数但大小不同，请先换成同一单位", one=one.symbol)
            )
        return one if one.multiple is not None and other.multiple is not None else replace(one, multiple=None)

    def _power(self, node: Operation, base: Measure, exponent: Measure) -> Measure:
        if not exponent.is_literal:
            self._plain(base, tell("指数含输入量时的底数"))
            self._plain(exponent, tell("指数"))
            return PLAIN
        value = estimate(Equation("", node.sides[1], ()), {}, self.field)
        if not base.exponents and not base.multiple:
            return base
        if abs(value) > LARGEST_EXPONENT:
            _refuse(self.field, tell("带单位的量的指数 {value:g} 过大", value=value))
        return base.power(Fraction(value).limit_denominator(12))

    def _plain(self, measure: Measure, what: str) -> None:
        if measure.exponents:
            _refuse(self.field, tell("{what}应无量纲，现为 {symbol}", what=what, symbol=measure.symbol))
        if _differ(measure.multiple, 0.0):
            _refuse(
                self.field,
                tell("{what}应为弧度或纯小数，请先换算（度乘以 pi/180，百分数除以 100）", what=what),
            )


def _product(one: Measure, other: Measure) -> Measure:
    total = dict(one.exponents)
    for base, exponent in other.exponents.items():
        total[base] = total.get(base, Fraction(0)) + exponent
    known = one.multiple is not None and other.multiple is not None
    return Measure(
        {base: exponent for base, exponent in total.items() if exponent},
        float(one.multiple or 0) + float(other.multiple or 0) if known else None,
    )
