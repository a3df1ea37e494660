"""Values of an equation, for single numbers and for arrays of trials alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from quanheng.metrology.uncertainty.equation import Equation, Name, Node, Number, Operation
from quanheng.packs.case_fault import CaseFault

Values = NDArray[np.float64]
Columns = Mapping[str, Values]
Compiled = Callable[[Columns], Values]

FUNCTIONS: dict[str, Callable[..., Values]] = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "^": np.power, "neg": np.negative,
    "sqrt": np.sqrt, "exp": np.exp, "log": np.log, "log10": np.log10, "sin": np.sin, "cos": np.cos,
    "tan": np.tan, "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan, "sinh": np.sinh,
    "cosh": np.cosh, "tanh": np.tanh, "abs": np.abs, "atan2": np.arctan2, "hypot": np.hypot,
}  # fmt: skip


def compile_equation(equation: Equation) -> Compiled:
    """Return a function from a column for each name to the column of values.

    Where the equation is not defined the value is not finite; nothing is raised and nothing warned of.
    """
    evaluate = _compile(equation.root)

    def values(columns: Columns) -> Values:
        with np.errstate(all="ignore"):
            return evaluate(columns)

    return values


def estimate(equation: Equation, inputs: Mapping[str, float], field: str = "equation") -> float:
    """Return the value of the equation at the estimates of its inputs.

    Raises:
        CaseFault: the equation is not defined there.
    """
    columns = {name: np.asarray(value, dtype=np.float64) for name, value in inputs.items()}
    value = float(compile_equation(equation)(columns))
    if not np.isfinite(value):
        raise CaseFault(
            field, "not_defined", "测量模型在各输入量的估计值处没有有限的值（如除以零），请检查模型和输入量。"
        )
    return value


def _compile(node: Node) -> Compiled:
    if isinstance(node, Number):
        number = np.asarray(node.value, dtype=np.float64)
        return lambda _columns: number
    if isinstance(node, Name):
        name = node.name
        return lambda columns: columns[name]
    return _compile_operation(node)


def _compile_operation(node: Operation) -> Compiled:
    function = FUNCTIONS[node.operator]
    if len(node.sides) == 1:
        inner = _compile(node.sides[0])
        return lambda columns: function(inner(columns))
    left, right = node.sides
    if node.operator == "^" and right == Number(2.0):
        base = _compile(left)
        return lambda columns: np.square(base(columns))
    first, second = _compile(left), _compile(right)
    return lambda columns: function(first(columns), second(columns))
