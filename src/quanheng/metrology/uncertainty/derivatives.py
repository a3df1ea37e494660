"""Exact derivatives of an equation up to the third order, by truncated Taylor series in two variables.

A number is replaced by a series Σ a_pq s^p t^q with p + q ≤ 3; sums, products and functions act on series.
One pass with the variables of all pairs of inputs side by side gives every f_i, f_ij and f_ijj: the cost
grows with the square of the number of inputs, never with the size of a symbolic derivative.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quanheng.metrology.uncertainty.equation import Equation, Name, Node, Number, Operation
from quanheng.packs.case_fault import CaseFault

Series = NDArray[np.float64]  # (10, pairs): the coefficients in the order of POWERS
Array = NDArray[np.float64]
Indices = NDArray[np.signedinteger]
POWERS = tuple((p, q) for degree in range(4) for p, q in ((degree - k, k) for k in range(degree + 1)))
PRODUCTS = tuple(
    (POWERS.index((p + r, q + s)), left, right)
    for left, (p, q) in enumerate(POWERS)
    for right, (r, s) in enumerate(POWERS)
    if p + q + r + s <= 3
)


@dataclass(frozen=True, slots=True)
class Derivatives:
    """Derivatives at the estimates: ``first[i]``, ``second[i, j]``, ``mixed[i, j]`` = ∂³f/∂x_i ∂x_j²."""

    first: Array
    second: Array
    mixed: Array


def derivatives(
    equation: Equation, inputs: Mapping[str, float], field: str = "equation", *, order: int = 2
) -> Derivatives:
    """Return the derivatives by each input, in the order of the inputs.

    Args:
        order: 1 leaves `second` and `mixed` zero, at a cost linear in the number of inputs.

    Raises:
        CaseFault: the equation has no finite derivative at the estimates.
    """
    count = len(inputs)
    with np.errstate(all="ignore"):  # what is not finite is refused below
        found = _found(equation, inputs, count, order)
    if not all(np.isfinite(part).all() for part in (found.first, found.second, found.mixed)):
        raise CaseFault(field, "not_differentiable", "测量模型在各输入量的估计值处不可导，请改用蒙特卡洛法。")
    return found


def _found(equation: Equation, inputs: Mapping[str, float], count: int, order: int) -> Derivatives:
    rows, columns = np.triu_indices(count, k=1) if order > 1 and count > 1 else (np.arange(count),) * 2
    if order > 1 and count > 1:
        return _of_pairs(_series(equation, inputs, rows, columns), rows, columns, count)
    return _of_singles(_series(equation, inputs, rows, columns), order)


def _series(equation: Equation, inputs: Mapping[str, float], rows: Indices, columns: Indices) -> Series:
    variables = {}
    for index, (name, value) in enumerate(inputs.items()):
        variable = _constant(value, len(rows))
        variable[1] = rows == index
        variable[2] = (columns == index) & (rows != columns)
        variables[name] = variable
    return _evaluate(equation.root, variables, len(rows))


def _of_singles(series: Series, order: int) -> Derivatives:
    count = series.shape[1]
    second = np.diag(2 * series[3]) if order > 1 else np.zeros((count, count))
    mixed = np.diag(6 * series[6]) if order > 1 else np.zeros((count, count))
    return Derivatives(series[1], second, mixed)


def _of_pairs(series: Series, rows: Indices, columns: Indices, count: int) -> Derivatives:
    first, second, mixed = np.zeros(count), np.zeros((count, count)), np.zeros((count, count))
    for i, p, q, pp, ppp in ((rows, 1, 2, 3, 6), (columns, 2, 1, 5, 9)):
        del q
        first[i] = series[p]
        second[i, i] = 2 * series[pp]
        mixed[i, i] = 6 * series[ppp]
    second[rows, columns] = second[columns, rows] = series[4]
    mixed[rows, columns] = 2 * series[8]
    mixed[columns, rows] = 2 * series[7]
    return Derivatives(first, second, mixed)


def _constant(value: float, width: int) -> Series:
    series = np.zeros((len(POWERS), width))
    series[0] = value
    return series


def _evaluate(node: Node, variables: Mapping[str, Series], width: int) -> Series:
    if isinstance(node, Number):
        return _constant(node.value, width)
    if isinstance(node, Name):
        return variables[node.name]
    if node.operator == "^":
        return _power(node, variables, width)
    sides = [_evaluate(side, variables, width) for side in node.sides]
    return _operate(node.operator, sides)


def _operate(operator: str, sides: Sequence[Series]) -> Series:  # noqa: PLR0911 - one line for each operator
    left, right = sides[0], sides[-1]
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return _times(left, right)
        case "/":
            return _times(left, _raised(right, -1.0))
        case "neg":
            return -left
        case "hypot":
            return _raised(_times(left, left) + _times(right, right), 0.5)
        case "atan2":
            return _angle(left, right)
    return _composed(left, _taylor(operator, left[0]))


def _times(left: Series, right: Series) -> Series:
    result = np.zeros_like(left)
    for to, one, other in PRODUCTS:
        result[to] += left[one] * right[other]
    return result


def _composed(inner: Series, outer: Sequence[Array]) -> Series:
    """Return Σ outer_k · h^k where h is the inner series without its constant."""
    rest = inner.copy()
    rest[0] = 0.0
    square = _times(rest, rest)
    result = outer[1] * rest + outer[2] * square + outer[3] * _times(square, rest)
    result[0] = outer[0]
    return np.asarray(result)


def _power(node: Operation, variables: Mapping[str, Series], width: int) -> Series:
    base, exponent = (_evaluate(side, variables, width) for side in node.sides)
    if not exponent[1:].any():
        return _raised(base, float(exponent[0, 0]))
    return _composed_exp(_times(exponent, _composed(base, _taylor("log", base[0]))))


def _composed_exp(series: Series) -> Series:
    return _composed(series, _taylor("exp", series[0]))


def _raised(base: Series, exponent: float) -> Series:
    factors = [math.prod(exponent - k for k in range(order)) / math.factorial(order) for order in range(4)]
    terms = [
        factor * np.power(base[0], exponent - order) if factor else np.zeros_like(base[0])
        for order, factor in enumerate(factors)
    ]
    return _composed(base, terms)


def _angle(y: Series, x: Series) -> Series:
    """Return atan2(y, x): the angle at the estimates plus the arctangent of the turn from there."""
    along = y * y[0] + x * x[0]
    across = y * x[0] - x * y[0]
    turn = _times(across, _raised(along, -1.0))
    return _composed(turn, _taylor("atan", turn[0])) + _constant(0.0, y.shape[1]) + _only_first(y, x)


def _only_first(y: Series, x: Series) -> Series:
    result = np.zeros_like(y)
    result[0] = np.arctan2(y[0], x[0])
    return result


def _taylor(function: str, at: Array) -> tuple[Array, Array, Array, Array]:
    """Return f, f′, f″/2 and f‴/6."""
    value, one, two, three = _differentials(function, at)
    return value, one, two / 2, three / 6


def _differentials(function: str, x: Array) -> tuple[Array, Array, Array, Array]:  # noqa: PLR0911, PLR0912, C901
    match function:
        case "sqrt":
            root = np.sqrt(x)
            return root, 0.5 / root, -0.25 / (x * root), 0.375 / (x * x * root)
        case "exp":
            return (np.exp(x),) * 4
        case "log":
            return np.log(x), 1 / x, -1 / x**2, 2 / x**3
        case "log10":
            per = 1 / math.log(10)
            return np.log10(x), per / x, -per / x**2, 2 * per / x**3
        case "sin":
            return np.sin(x), np.cos(x), -np.sin(x), -np.cos(x)
        case "cos":
            return np.cos(x), -np.sin(x), -np.cos(x), np.sin(x)
        case "tan":
            tan, slope = np.tan(x), 1 + np.tan(x) ** 2
            return tan, slope, 2 * tan * slope, 2 * slope**2 + 4 * tan**2 * slope
        case "sinh":
            return np.sinh(x), np.cosh(x), np.sinh(x), np.cosh(x)
        case "cosh":
            return np.cosh(x), np.sinh(x), np.cosh(x), np.sinh(x)
        case "tanh":
            tanh, slope = np.tanh(x), 1 - np.tanh(x) ** 2
            return tanh, slope, -2 * tanh * slope, -2 * slope**2 + 4 * tanh**2 * slope
        case "atan":
            slope = 1 / (1 + x**2)
            return np.arctan(x), slope, -2 * x * slope**2, (6 * x**2 - 2) * slope**3
        case "abs":
            sign = np.where(x == 0, np.nan, np.sign(x))
            return np.abs(x), sign, 0 * sign, 0 * sign
    inside = 1 - x**2
    slope, two, three = inside**-0.5, x * inside**-1.5, (1 + 2 * x**2) * inside**-2.5
    if function == "acos":
        return np.arccos(x), -slope, -two, -three
    return np.arcsin(x), slope, two, three
