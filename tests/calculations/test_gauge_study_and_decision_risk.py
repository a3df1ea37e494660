"""Two pure rooms with a door: the study of a measuring system, the risks of a decision."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.calculations import decision_risk, gauge_study
from quanheng.calculations.decision_risk import DecisionRiskResult
from quanheng.calculations.evaluating import CaseRefused, evaluate
from quanheng.calculations.gauge_study import GaugeStudyResult
from tests.fuzz import fuzzed

VARIANCE, RANGE = (example.case for example in gauge_study.CALCULATION.examples)
DEAVER, GUARDED = (example.case for example in decision_risk.CALCULATION.examples)


def studied(case: Any, **facts: Any) -> GaugeStudyResult:
    result = evaluate(gauge_study.CALCULATION, {**case, **facts})
    assert isinstance(result, GaugeStudyResult)
    return result


def risked(case: Any, **facts: Any) -> DecisionRiskResult:
    result = evaluate(decision_risk.CALCULATION, {**case, **facts})
    assert isinstance(result, DecisionRiskResult)
    return result


def test_the_study_of_aiag_by_variance() -> None:
    """AIAG MSA, 4th edition, table III-B 8: EV 18.4 %, GRR 27.9 %, PV 96.0 % of the total."""
    told = studied(VARIANCE)
    percents = {one.name: round(one.percent, 1) for one in told.components}
    assert (percents["repeatability"], percents["gauge"], percents["parts"]) == (18.4, 27.9, 96.0)
    assert (told.is_pooled, told.rating, told.trials) == (True, "unacceptable", 3)
    assert told.categories == pytest.approx(4.86, abs=0.01)  # fewer than five
    assert [one.name for one in told.sources] == [
        "repeatability",
        "interaction",
        "pooled",
        "part",
        "operator",
    ]
    assert not studied(VARIANCE, may_pool=False).is_pooled


def test_the_study_of_aiag_by_ranges() -> None:
    """AIAG MSA, 4th edition, figure III-B 16: GRR 26.68 %, ndc 5."""
    told = studied(RANGE)
    assert {one.name: round(one.percent, 2) for one in told.components}["gauge"] == 26.68
    assert (told.rating, int(told.categories or 0), told.sources) == ("marginal", 5, ())
    assert told.mean_range == pytest.approx(0.341667, abs=1e-6)
    assert not told.citations[0].is_verified


def test_a_system_without_a_spread_of_its_own_tells_everything_apart() -> None:
    rows = [{"operator": o, "part": p, "readings": [v, v]} for o in "AB" for p, v in (("1", 1.0), ("2", 2.0))]
    told = studied({"day": "2026-06-01", "method": "range", "rows": rows})
    assert (told.categories, told.rating) == (None, "acceptable")


def test_deaver_s_four_to_one() -> None:
    """Deaver: limits at two standard deviations of the process, ratio 4: 0.8 % and 1.5 %."""
    told = risked(DEAVER)
    assert (round(told.consumer, 3), round(told.producer, 3)) == (0.008, 0.015)
    assert (told.test_uncertainty_ratio, told.guard_band_factor) == (4, 1)
    assert told.in_tolerance == pytest.approx(0.9545, abs=5e-5)


def test_a_guard_band_moves_the_risk_from_the_consumer_to_the_producer() -> None:
    told = risked(GUARDED)
    assert told.guard_band_factor == pytest.approx(0.968246, abs=1e-6)  # √(1 − 1/16)
    assert told.consumer < told.unguarded_consumer
    assert told.producer > told.unguarded_producer
    assert told.conformance_probability == pytest.approx(0.6554, abs=1e-4)  # Φ(0.4)
    assert risked(GUARDED, is_one_sided=True).conformance_probability == pytest.approx(0.6554, abs=1e-4)
    own = risked(DEAVER, acceptance_limit=0.968245836551854)
    assert own.consumer == pytest.approx(told.consumer)


@pytest.mark.parametrize(("in_tolerance", "percent"), [(0.60, 2.21787844), (0.80, 1.96899868)])
def test_the_consumer_s_risk_is_that_of_suncal(in_tolerance: float, percent: float) -> None:
    told = risked({"limit": 2, "expanded_uncertainty": 0.5, "in_tolerance": in_tolerance})
    assert 100 * told.consumer == pytest.approx(percent, abs=5e-9)


def test_a_very_good_standard_has_a_very_small_risk_and_not_none() -> None:
    told = risked(DEAVER, expanded_uncertainty=1e-4)
    density = math.exp(-2) / math.sqrt(2 * math.pi) / 0.5  # of the process at its limit
    assert told.consumer == pytest.approx(2 * density * 5e-5 / math.sqrt(2 * math.pi), rel=0.01)
    assert told.producer == pytest.approx(told.consumer, rel=0.01)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"process_deviation": None}, "in_tolerance"),
        ({"guard_band": "rp_10", "acceptance_limit": 1}, "acceptance_limit"),
        ({"guard_band": "test_95", "expanded_uncertainty": 1}, "expanded_uncertainty"),
        ({"guard_band": "test_95", "expanded_uncertainty": 3}, "expanded_uncertainty"),
        ({"expanded_uncertainty": 1e-9}, "expanded_uncertainty"),
        ({"process_deviation": 1e9}, "process_deviation"),
        ({"process_deviation": None, "in_tolerance": 1e-9}, "in_tolerance"),
    ],
)
def test_a_risk_that_cannot_be_told_names_its_field(facts: dict[str, Any], field: str) -> None:
    with pytest.raises(CaseRefused) as refused:
        risked(DEAVER, **facts)
    assert [fault["field"] for fault in refused.value.faults] == [field]


NUMBERS = st.floats() | st.integers() | st.none() | st.text(max_size=4)


@fuzzed(100)
@given(
    st.fixed_dictionaries(
        {"limit": NUMBERS, "expanded_uncertainty": NUMBERS},
        optional={
            "in_tolerance": NUMBERS, "process_deviation": NUMBERS, "acceptance_limit": NUMBERS,
            "error": NUMBERS,
            "guard_band": st.sampled_from(["root_sum_square", "test_95", "rp_10"]),
        },
    )
)  # fmt: skip
def test_nothing_that_is_sent_brings_a_risk_down(case: dict[str, Any]) -> None:
    try:
        told = risked(case)
    except CaseRefused as refused:
        assert all(fault["field"] and fault["message"] for fault in refused.faults)  # noqa: PT017
    else:
        assert 0 <= told.consumer <= 1
        assert 0 <= told.producer <= 1
