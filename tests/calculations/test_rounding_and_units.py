"""Rounding and limits by GB/T 8170, units by the SI Brochure, and what a plan for contents risks."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.calculations.evaluating import CaseRefused, calculations, evaluate
from tests.fuzz import fuzzed

KINDS = calculations()


def told(kind: str, **case: Any) -> Any:
    return evaluate(KINDS[kind], case)


def refused(kind: str, **case: Any) -> list[str]:
    with pytest.raises(CaseRefused) as found:
        evaluate(KINDS[kind], case)
    return [fault["field"] for fault in found.value.faults]


@pytest.mark.parametrize(
    ("value", "how", "rounded"),
    [
        ("60.25", {"to": "half", "place": 0}, "60.0"),
        ("-60.75", {"to": "half", "place": 0}, "-61.0"),
        ("830", {"to": "fifth", "place": 2}, "840"),
        ("-930", {"to": "fifth", "place": 2}, "-920"),
        ("12.1498", {"to": "interval", "interval": "0.1"}, "12.1"),
        ("1.050", {"to": "interval", "interval": "0.1"}, "1.0"),
        ("9.96", {"to": "significant", "digits": 2}, "10"),
        ("0.4", {"to": "interval", "interval": "1", "scheme": "up"}, "1"),
    ],
)
def test_the_examples_of_the_standard(value: str, how: Mapping[str, Any], rounded: str) -> None:
    """GB/T 8170-2008, 3.3 and 3.4."""
    assert told("rounding", value=value, **how).rounded == Decimal(rounded)


@pytest.mark.parametrize(
    ("value", "comparison", "conforms"),
    [
        ("0.301", "full", False),
        ("0.301", "rounded", True),
        ("0.305", "rounded", True),
        ("0.306", "rounded", False),
    ],
)
def test_a_limit_is_kept_by_the_value_as_given_unless_the_standard_says_otherwise(
    value: str, comparison: str, conforms: bool
) -> None:
    assert told("rounding", value=value, upper="0.30", comparison=comparison).conforms is conforms


@pytest.mark.parametrize(
    ("case", "field"),
    [
        ({"value": "1"}, "to"),
        ({"value": "1", "to": "interval"}, "interval"),
        ({"value": "1", "to": "interval", "interval": "3"}, "interval"),
        ({"value": "1", "to": "half"}, "place"),
        ({"value": "1", "to": "fifth", "place": 0, "scheme": "up"}, "scheme"),
        ({"value": "1", "to": "significant"}, "digits"),
        ({"value": "1", "lower": "2", "upper": "1"}, "lower"),
        ({"value": "NaN", "upper": "1"}, "value"),
    ],
)
def test_a_rounding_that_lacks_something_names_it(case: dict[str, Any], field: str) -> None:
    assert refused("rounding", **case) == [field]


def test_a_value_is_converted_exactly() -> None:
    found = told("unit-conversion", value="25.0", source=r"\degreecelsius", target=r"\kelvin")
    assert (str(found.value), found.source_symbol, found.target_symbol) == ("298.15", "°C", "K")


@pytest.mark.parametrize(
    ("source", "target", "field"),
    [(r"\metre", r"\second", "unit"), ("metre", r"\metre", "source"), (r"\metre", r"\ell", "target")],
)
def test_units_that_do_not_go_together_are_refused(source: str, target: str, field: str) -> None:
    assert refused("unit-conversion", value="1", source=source, target=target) == [field]


def test_how_likely_a_lot_passes_is_told_for_each_share() -> None:
    found = evaluate(KINDS["lot-acceptance"], KINDS["lot-acceptance"].examples[0].case)
    lots: Any = found
    assert (lots.sample, lots.allowed) == (50, 3)
    assert [round(one.probability, 3) for one in lots.lots] == [1.0, 0.976, 0.317]


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"inadequate": [0, 501]}, "inadequate[1]"), ({"plan": "eu"}, "plan"), ({"lot_size": 0}, "lot_size")],
)
def test_a_plan_that_cannot_be_weighed_names_its_field(facts: dict[str, Any], field: str) -> None:
    case = {"plan": "cn", "day": "2026-06-01", "lot_size": 500, "inadequate": [0]}
    assert refused("lot-acceptance", **{**case, **facts}) == [field]


NUMBERS = st.decimals() | st.floats() | st.text(max_size=6) | st.integers(-100, 100)


@fuzzed(200)
@given(
    NUMBERS,
    st.fixed_dictionaries(
        {},
        optional={
            "to": st.sampled_from(["interval", "half", "fifth", "significant"]), "interval": NUMBERS,
            "place": st.integers(-70, 70), "digits": st.integers(0, 70), "lower": NUMBERS, "upper": NUMBERS,
            "comparison": st.sampled_from(["full", "rounded"]),
        },
    ),
)  # fmt: skip
def test_nothing_that_is_sent_brings_a_rounding_down(value: Any, case: dict[str, Any]) -> None:
    try:
        told("rounding", value=value, **case)
    except CaseRefused as found:
        assert all(fault["field"] and fault["message"] for fault in found.faults)  # noqa: PT017
