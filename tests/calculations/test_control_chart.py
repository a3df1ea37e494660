"""The control chart as a calculation: the worked examples, and what is refused."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.calculations.control_chart import CALCULATION
from quanheng.calculations.control_chart_model import ControlChartResult
from quanheng.calculations.evaluating import CaseRefused, evaluate, read_case
from tests.fuzz import fuzzed

EXAMPLES = {example.name: example.case for example in CALCULATION.examples}


def chart_of(case: Any) -> ControlChartResult:
    result = evaluate(CALCULATION, case)
    assert isinstance(result, ControlChartResult)
    return result


def broken_at(result: ControlChartResult) -> dict[int, list[str]]:
    return {point.number: [rule.rule for rule in point.broken] for point in result.points if point.broken}


def test_individuals_have_the_limits_of_nist() -> None:
    result = chart_of(EXAMPLES["individuals"])
    assert (round(result.limits.lower, 4), round(result.limits.upper, 4)) == (45.8159, 55.8041)
    assert result.flagged == 0
    assert result.capability is not None
    assert result.capability.cp == pytest.approx(20 / 6 / (1.877777777 / 1.128))
    assert result.capability.ppk == pytest.approx((60 - 50.81) / 3 / result.capability.sigma_overall)


def test_the_cumulative_sum_alarms_at_the_fourteenth_point() -> None:
    result = chart_of(EXAMPLES["cusum"])
    assert broken_at(result) == {number: ["high"] for number in range(14, 21)}
    assert result.points[19].high == pytest.approx(19.035)
    assert "偏高" in result.points[13].broken[0].words


def test_the_weighted_average_stays_inside() -> None:
    result = chart_of(EXAMPLES["ewma"])
    assert result.flagged == 0
    assert round(result.points[19].average or 0, 2) == 51.99
    assert round(result.points[0].upper or 0, 4) == 52.5884


def test_a_drift_is_found_by_its_run_and_the_missing_month_is_stepped_over() -> None:
    result = chart_of(EXAMPLES["drifting-dispenser"])
    assert result.points[2].value is None
    assert "4" in broken_at(result)[12]
    assert not result.is_estimated
    assert result.spread_limits is None


def test_points_that_remember_each_other_are_pointed_out() -> None:
    drift = {"day": "2026-06-01", "chart": "individuals", "readings": [0.1 * i for i in range(30)]}
    memory = chart_of(drift).memory
    assert memory is not None
    assert memory.is_present
    short = chart_of({**EXAMPLES["ewma"], "readings": [50.0]})
    assert short.memory is None
    nist = chart_of(EXAMPLES["ewma"]).memory
    assert nist is not None
    assert not nist.is_present


def test_only_the_rules_that_are_on_are_judged() -> None:
    result = chart_of(EXAMPLES["subgroups"])
    assert broken_at(result) == {5: ["1"]}
    assert result.spread_limits is not None
    case = {**EXAMPLES["subgroups"], "chart": "mean-deviation", "rules_on": [2]}
    assert chart_of(case).flagged == 0


def test_a_subgroup_that_scatters_is_flagged_by_its_range() -> None:
    groups = [[9.9, 10.1], [10.1, 9.9], [9.95, 10.05], [10.0, 10.1], [9.9, 10.0], [5.0, 15.0]]
    result = chart_of({"day": "2026-06-01", "chart": "mean-range", "subgroups": groups})
    assert "spread" in broken_at(result)[6]


def test_a_fall_breaks_the_lower_limit_of_the_average() -> None:
    case = {**EXAMPLES["ewma"], "readings": [40.0], "limits": {"centre": 50, "sigma": 1}}
    assert broken_at(chart_of(case)) == {1: ["low"]}
    case = {**EXAMPLES["cusum"], "readings": [300.0], "limits": {"centre": 325, "sigma": 1}}
    assert broken_at(chart_of(case)) == {1: ["low"]}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"chart": "mean-range", "readings": [], "subgroups": []}, "subgroups"),
        ({"chart": "mean-range", "readings": [], "subgroups": [[1, 2], [1, 2, 3]]}, "subgroups"),
        ({"chart": "mean-range", "readings": [], "subgroups": [[]]}, "subgroups"),
        ({"chart": "mean-range", "subgroups": [[1, 2]]}, "readings"),
        ({"subgroups": [[1, 2]]}, "subgroups"),
        ({"readings": []}, "readings"),
        ({"readings": [None, None]}, "readings"),
        ({"readings": [1.0, 1e200]}, "readings"),
        ({"readings": [1.0, 1.0]}, "readings"),
        ({"readings": [1.0, "x"]}, "readings[1]"),
        ({"rules_on": [5]}, "rules_on"),
        ({"specification": {}}, "specification"),
        ({"specification": {"lower": 2, "upper": 1}}, "specification.upper"),
        ({"chart": "cusum", "cusum": {"head_start": 9}}, "cusum.head_start"),
        ({"limits": {"centre": 0, "sigma": 0}}, "limits.sigma"),
        ({"day": "1990-01-01"}, "day"),
    ],
)
def test_a_case_that_makes_no_chart_names_its_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(CaseRefused) as refused:
        evaluate(CALCULATION, {**EXAMPLES["individuals"], **change})
    assert field in [fault["field"] for fault in refused.value.faults]


NUMBERS = st.one_of(
    st.none(), st.integers(-(10**30), 10**30), st.floats(allow_nan=False), st.text(max_size=3)
)
ANYTHING = st.recursive(NUMBERS, lambda inner: st.lists(inner, max_size=6), max_leaves=20)
CASES = st.fixed_dictionaries(
    {
        "day": st.sampled_from(["2026-06-01", "x"]),
        "chart": st.sampled_from(["individuals", "mean-range", "mean-deviation", "cusum", "ewma"]),
    },
    optional={
        "readings": st.one_of(st.lists(st.floats(-1e6, 1e6), max_size=30), ANYTHING),
        "subgroups": st.one_of(
            st.lists(st.lists(st.floats(-9, 9), min_size=2, max_size=2), max_size=9), ANYTHING
        ),
        "limits": st.fixed_dictionaries({"centre": NUMBERS, "sigma": NUMBERS}),
        "rules": st.sampled_from(["nelson", "western-electric"]),
        "rules_on": st.lists(st.integers(-1, 9), max_size=4),
        "specification": st.fixed_dictionaries({}, optional={"lower": NUMBERS, "upper": NUMBERS}),
        "cusum": st.fixed_dictionaries({}, optional={"decision": NUMBERS, "restarts": st.booleans()}),
        "ewma": st.fixed_dictionaries({}, optional={"weight": NUMBERS, "width": NUMBERS}),
    },
)


@fuzzed()
@given(CASES)
def test_no_case_brings_the_calculation_down_or_takes_a_second(case: dict[str, Any]) -> None:
    with suppress(CaseRefused):
        result = evaluate(CALCULATION, read_case(json.dumps(case)))
        assert CALCULATION.result.model_validate_json(result.model_dump_json()) == result
