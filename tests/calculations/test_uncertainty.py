"""Uncertainty as a calculation: both methods, the verdict between them, faults by field."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.calculations.evaluating import CaseRefused, evaluate
from quanheng.calculations.uncertainty import CALCULATION, UncertaintyResult
from tests.fuzz import fuzzed

X = {"name": "x", "estimate": 1, "scale": 1}
MASS, END_GAUGE = (example.case for example in CALCULATION.examples)


def result_of(case: Any, **facts: Any) -> UncertaintyResult:
    result = evaluate(CALCULATION, {**case, **facts})
    assert isinstance(result, UncertaintyResult)
    return result


def test_the_mass_example_is_not_validated_and_with_second_order_terms_it_is() -> None:
    first = result_of(MASS)
    assert first.framework.standard_uncertainty == pytest.approx(0.0539, abs=5e-5)
    assert first.monte_carlo.standard_uncertainty == pytest.approx(0.0754, abs=1e-3)
    assert (first.tolerance, first.is_validated, first.monte_carlo.is_stable) == (0.005, False, True)
    second = result_of(MASS, second_order=True)
    assert second.framework.second_order_uncertainty == pytest.approx(0.0750, abs=5e-5)
    assert second.is_validated


def test_the_end_gauge_has_its_published_expanded_uncertainty() -> None:
    framework = result_of(END_GAUGE).framework
    assert framework.expanded_uncertainty == pytest.approx(92.5, abs=0.1)  # 2.921 × 31.664
    assert framework.degrees_of_freedom == pytest.approx(16.75, abs=0.01)


def test_the_end_gauge_recommends_an_interval_as_wide_as_the_published_one() -> None:
    """JCGM 101, 9.5.4: u = 36 nm, [745, 932] nm at 99 %, and the framework holds to one digit."""
    told = result_of(END_GAUGE)
    draws = told.monte_carlo
    assert draws.standard_uncertainty == pytest.approx(35.7, abs=0.7)
    assert draws.symmetric_lower - 50_000_000 == pytest.approx(745, abs=4)
    assert draws.symmetric_upper - 50_000_000 == pytest.approx(932, abs=4)
    assert (told.verdict, told.is_validated, draws.is_stable) == ("confirmed", True, True)


@pytest.mark.parametrize("degrees", [1, 2])
def test_two_or_three_observations_have_an_interval_but_no_standard_uncertainty(degrees: int) -> None:
    told = result_of({"equation": "x", "inputs": [X | {"distribution": "t", "degrees_of_freedom": degrees}]})
    assert (told.monte_carlo.standard_uncertainty, told.verdict) == (None, "no_variance")
    assert told.is_validated is False
    assert "[0, 0]" not in told.statement.chinese
    assert told.monte_carlo.upper - told.monte_carlo.lower > 8
    widths = [upper - lower for lower, upper in pairwise(told.histogram.edges)]
    assert max(told.histogram.densities) > 0.1  # the middle can be seen, whatever the tails
    assert sum(w * d for w, d in zip(widths, told.histogram.densities, strict=True)) > 0.9


def test_a_frequency_is_stated_with_every_digit_that_its_uncertainty_asks_for() -> None:
    case: dict[str, Any] = {
        "equation": "f + d", "unit": "Hz", "trials": 1000,
        "inputs": [{"name": "f", "estimate": Decimal("9192631770.00471234567"), "scale": 1e-10, "unit": "Hz"},
                   {"name": "d", "estimate": "0.00000000000", "scale": 0, "unit": "Hz"}],
    }  # fmt: skip
    told = result_of(case)
    assert "(9192631770.00471234567 ± 0.00000000020) Hz" in told.statement.chinese
    assert told.verdict == "digits_lost"  # of the draws, which are binary
    coarse = result_of({**case, "inputs": [case["inputs"][0] | {"scale": 0.0012}, case["inputs"][1]]})
    assert "(9192631770.0047 ± 0.0024) Hz" in coarse.statement.english
    assert coarse.verdict != "digits_lost"


def test_the_same_seed_gives_the_same_draws_and_another_one_others() -> None:
    facts = {"trials": 10_000}
    assert result_of(MASS, **facts) == result_of(MASS, **facts)
    assert result_of(MASS, **facts).monte_carlo.lower != result_of(MASS, **facts, seed=7).monte_carlo.lower


def test_the_histogram_is_a_density() -> None:
    told = result_of(MASS, trials=20_000).histogram
    widths = [upper - lower for lower, upper in zip(told.edges, told.edges[1:], strict=False)]
    assert sum(w * d for w, d in zip(widths, told.densities, strict=True)) == pytest.approx(1)


def test_inputs_without_uncertainty_give_a_result_without_one() -> None:
    told = result_of({"equation": "2 * x", "inputs": [{"name": "x", "estimate": 3, "scale": 0}]})
    assert (told.framework.lower, told.monte_carlo.upper, told.is_validated) == (6, 6, True)


def test_correlated_inputs_have_no_degrees_of_freedom() -> None:
    case = {
        "equation": "a + b", "trials": 1000, "correlations": [{"one": "a", "other": "b", "coefficient": 0.5}],
        "inputs": [{"name": name, "estimate": 1, "scale": 1, "degrees_of_freedom": 5} for name in "ab"],
    }  # fmt: skip
    told = result_of(case).framework
    assert told.degrees_of_freedom is None
    assert told.standard_uncertainty == pytest.approx(3**0.5)


def test_the_result_is_stated_drawn_and_budgeted() -> None:
    told = result_of(END_GAUGE)
    assert "y = (50000838 ± 92) nm" in told.statement.chinese
    assert "ν_eff = 16" in told.statement.english
    assert [(row.name, row.unit) for row in told.budget][:5:4] == [("ls", "nm"), ("al", "1/°C")]
    assert told.histogram.svg.startswith("<svg")
    assert "应采用本结果" in result_of(MASS).statement.chinese


def test_units_are_checked_where_every_input_has_one() -> None:
    ohm = {
        "equation": "v / i", "unit": "Ω", "trials": 1000,
        "inputs": [{"name": "v", "estimate": 5, "scale": 0.1, "unit": "V"},
                   {"name": "i", "estimate": 2, "scale": 0.1, "unit": "A"}],
    }  # fmt: skip
    assert result_of(ohm).framework.estimate == 2.5
    assert result_of(ohm, unit="").unit == ""
    for unit in ("V", "mΩ", "furlong"):
        with pytest.raises(CaseRefused) as refused:
            result_of(ohm, unit=unit)
        assert [fault["field"] for fault in refused.value.faults] == ["unit"]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"equation": "__import__('os')"}, "equation"),
        ({"equation": "x.y"}, "equation"),
        ({"equation": "x + z"}, "inputs"),
        ({"inputs": [X | {"scale": -1}]}, "inputs[0].scale"),
        ({"inputs": [X | {"distribution": "t"}]}, "inputs[0].degrees_of_freedom"),
        ({"inputs": [X, X]}, "inputs[1].name"),
        ({"probability": 1.5}, "probability"),
        ({"digits": 5}, "digits"),
        ({"trials": 10}, "trials"),
        ({"correlations": [{"one": "x", "other": "x", "coefficient": 1}]}, "correlations"),
        ({"inputs": [X | {"unit": "furlong"}]}, "inputs[0].unit"),
        ({"inputs": [X | {"estimate": "1e999999"}]}, "inputs[0].estimate"),
        (
            {
                "equation": "x + y",
                "inputs": [X, X | {"name": "y"}],
                "correlations": [
                    {"one": "x", "other": "y", "coefficient": 0.9},
                    {"one": "y", "other": "x", "coefficient": -0.9},
                ],
            },
            "correlations[1]",
        ),
        ({"equation": "x + y", "inputs": [X | {"unit": "m"}, X | {"name": "y"}]}, "inputs[1].unit"),
        ({"equation": "x + y", "inputs": [X | {"unit": "m"}, X | {"name": "y", "unit": "s"}]}, "equation"),
        (
            {
                "equation": "x + y + z",
                "inputs": [X, X | {"name": "y"}, X | {"name": "z"}],
                "correlations": [
                    {"one": "x", "other": "y", "coefficient": 0.9},
                    {"one": "y", "other": "z", "coefficient": 0.9},
                    {"one": "x", "other": "z", "coefficient": -0.9},
                ],
            },
            "correlations",
        ),
    ],
)
def test_a_fault_names_its_field(facts: dict[str, Any], field: str) -> None:
    with pytest.raises(CaseRefused) as refused:
        result_of({"equation": "2 * x", "inputs": [X]}, **facts)
    assert [fault["field"] for fault in refused.value.faults] == [field]


NUMBERS = st.floats() | st.integers() | st.none() | st.text(max_size=4)


@fuzzed(150)
@given(
    st.text(alphabet="x0123456789+-*/^()e.sqrtlogn ", max_size=30),
    st.fixed_dictionaries(
        {"name": st.just("x"), "estimate": NUMBERS, "scale": NUMBERS},
        optional={"distribution": st.sampled_from(["normal", "t", "arcsine"]), "degrees_of_freedom": NUMBERS},
    ),
)
def test_nothing_that_is_sent_brings_it_down(equation: str, given_input: dict[str, Any]) -> None:
    try:
        result_of({"equation": equation, "inputs": [given_input], "trials": 1000})
    except CaseRefused as refused:
        assert all(fault["field"] and fault["message"] for fault in refused.faults)  # noqa: PT017
