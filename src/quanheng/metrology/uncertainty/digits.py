"""The digits of a result: its value in decimals, and how many of them binary numbers lose on the way.

An estimate of 9 192 631 770.0047 Hz is as long as a binary number, and a difference of two such estimates is
not. So the value at the estimates is computed once more in decimals; and beside the draws, which are binary,
stands a bound of their rounding errors (running error analysis: Higham, Accuracy and Stability of Numerical
Algorithms, 3.3). Where that bound exceeds what the uncertainty lets through, the draws show nothing.
"""

from __future__ import annotations

import decimal
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np

from quanheng.metrology.uncertainty.budget import Knowns
from quanheng.metrology.uncertainty.equation import Equation, Name, Node, Number, Operation
from quanheng.metrology.uncertainty.evaluation import FUNCTIONS

CONTEXT = decimal.Context(prec=60, Emax=9999, Emin=-9999, traps=[])
KEPT = decimal.Context(prec=40, Emax=9999, Emin=-9999, traps=[])
HALF_ULP, STEP = 2.0**-53, 1e-7
FAR = 2  # standard uncertainties from the estimate, where draws still are
CERTAIN = 1e-9  # of a value without uncertainty, that must be right


def exact_estimate(equation: Equation, knowns: Knowns) -> Decimal | None:
    """Return the value at the estimates with 40 digits; None where the equation has functions without them.

    Sums, products, quotients, powers, roots, exponentials and logarithms have; angles have not.
    """
    estimates = {given.name: given.digits for given in knowns.inputs}
    value = KEPT.plus(_decimal(equation.root, estimates))
    return value if value.is_finite() else None


def rounding_error(equation: Equation, knowns: Knowns) -> float:
    """Return a bound of what one binary evaluation loses, at the estimates and among the draws."""
    places = [
        {one.name: one.estimate + far * one.knowledge.standard_uncertainty for one in knowns.inputs}
        for far in (-FAR, 0, FAR)
    ]
    bounds = [_binary(equation.root, place)[1] for place in places]
    return max((bound for bound in bounds if math.isfinite(bound)), default=0.0)


def is_lost(rounding: float, tolerance: float, value: float, exact: Decimal | None) -> bool:
    """Return whether rounding hides what is to be compared.

    Args:
        rounding: as `rounding_error` returns it.
        tolerance: of the comparison; 0 for a result without uncertainty, which must equal its exact value.
    """
    if tolerance > 0:
        return rounding > tolerance
    return exact is not None and abs(value - float(exact)) > CERTAIN * abs(float(exact))


def _decimal(node: Node, estimates: Mapping[str, Decimal]) -> Decimal:
    if isinstance(node, Number):
        return node.digits
    if isinstance(node, Name):
        return estimates[node.name]
    sides = [_decimal(side, estimates) for side in node.sides]
    return _operate(node.operator, sides[0], sides[-1])


def _operate(operator: str, left: Decimal, right: Decimal) -> Decimal:
    one = CONTEXT
    operations = {
        "+": lambda: one.add(left, right),
        "-": lambda: one.subtract(left, right),
        "*": lambda: one.multiply(left, right),
        "/": lambda: one.divide(left, right),
        "^": lambda: one.power(left, right),
        "neg": lambda: one.minus(left),
        "abs": lambda: one.abs(left),
        "sqrt": lambda: one.sqrt(left),
        "exp": lambda: one.exp(left),
        "log": lambda: one.ln(left),
        "log10": lambda: one.log10(left),
        "hypot": lambda: one.sqrt(one.add(one.multiply(left, left), one.multiply(right, right))),
    }
    return operations.get(operator, lambda: Decimal("NaN"))()


def _binary(node: Node, values: Mapping[str, float]) -> tuple[float, float]:
    """Return the binary value of a node and a bound of its error."""
    if not isinstance(node, Operation):
        value = node.value if isinstance(node, Number) else values[node.name]
        return value, HALF_ULP * abs(value)
    sides = [_binary(side, values) for side in node.sides]
    arguments = [value for value, _ in sides]
    value = _value(node.operator, arguments)
    slopes = _slopes(node.operator, arguments)
    carried = sum(slope * error for slope, (_, error) in zip(slopes, sides, strict=True))
    own = 0.0 if node.operator in {"neg", "abs"} else 2 * HALF_ULP * abs(value)
    return value, carried + own


def _slopes(operator: str, at: Sequence[float]) -> list[float]:
    """Return how much an error of each argument becomes in the value."""
    if operator in {"+", "-", "neg", "abs", "sin", "cos"}:
        return [1.0] * len(at)
    return [_slope(operator, at, index) for index in range(len(at))]


def _slope(operator: str, at: Sequence[float], index: int) -> float:
    step = STEP * abs(at[index]) or STEP
    value = _value(operator, at)
    beside = [
        _value(operator, [*at[:index], at[index] + way * step, *at[index + 1 :]]) - value for way in (-1, 1)
    ]
    return max((abs(one) / step for one in beside if math.isfinite(one)), default=0.0)


def _value(operator: str, arguments: Sequence[float]) -> float:
    with np.errstate(all="ignore"):
        return float(FUNCTIONS[operator](*map(np.float64, arguments)))
