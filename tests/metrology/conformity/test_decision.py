"""Decision rules and their risks (JCGM 106:2012, JJF 1094-2002)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.metrology.conformity.decision import (
    DecisionRule,
    GuardBand,
    conformance_probability,
    decide,
    global_risk,
    guard_band_factor,
    process_deviation,
)
from quanheng.metrology.conformity.limits import Limits
from quanheng.metrology.conformity.points import Outcome
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.shipped import shipped

PACK = shipped().in_force("conformity/decision", date(2026, 6, 1))
ONE = Limits(Decimal(-1), Decimal(1))
PASSED, FAILED, UNDECIDED = Outcome.PASSED, Outcome.FAILED, Outcome.UNDECIDED


@pytest.mark.parametrize(
    ("error", "uncertainty", "simple", "jjf_1094", "guarded"),
    [
        ("1.00", "0.30", PASSED, PASSED, FAILED),  # U ≤ a third: uncertainty is not looked at
        ("1.01", "0.30", FAILED, FAILED, FAILED),
        ("0.60", "0.40", PASSED, PASSED, PASSED),
        ("0.61", "0.40", PASSED, UNDECIDED, FAILED),
        ("1.39", "0.40", FAILED, UNDECIDED, FAILED),
        ("1.40", "0.40", FAILED, FAILED, FAILED),
        ("-1.40", "0.40", FAILED, FAILED, FAILED),
        ("-0.61", "0.40", PASSED, UNDECIDED, FAILED),
    ],
)
def test_how_each_rule_decides(
    error: str, uncertainty: str, simple: Outcome, jjf_1094: Outcome, guarded: Outcome
) -> None:
    def by(rule: DecisionRule) -> Outcome:
        return decide(Decimal(error), ONE, Decimal(uncertainty), rule, PACK)

    assert by(DecisionRule.SIMPLE) == simple
    assert by(DecisionRule.JJF_1094) == jjf_1094
    assert by(DecisionRule.GUARDED_ACCEPTANCE) == guarded


@pytest.mark.parametrize(
    ("spread", "uncertainty", "jjf_1094", "guarded"),
    [
        ("0.000", "0.05", PASSED, PASSED),  # nothing is lost at zero: a range cannot be smaller
        ("0.010", "0.06", PASSED, PASSED),
        ("0.150", "0.05", PASSED, FAILED),  # a third of the limit, not of nothing
        ("0.091", "0.06", UNDECIDED, FAILED),
        ("0.209", "0.06", UNDECIDED, FAILED),
        ("0.210", "0.06", FAILED, FAILED),
        ("-0.001", "0.06", FAILED, FAILED),  # no range at all: a slip of the pen
    ],
)
def test_a_quantity_that_cannot_be_negative_is_guarded_at_its_upper_limit_only(
    spread: str, uncertainty: str, jjf_1094: Outcome, guarded: Outcome
) -> None:
    limits = Limits.at_most(Decimal("0.15"))
    assert limits.times(Decimal(2)) == Limits.at_most(Decimal("0.30"))
    for rule, outcome in (
        (DecisionRule.JJF_1094, jjf_1094),
        (DecisionRule.GUARDED_ACCEPTANCE, guarded),
    ):
        assert decide(Decimal(spread), limits, Decimal(uncertainty), rule, PACK) == outcome


@pytest.mark.parametrize(
    ("lower", "upper", "half_width"),
    [("-0.2", "0.5", "0.2"), ("5", "10", "2.5"), ("80", "Infinity", "80"), ("-Infinity", "0.5", "0.5")],
)
def test_what_a_third_is_taken_of(lower: str, upper: str, half_width: str) -> None:
    assert Limits(Decimal(lower), Decimal(upper)).half_width == Decimal(half_width)


def test_one_limit_has_the_probability_of_its_own_side() -> None:
    """JCGM 106:2012, 7.3: a breakdown voltage of −5.47 V (0.05 V) against an upper limit of −5.40 V: 0.92."""
    assert conformance_probability(-5.47, 0.05, None, -5.40) == pytest.approx(0.92, abs=0.005)


def test_a_third_is_exact() -> None:
    limits = Limits(Decimal("-0.3"), Decimal("0.3"))
    assert decide(Decimal("0.3"), limits, Decimal("0.1"), DecisionRule.JJF_1094, PACK) == PASSED
    assert decide(Decimal("0.3"), limits, Decimal("0.1000001"), DecisionRule.JJF_1094, PACK) == UNDECIDED


@pytest.mark.parametrize(
    ("uncertainty", "code"), [(None, "missing_uncertainty"), (Decimal(-1), "negative_uncertainty")]
)
def test_a_rule_that_needs_the_uncertainty_asks_for_it(uncertainty: Decimal | None, code: str) -> None:
    with pytest.raises(CaseFault) as refused:
        decide(Decimal(0), ONE, uncertainty, DecisionRule.JJF_1094, PACK)
    assert (refused.value.field, refused.value.code) == ("expanded_uncertainty", code)
    assert decide(Decimal(0), ONE, None, DecisionRule.SIMPLE, PACK) == PASSED


@pytest.mark.parametrize(
    ("in_tolerance", "percent"), [(0.60, 2.21787844), (0.80, 1.96899868), (0.95, 0.85826648)]
)
def test_the_consumer_s_risk_at_a_ratio_of_four(in_tolerance: float, percent: float) -> None:
    """As suncal 1.7.1 has it (`risk.PFA_norm`): limits ±1, test uncertainty ratio 4, no guard band."""
    risk = global_risk(process_deviation(in_tolerance), 1 / 8)
    assert 100 * risk.consumer == pytest.approx(percent, abs=5e-9)


def test_deaver_s_example() -> None:
    """Limits at two standard deviations of the process, ratio 4: 0.8 % and 1.5 %."""
    risk = global_risk(0.5, 1 / 8)
    assert (round(risk.consumer, 3), round(risk.producer, 3)) == (0.008, 0.015)


def test_the_risks_agree_with_items_drawn_by_chance() -> None:
    chance = np.random.default_rng(20261123)
    true = chance.normal(0, 0.6, 2_000_000)
    accepted = np.abs(true + chance.normal(0, 0.2, true.size)) <= 0.9
    conforming = np.abs(true) <= 1
    risk = global_risk(0.6, 0.2, acceptance_limit=0.9)
    assert np.mean(accepted & ~conforming) == pytest.approx(risk.consumer, abs=2e-4)
    assert np.mean(~accepted & conforming) == pytest.approx(risk.producer, abs=5e-4)


@pytest.mark.parametrize(
    ("kind", "ratio", "factor"),
    [
        (GuardBand.ROOT_SUM_SQUARE, 4, 0.9682458),
        (GuardBand.TEST_95, 4, 0.75),
        (GuardBand.RP_10, 4, 1.0),
        (GuardBand.RP_10, 2, 0.75),
        (GuardBand.RP_10, 10, 1.0),
    ],
)
def test_guard_bands_by_ratio(kind: GuardBand, ratio: float, factor: float) -> None:
    assert guard_band_factor(kind, ratio) == pytest.approx(factor, abs=1e-7)


@pytest.mark.parametrize(
    ("lower", "upper", "probability"),
    [(-1.959964, 1.959964, 0.95), (None, 1.644854, 0.95), (0.0, None, 0.5), (None, None, 1.0)],
)
def test_the_probability_of_conformity(lower: float | None, upper: float | None, probability: float) -> None:
    assert conformance_probability(0, 1, lower, upper) == pytest.approx(probability, abs=1e-6)


@pytest.mark.parametrize(
    "call",
    [
        lambda: conformance_probability(0, 0, -1, 1),
        lambda: conformance_probability(0, float("nan"), -1, 1),
        lambda: process_deviation(1.0),
        lambda: global_risk(0, 1),
        lambda: global_risk(1, -1),
        lambda: guard_band_factor(GuardBand.TEST_95, 0.5),
    ],
)
def test_what_is_no_spread_and_no_ratio_is_refused(call: object) -> None:
    with pytest.raises(CaseFault):
        call()  # type: ignore[operator]


@given(st.floats(0.05, 3), st.floats(0.01, 1), st.floats(0.3, 1))
def test_a_wider_guard_band_protects_the_consumer_at_the_producer_s_cost(
    process: float, measurement: float, acceptance: float
) -> None:
    without = global_risk(process, measurement)
    guarded = global_risk(process, measurement, acceptance_limit=acceptance)
    assert guarded.consumer <= without.consumer + 1e-9
    assert guarded.producer >= without.producer - 1e-9
