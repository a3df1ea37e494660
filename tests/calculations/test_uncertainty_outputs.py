"""Several outputs as a calculation: GUM H.2, JCGM 102, faults by field."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.calculations.evaluating import CaseRefused, evaluate
from quanheng.calculations.uncertainty_outputs import CALCULATION, UncertaintyOutputsResult
from tests.fuzz import fuzzed

IMPEDANCE, VECTOR = (example.case for example in CALCULATION.examples)


def result_of(case: Any, **facts: Any) -> UncertaintyOutputsResult:
    result = evaluate(CALCULATION, {**case, **facts})
    assert isinstance(result, UncertaintyOutputsResult)
    return result


def test_h_2_comes_out_with_its_published_correlations() -> None:
    told = result_of(IMPEDANCE)
    assert [round(one.estimate, 3) for one in told.framework.outputs] == [127.732, 219.847, 254.260]
    matrix = told.framework.correlation
    assert [round(r, 3) for r in (matrix[0][1], matrix[0][2], matrix[1][2])] == [-0.588, -0.485, 0.993]
    assert told.framework.dimensions == told.monte_carlo.dimensions == 2
    assert result_of(IMPEDANCE, digits=1).is_validated
    first = told.framework.outputs[0]
    half = told.framework.box_factor * first.standard_uncertainty
    assert (first.lower, first.upper) == (first.estimate - half, first.estimate + half)


def test_a_small_vector_is_not_for_the_framework() -> None:
    told = result_of(VECTOR)
    assert not told.is_validated
    assert told.framework.outputs[1].standard_uncertainty == pytest.approx(10)
    assert told.monte_carlo.outputs[1].standard_uncertainty == pytest.approx(1.744, abs=0.01)


X = {"name": "x", "estimate": 1, "scale": 1}
Y = {"name": "y", "equation": "2 * x"}


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"outputs": [Y, Y]}, "outputs[1].name"),
        ({"outputs": [Y | {"name": "1"}]}, "outputs[0].name"),
        ({"outputs": [Y | {"name": "x"}]}, "outputs[0].name"),
        ({"outputs": [Y, Y | {"name": "z", "equation": "import os"}]}, "outputs[1].equation"),
        ({"outputs": [Y, Y | {"name": "z", "equation": "sqrt(x)"}]}, "outputs[1].equation"),
        ({"inputs": [X | {"scale": -1}]}, "inputs[0].scale"),
        ({"inputs": [X | {"unit": "m"}], "outputs": [Y | {"unit": "s"}]}, "outputs[0].unit"),
        (
            {"inputs": [X | {"unit": "m"}], "outputs": [Y, Y | {"name": "z", "equation": "exp(x)"}]},
            "outputs[1].equation",
        ),
        ({"probability": 0}, "probability"),
        ({"digits": 3}, "digits"),
        ({"trials": 10}, "trials"),
    ],
)
def test_a_fault_names_its_field(facts: dict[str, Any], field: str) -> None:
    with pytest.raises(CaseRefused) as refused:
        result_of({"outputs": [Y], "inputs": [X], "trials": 2000}, **facts)
    assert [fault["field"] for fault in refused.value.faults] == [field]


NUMBERS = st.floats() | st.integers() | st.none() | st.text(max_size=4)


@fuzzed(150)
@given(
    st.lists(st.text(alphabet="x0123456789+-*/^()e.sqrtlogn ", max_size=20), min_size=1, max_size=3),
    st.fixed_dictionaries(
        {"name": st.just("x"), "estimate": NUMBERS, "scale": NUMBERS},
        optional={"unit": st.sampled_from(["m", "1", "?"]), "degrees_of_freedom": NUMBERS},
    ),
)
def test_nothing_that_is_sent_brings_it_down(equations: list[str], given_input: dict[str, Any]) -> None:
    outputs = [{"name": f"y{index}", "equation": text} for index, text in enumerate(equations)]
    try:
        result_of({"outputs": outputs, "inputs": [given_input], "trials": 1000})
    except CaseRefused as refused:
        assert all(fault["field"] and fault["message"] for fault in refused.faults)  # noqa: PT017
