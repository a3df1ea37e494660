"""Conformity as a calculation: every kind of instrument, every decision rule, faults by field."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.calculations.conformity import CALCULATION, ConformityResult
from quanheng.calculations.evaluating import CaseRefused, evaluate
from tests.fuzz import fuzzed

DAY = "2026-06-01"
SCALE = {
    "kind": "scale", "accuracy_class": "III", "max_g": 15000, "e_g": 5,
    "weighing": [{"load_g": 2500, "indication_g": "2502.0"}],
}  # fmt: skip


def outcome_of(instrument: dict[str, Any], **facts: Any) -> ConformityResult:
    result = evaluate(CALCULATION, {"day": DAY, "instrument": instrument, **facts})
    assert isinstance(result, ConformityResult)
    return result


def test_a_blood_pressure_meter_and_a_gauge_are_judged_by_their_regulations() -> None:
    point = {"reference_kpa": 20, "indication_kpa": "20.5"}
    mercury = outcome_of({"kind": "sphygmomanometer", "points": [point], "zero_kpa": "0.6"})
    assert [(row.quantity, row.outcome) for row in mercury.points] == [
        ("静态压力", "passed"),
        ("零位", "failed"),
    ]
    electronic = outcome_of(
        {"kind": "electronic_sphygmomanometer", "points": [point], "repeated_kpa": [16, "16.7"]}
    )
    assert electronic.outcome == "passed"
    gauge = {
        "kind": "table", "table": "pressure-gauge", "accuracy_class": "1.6", "unit": "MPa", "span": 1,
        "readings": [{"reference": "0.5", "indication": "0.517"}],
    }  # fmt: skip
    assert outcome_of(gauge).outcome == "failed"


def test_a_guarded_decision_leaves_a_good_repeatability_alone_at_every_instrument() -> None:
    guarded = {"decision_rule": "guarded_acceptance", "expanded_uncertainty": "0.02"}
    runs = [{"indicated_l": "20.00", "measured_l": "20.00"}] * 3
    pump = {"kind": "fuel_dispenser", "fuels": {"1": "petrol"}, "points": [{"nozzle": "1", "runs": runs}]}
    cuff = {
        "kind": "sphygmomanometer", "points": [{"reference_kpa": 20, "indication_kpa": 20}],
        "leak_kpa_per_minute": 0,
    }  # fmt: skip
    scale = SCALE | {"repeatability": [{"load_g": 7500, "indication_g": 7500}] * 3}
    noise = {
        "kind": "tests",
        "item": "electroencephalograph",
        "readings": [{"test": "noise", "indication": 0}],
    }
    for instrument in (pump, cuff, scale, noise):
        assert outcome_of(instrument, **guarded).outcome == "passed"
    assert [step.name for step in outcome_of(pump).points[1].steps] == ["最大 E", "最小 E", "极差"]


def test_the_numeral_of_a_keyboard_names_the_class() -> None:
    assert outcome_of(SCALE | {"accuracy_class": "Ⅲ 级"}) == outcome_of(SCALE)


def test_the_decision_rule_may_leave_a_point_undecided() -> None:
    assert outcome_of(SCALE).outcome == "passed"
    undecided = outcome_of(SCALE, decision_rule="jjf_1094", expanded_uncertainty=1)
    assert undecided.points[0].outcome == undecided.outcome == "undecided"
    assert [citation.edition for citation in undecided.citations] == ["JJG 539-2016", "JJF 1094-2002"]


@pytest.mark.parametrize(
    ("instrument", "facts", "field"),
    [
        (SCALE | {"accuracy_class": "V"}, {}, "instrument.accuracy_class"),
        (SCALE | {"weighing": []}, {}, "instrument.weighing"),
        (SCALE | {"weighing": [{"load_g": -1, "indication_g": 0}]}, {}, "instrument.weighing[0].load_g"),
        (SCALE, {"decision_rule": "jjf_1094"}, "expanded_uncertainty"),
        ({"kind": "sundial"}, {}, "instrument"),
        (SCALE | {"e_g": "five"}, {}, "instrument.scale.e_g"),
    ],
)
def test_a_fault_names_its_field(instrument: dict[str, Any], facts: dict[str, Any], field: str) -> None:
    with pytest.raises(CaseRefused) as refused:
        evaluate(CALCULATION, {"day": DAY, "instrument": instrument, **facts})
    assert [fault["field"] for fault in refused.value.faults] == [field]


def test_before_the_first_edition_there_is_no_verdict() -> None:
    with pytest.raises(CaseRefused, match="没有现行有效的规则"):
        evaluate(CALCULATION, {"day": "1990-01-01", "instrument": SCALE})


NAMES = st.sampled_from(["nozzle", "runs", "reference_kpa"])
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.decimals(), st.floats(),
    st.sampled_from(["III", "scale", "1e999", "-0", Decimal("1E-30")]),
)  # fmt: skip


@fuzzed()
@given(
    st.fixed_dictionaries(
        {"kind": st.sampled_from(["scale", "table", "fuel_dispenser", "sphygmomanometer"])},
        optional={
            "accuracy_class": ODD, "max_g": ODD, "e_g": ODD,
            "fuels": st.dictionaries(st.text(max_size=2), ODD),
            "weighing": st.lists(st.fixed_dictionaries({"load_g": ODD, "indication_g": ODD}), max_size=3),
            "points": st.lists(st.dictionaries(NAMES, ODD), max_size=3),
            "table": ODD, "unit": ODD, "span": ODD, "readings": st.lists(ODD, max_size=3),
        },
    )
)  # fmt: skip
def test_nothing_that_is_sent_brings_it_down(instrument: dict[str, Any]) -> None:
    try:
        outcome_of(instrument)
    except CaseRefused as refused:
        assert all(fault["field"] and fault["message"] for fault in refused.faults)  # noqa: PT017
