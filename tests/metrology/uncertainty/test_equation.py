"""Measurement equations: read by a grammar, differentiated exactly, refused with a position."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.metrology.uncertainty.derivatives import derivatives
from quanheng.metrology.uncertainty.equation import FUNCTIONS, is_name, read_equation
from quanheng.metrology.uncertainty.evaluation import compile_equation, estimate
from quanheng.packs.case_fault import CaseFault
from tests.fuzz import fuzzed

AT = {"x": 0.4, "y": 0.7}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("x + y * 2", 1.8), ("(x + y) * 2", 2.2), ("-x^2", -0.16), ("2^-1", 0.5), ("x − y ÷ 2 × 2", -0.3),
        ("2**3**2", 512), ("1e3 * x", 400), (".5 + x", 0.9), ("+x", 0.4), ("pi", math.pi), ("π", math.pi),
        ("atan2(y, x)", math.atan2(0.7, 0.4)), ("hypot(x, y)", math.hypot(0.4, 0.7)),
        ("ln(x)", math.log(0.4)), ("--x", 0.4),
    ],
)  # fmt: skip
def test_the_grammar_reads_what_a_metrologist_writes(text: str, value: float) -> None:
    assert estimate(read_equation(text), AT) == pytest.approx(value)


@pytest.mark.parametrize(
    "text",
    [
        "", "x +", "x y", "(x", "x)", "sqrt()", "sqrt(x, y)", "atan2(x)", "x.real", "x[0]",
        "__import__('os')", "import os", "lambda: 1", "eval(x)", "1e999", "x; y", "x = y", "'x'",
        "(" * 60 + "x" + ")" * 60, "x+" * 1000 + "x", "1+" * 600 + "1", ",",
    ],
)  # fmt: skip
def test_what_is_no_equation_is_refused_by_its_field(text: str) -> None:
    with pytest.raises(CaseFault) as refused:
        read_equation(text)
    assert refused.value.field == "equation"


def test_names_are_told_in_the_order_of_their_appearance() -> None:
    assert read_equation("b * a + 质量 / b").names == ("b", "a", "质量")
    assert is_name("m_R2")
    assert not is_name("2m")


def numeric(text: str, name: str, order: int) -> float:
    """Differentiate by finite differences, the plain way."""
    values = compile_equation(read_equation(text))
    step = {1: 1e-6, 2: 1e-4}[order]
    at = {key: np.asarray([value] * 3) for key, value in AT.items()}
    at[name] = np.asarray([AT[name] - step, AT[name], AT[name] + step])
    low, middle, high = values(at)
    return float((high - low) / (2 * step) if order == 1 else (high - 2 * middle + low) / step**2)


EACH = [f"{function}(x) * y" for function, count in FUNCTIONS.items() if count == 1]
FORMS = [
    *EACH,
    "atan2(x, y)",
    "hypot(x, y)",
    "x^3 * y",
    "x^y",
    "2^x",
    "x / y^2",
    "-x * y",
    "(x - y)^2",
    "x^0.5",
]


@pytest.mark.parametrize("text", FORMS)
@pytest.mark.parametrize("name", ["x", "y"])
def test_derivatives_agree_with_differences(text: str, name: str) -> None:
    equation = read_equation(text)
    inputs = {key: value for key, value in AT.items() if key in equation.names}
    if name not in inputs:
        return
    found, index = derivatives(equation, inputs), list(inputs).index(name)
    assert found.first[index] == pytest.approx(numeric(text, name, 1), rel=1e-5, abs=1e-7)
    assert found.second[index, index] == pytest.approx(numeric(text, name, 2), rel=1e-3, abs=1e-5)


def test_mixed_and_third_derivatives() -> None:
    found = derivatives(read_equation("x^2 * y^3"), AT)
    x, y = AT.values()
    assert found.second[0, 1] == found.second[1, 0] == pytest.approx(2 * x * 3 * y**2)
    assert found.mixed[0, 1] == pytest.approx(2 * x * 6 * y)
    assert found.mixed[1, 0] == pytest.approx(2 * 3 * y**2)
    assert found.mixed[1, 1] == pytest.approx(6 * x**2)
    alone = derivatives(read_equation("x^3"), {"x": 2.0})
    assert (alone.second[0, 0], alone.mixed[0, 0]) == (pytest.approx(12), pytest.approx(6))


@pytest.mark.parametrize("text", ["1 / (x - 0.4)", "log(x - 1)", "sqrt(-x)"])
def test_an_equation_without_a_value_at_the_estimates_is_refused(text: str) -> None:
    with pytest.raises(CaseFault, match="没有有限的值"):
        estimate(read_equation(text), AT)


def test_a_kink_has_no_derivative() -> None:
    with pytest.raises(CaseFault, match="不可导"):
        derivatives(read_equation("sqrt(x)"), {"x": 0.0})


@fuzzed(500)
@given(st.text(alphabet="xyz0123456789.e+-*/^(), sqrtlnπ_'\"[]{}=;:中", max_size=80) | st.text(max_size=60))
def test_no_text_brings_the_reader_down(text: str) -> None:
    try:
        assert read_equation(text).text == text
    except CaseFault as fault:
        assert fault.field == "equation"  # noqa: PT017
