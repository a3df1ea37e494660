"""Energy metering as a calculation."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.calculations.energy import CALCULATION
from quanheng.calculations.energy_model import EnergyResult
from quanheng.calculations.evaluating import CaseRefused, evaluate
from tests.fuzz import fuzzed

EXAMPLES = {example.name: example.case for example in CALCULATION.examples}


def energy(case: Any) -> EnergyResult:
    result = evaluate(CALCULATION, case)
    assert isinstance(result, EnergyResult)
    return result


def test_a_factory_above_5000_tce_is_reviewed() -> None:
    coal = energy(EXAMPLES["standard-coal"]).standard_coal
    assert coal is not None
    assert (coal.tce, coal.is_reviewed) == (Decimal("8461.755"), True)


def test_a_review_names_what_falls_short() -> None:
    result = energy(EXAMPLES["review"])
    assert result.fittings is not None
    assert [row.is_met for row in result.fittings.rows] == [True, True, False]
    assert result.meters is not None
    assert [row.is_met for row in result.meters.rows] == [True, False]
    assert not result.balances[0].is_open
    assert {citation.edition for citation in result.citations} == {"GB 17167-2006"}


def test_two_of_three_points_are_what_a_spreadsheet_says() -> None:
    points = [{"unit": "a", "identifier": str(n), "expected": 1, "received": int(n > 0)} for n in range(3)]
    rate = energy({"day": "2026-06-30", "points": points}).online_rate
    assert rate is not None
    assert rate.headline.share == Decimal("0.6667")


def test_nothing_flowed_in_has_no_relative_gap() -> None:
    balance = {
        "name": "水", "inflow": 0, "inflow_uncertainty": 0, "outflows": [1], "outflow_uncertainties": [0],
    }  # fmt: skip
    result = energy({"day": "2026-06-30", "balances": [balance]})
    assert (result.balances[0].relative_gap, result.balances[0].is_open) == (None, True)


BALANCE = {
    "name": "水",
    "inflow": 1,
    "inflow_uncertainty": 0,
    "outflows": [1, 2],
    "outflow_uncertainties": [0],
}
METER = {"identifier": "1", "kind": "thermometer", "accuracy_class": "1"}


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({}, "consumption"),
        ({"meters": [METER]}, "period"),
        ({"balances": [BALANCE]}, "balances[0].outflow_uncertainties"),
        (
            {"consumption": [{"carrier": "coke", "quantity": 1, "unit": "kWh"}]},
            "consumption[0].unit",
        ),
        ({"consumption": [{"carrier": "coke", "quantity": "much", "unit": "t"}]}, "consumption[0].quantity"),
    ],
)
def test_a_fault_names_its_field(parts: dict[str, Any], field: str) -> None:
    with pytest.raises(CaseRefused) as refused:
        energy({"day": "2026-06-30", **parts})
    assert [fault["field"] for fault in refused.value.faults] == [field]


ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.decimals(), st.floats(),
    st.sampled_from(["electricity", "t", "9999-12-31", "0001-01-01", "0.5S", Decimal("1E-30"), 1, 5]),
)  # fmt: skip
FIELDS = st.sampled_from(
    [
        "carrier", "quantity", "unit", "level", "needed", "fitted", "identifier", "kind", "accuracy_class",
        "expected", "received", "name", "inflow", "inflow_uncertainty", "outflows",
        "outflow_uncertainties", "first", "last", "certificates",
    ]
)  # fmt: skip
ROWS = st.lists(st.dictionaries(FIELDS, ODD | st.lists(ODD, max_size=2), max_size=7), max_size=3)


@fuzzed()
@given(
    st.dictionaries(
        st.sampled_from(["day", "consumption", "fittings", "period", "meters", "balances", "points"]),
        ODD | ROWS,
        max_size=5,
    )
)
def test_nothing_that_is_sent_brings_it_down(case: dict[str, Any]) -> None:
    try:
        energy({"day": "2026-06-30", **case})
    except CaseRefused as refused:
        assert all(fault["field"] and fault["message"] for fault in refused.faults)  # noqa: PT017
