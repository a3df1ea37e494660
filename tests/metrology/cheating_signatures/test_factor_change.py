"""A pulse factor set 0.8 % lower is found within the shifts that are stated; an honest drift is named drift.

Simulated with a scatter of 0.5 % a shift: what a gauge of 20 L says of 5 000 L sold.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import numpy as np
import pytest

from quanheng.metrology.cheating_signatures.factor_change import (
    FactorChange,
    FactorChangeKind,
    factor_change,
    factor_chart,
    read_factor_rule,
    shifts_until_found,
)
from quanheng.metrology.control_charts.average_run_length import cusum_run_length
from quanheng.metrology.control_charts.grid import Floats
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.shipped import shipped

RULE = read_factor_rule(shipped().in_force("control-chart/cheating-signatures", date(2026, 6, 1)))
SCATTER = 0.005
CHANGED_AT = 60
SHIFTS = 120
STATIONS = 100


def judged(level: Floats, seed: int, scatter: float = SCATTER) -> FactorChange:
    chance = np.random.default_rng(seed)
    sales = chance.uniform(4000, 6000, len(level))
    return factor_change(sales * (level + scatter * chance.standard_normal(len(level))), sales, RULE)


def stepped(change: float, shifts: int = SHIFTS) -> Floats:
    level: Floats = np.where(np.arange(shifts) < CHANGED_AT, 1.0, 1.0 + change)
    return level


def kinds(level: Floats, scatter: float = SCATTER) -> Counter[FactorChangeKind]:
    return Counter(judged(level, seed, scatter).kind for seed in range(STATIONS))


def test_the_run_length_that_is_stated_is_that_of_the_published_chart() -> None:
    """k = ½, h = 4 and 5 (Hawkins and Olwell 1998; NIST/SEMATECH 6.3.2.3.1): 168 and 465 in control."""
    assert cusum_run_length(0.0, 0.5, 4.0) == pytest.approx(168, abs=1)
    assert cusum_run_length(0.0, 0.5, 5.0) == pytest.approx(465, abs=1)
    chart = factor_chart(1.0, 0.008, RULE)
    assert chart.reference == pytest.approx(0.5)
    assert cusum_run_length(0.0, chart.reference, chart.decision) == pytest.approx(2000, rel=1e-3)


@pytest.mark.parametrize("change", [-0.008, 0.008])
def test_a_factor_changed_by_0_8_percent_is_found_within_the_stated_shifts(change: float) -> None:
    """With a scatter of 0.5 % a shift it takes six on average, and hardly ever three times as many."""
    stated = shifts_until_found(factor_chart(1.0, SCATTER, RULE), 0.008 / SCATTER)
    assert stated == pytest.approx(6.0, abs=0.1)
    found = [judged(stepped(change), seed) for seed in range(STATIONS)]
    delays = np.array([
        np.inf if one.alarmed_at is None else one.alarmed_at - CHANGED_AT + 1 for one in found
    ])  # fmt: skip
    after = delays[delays > 0]
    assert after.mean() <= 1.1 * stated
    assert (delays <= 3 * stated).mean() >= 0.95
    assert float(np.median([one.found_within for one in found])) == pytest.approx(stated, rel=0.15)


def test_a_changed_factor_is_named_a_step_with_its_shift_and_its_size() -> None:
    found = [judged(stepped(-0.008), seed) for seed in range(STATIONS)]
    steps = [one for one in found if one.kind == FactorChangeKind.STEP]
    assert len(steps) >= 0.95 * STATIONS
    assert np.median([abs((one.since or 0) - CHANGED_AT) for one in steps]) <= 1
    assert np.mean([one.size for one in steps]) == pytest.approx(-0.008, rel=0.1)


def test_an_honest_drift_is_named_drift_and_hardly_ever_a_step() -> None:
    """0.28 % in 90 shifts, as the rule lets a meter wear; watched for as long as it takes to show."""
    wearing = 1 - 0.0028 / 90 * np.clip(np.arange(400.0) - 40, 0, None).astype(np.float64)
    told = kinds(wearing)
    assert told[FactorChangeKind.STEP] <= 0.02 * STATIONS
    assert told[FactorChangeKind.DRIFT] >= 0.9 * STATIONS
    for watched in (140, 220):
        assert kinds(wearing[:watched])[FactorChangeKind.STEP] <= 0.02 * STATIONS


def test_an_honest_meter_is_left_alone() -> None:
    told = kinds(np.ones(300))
    assert told[FactorChangeKind.STEP] + told[FactorChangeKind.DRIFT] <= 0.02 * STATIONS


def test_a_change_that_has_just_alarmed_is_not_named_yet() -> None:
    """It is named ten shifts later: an alarm falls on an extreme shift, which looks like a step."""
    whole = judged(stepped(-0.008), seed=1)
    assert whole.alarmed_at is not None
    just = [judged(stepped(-0.02, CHANGED_AT + shifts), seed=1).kind for shifts in (5, 40)]
    assert just == [FactorChangeKind.UNCLEAR, FactorChangeKind.STEP]


def test_a_chart_for_shifts_without_scatter_keeps_a_least_decision_interval() -> None:
    assert factor_chart(1.0, 0.0005, RULE).decision == 0.25


@pytest.mark.parametrize(
    ("drops", "sales", "code"),
    [
        (np.ones(40), np.ones(40), "too_few"),
        (np.ones(50), np.ones(51), "wrong_shape"),
        (np.ones(50), np.zeros(50), "wrong_shape"),
        (np.ones(50), np.ones(50), "not_positive"),
        (np.tile([0.9, 1.1], 30), np.ones(60), "too_noisy"),
    ],
)
def test_shifts_that_tell_nothing_are_refused(drops: Any, sales: Any, code: str) -> None:
    with pytest.raises(CaseFault) as refused:
        factor_change(drops, sales, RULE)
    assert refused.value.code == code
