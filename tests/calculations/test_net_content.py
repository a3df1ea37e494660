"""Net content as a calculation a laboratory asks for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.calculations.evaluating import CaseRefused, evaluate
from quanheng.calculations.net_content import CALCULATION, NetContentResult
from tests.fuzz import fuzzed

NET = ["498.2", "501.1", "499.5", "500.3", "497.8", "499.0", "500.6", "498.9", "499.7", "498.4"]
CASE: dict[str, Any] = {"day": "2026-06-01", "nominal": 500, "unit": "g", "lot_size": 40, "net": NET}


def result_of(**facts: Any) -> NetContentResult:
    result = evaluate(CALCULATION, CASE | facts)
    assert isinstance(result, NetContentResult)
    return result


def test_kilograms_and_grams_come_to_the_same() -> None:
    kilograms = result_of(nominal="0.5", unit="kg", net=[str(Decimal(item) / 1000) for item in NET])
    assert kilograms == result_of()


def test_gross_weights_with_their_own_tares() -> None:
    gross = [str(Decimal(item) + 60) for item in NET]
    weighed = result_of(net=[], gross_g=gross, tares_g=[60] * 10)
    assert (weighed.items, weighed.tare_rule) == (result_of().items, "individual")


def test_gross_weights_with_the_mean_of_ten_tares() -> None:
    items = [Decimal(505)] * 50
    weighed = result_of(lot_size=300, net=[], gross_g=[item + 20 for item in items], tares_g=[20] * 10)
    assert (weighed.items, weighed.tare_rule, weighed.tare_g) == (tuple(items), "mean", Decimal(20))


def test_a_volume_is_found_by_weighing() -> None:
    gross = [Decimal("498.5")] * 10
    found = result_of(unit="mL", net=[], gross_g=gross, tares_g=[0] * 10, density_g_per_ml="0.9982")
    assert found.items[0].quantize(Decimal("0.001")) == Decimal("499.925")
    assert found.base_unit == "mL"


def test_the_uncertainty_is_compared_with_a_fifth_of_t() -> None:
    assert result_of().is_uncertainty_small_enough is None
    assert result_of(expanded_uncertainty=3).is_uncertainty_small_enough is True
    assert result_of(expanded_uncertainty="3.01").is_uncertainty_small_enough is False


@pytest.mark.parametrize(
    ("statement", "height", "passed"),
    [
        ("净含量：500 g", 4, True),
        ("净含量：500 g", 3, False),
        ("500公斤", None, False),
        ("净含量：0.5 kg", None, True),
    ],
)
def test_the_label_has_a_verdict_of_its_own(statement: str, height: int | None, passed: bool) -> None:
    label = result_of(label={"statement": statement, "figure_height_mm": height}).label
    assert label is not None
    assert label.passed is passed


def test_other_countries_have_no_rule_for_the_height_of_figures_here() -> None:
    found = result_of(plan="eu", lot_size=10, label={"statement": "500 g", "figure_height_mm": 1})
    assert found.label is not None
    assert (found.label.least_height_mm, found.label.passed) == (None, True)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"net": []}, "net"),
        ({"gross_g": [1]}, "net"),
        ({"net": NET[:9]}, "items"),
        ({"unit": "斤"}, "unit"),
        ({"nominal": 0}, "nominal"),
        ({"lot_size": 0}, "lot_size"),
        ({"net": [], "unit": "m", "nominal": 6, "gross_g": [1]}, "gross_g"),
        ({"net": [], "unit": "mL", "gross_g": [1]}, "density_g_per_ml"),
        ({"net": [], "gross_g": [600] * 50, "tares_g": [60, 70] * 5, "lot_size": 300}, "tares_g"),
        ({"net": [], "gross_g": [600] * 50, "tares_g": [60]}, "tares_g"),
        ({"label": {"statement": "很多"}}, "label.statement"),
    ],
)
def test_a_fault_names_its_field(facts: dict[str, Any], field: str) -> None:
    with pytest.raises(CaseRefused) as refused:
        result_of(**facts)
    assert [fault["field"] for fault in refused.value.faults] == [field]


ODD = st.one_of(st.none(), st.integers(), st.floats(), st.decimals(), st.text(max_size=6), st.booleans())


@fuzzed()
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "nominal": ODD, "unit": st.sampled_from(["g", "mL", "m", "piece"]) | ODD, "lot_size": ODD,
            "plan": st.sampled_from(["cn", "eu", "nz", "us"]) | ODD, "net": st.lists(ODD, max_size=12),
            "gross_g": st.lists(ODD, max_size=12), "tares_g": st.lists(ODD, max_size=12),
            "density_g_per_ml": ODD, "label": st.fixed_dictionaries({"statement": st.text(max_size=20)}),
        },
    )
)  # fmt: skip
def test_nothing_that_is_sent_brings_it_down(facts: dict[str, Any]) -> None:
    try:
        result_of(**facts)
    except CaseRefused as refused:
        assert all(fault["field"] and fault["message"] for fault in refused.faults)  # noqa: PT017
