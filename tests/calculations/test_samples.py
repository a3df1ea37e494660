"""Rates, their samples and the runs of charts, as anybody calculates them: what was printed, and refusals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.calculations.calculation import Calculation
from quanheng.calculations.evaluating import CaseRefused, calculations, evaluate
from tests.fuzz import fuzzed

KINDS = calculations()


def example(kind: str, name: str) -> Mapping[str, Any]:
    return next(one.case for one in KINDS[kind].examples if one.name == name)


def told(kind: str, case: Mapping[str, Any], **facts: Any) -> Any:
    return evaluate(KINDS[kind], {**case, **facts})


def refused(kind: str, case: Mapping[str, Any]) -> list[str]:
    with pytest.raises(CaseRefused) as found:
        evaluate(KINDS[kind], case)
    return [fault["field"] for fault in found.value.faults]


def test_newcombe_s_interval() -> None:
    """Newcombe 1998, table I: 81 of 263."""
    found = told("proportion", example("proportion", "newcombe"))
    assert (round(found.wilson.lower, 4), round(found.wilson.upper, 4)) == (0.2553, 0.3662)
    assert (round(found.exact.lower, 4), round(found.exact.upper, 4)) == (0.2527, 0.3676)


def test_a_clean_sample_shows_no_more_than_it_can() -> None:
    found = told("proportion", example("proportion", "clean")).population
    assert (found.most, found.fewest, round(found.shown, 3)) == (13, 0, 0.974)


def test_the_rate_of_clusters_is_that_of_the_sas_manual() -> None:
    found = told("survey-rate", example("survey-rate", "clusters"))
    assert (found.estimate, round(found.rate, 6), round(found.standard_error, 6)) == (
        "clusters", 0.561437, 0.056368,
    )  # fmt: skip
    assert (found.degrees_of_freedom, found.clusters, found.sample) == (13, 16, 40)


def test_the_rate_of_strata() -> None:
    found = told("survey-rate", example("survey-rate", "strata"))
    assert (round(found.rate, 6), round(found.standard_error, 6)) == (0.078481, 0.024325)
    assert found.total == pytest.approx(124)
    assert found.total_interval.upper == pytest.approx(1580 * found.interval.upper)


def test_the_rate_of_a_sample_aimed_at_risk_is_weighted_back() -> None:
    """Hájek: (2/0.8 + 1/0.1) / (4/0.8 + 4/0.1)."""
    found = told("survey-rate", example("survey-rate", "risk"))
    assert found.rate == pytest.approx(12.5 / 45)
    assert (found.total, found.total_error) == (12.5, None)


UNITS = [{"hit": True, "inclusion": 0.5, "cluster": "甲站"}, {"hit": False, "inclusion": 0.5}]
SEEN = [{"size": 4, "hits": 1}, {"size": 4, "hits": 0}]


@pytest.mark.parametrize(
    ("kind", "case", "field"),
    [
        ("proportion", {"selection": "cluster", "hits": 3, "sample": 60}, "selection"),
        ("survey-rate", {"selection": "unit", "units": UNITS}, "units[0].cluster"),
        ("survey-rate", {"selection": "cluster", "units": UNITS[1:] * 2}, "selection"),
        ("survey-rate", {"selection": "unit", "strata": [{"clusters": 50, "seen": SEEN}]}, "strata[0].seen"),
        ("survey-rate", {"selection": "unit", "strata": [{"clusters": 50}]}, "strata[0].seen"),
    ],
)
def test_what_takes_units_for_independent_is_not_given_clusters(
    kind: str, case: dict[str, Any], field: str
) -> None:
    with pytest.raises(CaseRefused, match="请改用分层整群估计") as found:
        evaluate(KINDS[kind], case)
    assert [fault["field"] for fault in found.value.faults] == [field]


@pytest.mark.parametrize(
    ("case", "field"),
    [
        ({"selection": "unit"}, "strata"),
        ({"strata": [{"population": 9, "sample": 3, "hits": 0}]}, "selection"),
        ({"selection": "unit", "strata": [{"population": 9, "sample": 3}]}, "strata[0].hits"),
        ({"selection": "unit", "strata": [{"population": 9, "sample": 1, "hits": 0}]}, "strata[0].sample"),
        ({"selection": "cluster", "strata": [{"seen": SEEN}]}, "strata[0].clusters"),
        ({"selection": "cluster", "strata": [{"clusters": 5, "hits": 1, "seen": SEEN}]}, "strata[0].hits"),
        ({"selection": "cluster", "strata": [{"clusters": 5, "seen": SEEN[:1]}]}, "strata[0].seen"),
        ({"selection": "cluster", "strata": [{"clusters": 5, "seen": []}]}, "strata[0].seen"),
    ],
)
def test_a_sample_that_makes_no_rate_names_its_field(case: dict[str, Any], field: str) -> None:
    assert refused("survey-rate", case) == [field]


def test_a_sample_is_shared_out_by_neyman_and_in_proportion() -> None:
    neyman = told("sample-allocation", example("sample-allocation", "neyman"))
    assert [(one.sample, round(one.share, 2)) for one in neyman.strata] == [
        (72, 71.89), (28, 28.03), (10, 10.08),
    ]  # fmt: skip
    floor = told("sample-allocation", example("sample-allocation", "proportional"))
    assert [one.sample for one in floor.strata] == [80, 20, 10]


@pytest.mark.parametrize(
    ("strata", "field"), [([{"size": 9}], "strata[0].rate"), ([{"size": 9, "rate": 0}], "strata")]
)
def test_neyman_asks_for_a_spread(strata: list[dict[str, Any]], field: str) -> None:
    assert refused("sample-allocation", {"method": "neyman", "sample": 3, "strata": strata}) == [field]


@pytest.mark.parametrize(
    ("name", "length"), [("western-electric", 91.75), ("cusum", 10.38), ("ewma", 499.58), ("shewhart", 370.4)]
)
def test_the_run_lengths_that_were_printed(name: str, length: float) -> None:
    assert told("run-length", example("run-length", name)).run_length == pytest.approx(length, abs=0.01)


def test_a_hundred_thousand_points_a_day_alarm_a_thousand_times_for_nothing() -> None:
    assert told("run-length", example("run-length", "western-electric")).alarms_per_day == pytest.approx(
        1090, abs=0.5
    )


@pytest.mark.parametrize(
    ("case", "field"),
    [
        ({"chart": "run-rules"}, "day"),
        ({"chart": "run-rules", "day": "2026-06-01", "rules_on": [7]}, "rules_on"),
        ({"chart": "cusum", "reference": 5, "decision": 20}, "chart"),
        ({"chart": "cusum", "decision": 21}, "decision"),
    ],
)
def test_a_run_length_that_cannot_be_told_names_its_field(case: dict[str, Any], field: str) -> None:
    assert refused("run-length", case) == [field]


FIELDS = {
    "proportion": ("hits", "sample", "population", "confidence"),
    "run-length": ("shift", "width", "reference", "decision", "weight", "points_per_day"),
}
NUMBERS = (
    st.floats() | st.integers() | st.none() | st.text(max_size=4) | st.floats(0, 10) | st.integers(1, 50)
)


def survives(kind: Calculation, case: dict[str, Any]) -> None:
    try:
        evaluate(kind, case)
    except CaseRefused as found:
        assert all(fault["field"] and fault["message"] for fault in found.faults)  # noqa: PT017


@fuzzed(150)
@given(st.data())
def test_nothing_that_is_sent_brings_a_proportion_or_a_run_length_down(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(FIELDS)))
    fixed = {"selection": "unit"} if name == "proportion" else {
        "chart": data.draw(st.sampled_from(["shewhart", "cusum", "ewma", "run-rules"])), "day": "2026-06-01",
    }  # fmt: skip
    given_ = data.draw(st.dictionaries(st.sampled_from(FIELDS[name]), NUMBERS))
    survives(KINDS[name], {**fixed, **given_})


CLUSTERS = st.fixed_dictionaries({"size": st.integers(0, 9), "hits": st.integers(-1, 9)})
STRATA = st.fixed_dictionaries(
    {},
    optional={
        "population": st.integers(0, 99), "sample": st.integers(0, 20), "hits": st.integers(0, 9),
        "clusters": st.integers(0, 9), "seen": st.lists(CLUSTERS, max_size=4),
    },
)  # fmt: skip


@fuzzed(200)
@given(st.sampled_from(["unit", "cluster"]), st.lists(STRATA, max_size=3), st.floats(0.5, 0.9999))
def test_nothing_that_is_sent_brings_a_rate_down(
    selection: str, strata: list[dict[str, Any]], confidence: float
) -> None:
    survives(KINDS["survey-rate"], {"selection": selection, "strata": strata, "confidence": confidence})
