"""An interval held against its reliability target: printed examples, and what cannot be told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from quanheng.metrology.calibration_intervals.attributes import (
    JudgedInterval,
    judge_interval,
    read_interval_rule,
)
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.shipped import shipped

RULE = read_interval_rule(shipped().in_force("calibration-interval", date(2026, 6, 1)))


def judged(
    passed: int, tested: int, interval: float = 365, target: float = 0.95, confidence: float = 0.5
) -> JudgedInterval:
    return judge_interval(passed, tested, interval, target, RULE, confidence=confidence)


@pytest.mark.parametrize(
    ("passed", "interval", "days", "rejection", "lower", "upper"),
    [
        (15, 365, 231, 0.9949, 0.6516, 0.8286),
        (14, 365, 205, 0.9993, 0.6000, 0.7843),
        (16, 730, 523, 0.9682, 0.7041, 0.8716),
    ],
)
def test_the_three_assets_of_the_ncsli_tutorial(
    passed: int, interval: float, days: int, rejection: float, lower: float, upper: float
) -> None:
    """NCSLI Symposium 2019, tutorial on intervals: 20 calibrations each, target 95 % (RP-1, method A3)."""
    told = judged(passed, 20, interval)
    assert round(told.interval) == days
    assert round(told.rejection, 4) == rejection
    assert (round(told.bounds.lower, 4), round(told.bounds.upper, 4)) == (lower, upper)
    assert told.is_changed


def test_the_fourth_example_of_suncal() -> None:
    told = judged(42, 50, target=0.9, confidence=0.3)
    assert (round(told.interval), round(told.rejection, 4)) == (329, 0.7557)
    assert (round(told.bounds.lower, 4), round(told.bounds.upper, 4)) == (0.8067, 0.8664)


@pytest.mark.parametrize(("passed", "tested", "target", "days"), [(20, 20, 0.95, 503), (30, 30, 0.97, 434)])
def test_an_interval_that_always_passes_is_lengthened(
    passed: int, tested: int, target: float, days: int
) -> None:
    """By the formula of RP-1, 10^((1 - R_t)/R_t^n), as suncal 1.7.1 has it too."""
    assert round(judged(passed, tested, target=target).interval) == days


def test_one_that_passes_more_often_than_asked_for_is_lengthened_less() -> None:
    told = judged(48, 50, target=0.8)
    tail = stats.binom.sf(47, 50, 0.8)
    assert told.rejection == pytest.approx(1 - 2 * tail)
    assert told.interval == pytest.approx(min(730, 365 * 10 ** (0.16 / (2 * tail))))


@given(st.integers(3, 60), st.data())
def test_the_rejection_confidence_is_where_the_interval_of_the_reliability_meets_the_target(
    tested: int, data: st.DataObject
) -> None:
    passed = data.draw(st.integers(1, tested - 1))
    told = judged(passed, tested, target=0.8)
    tail = (1 - told.rejection) / 2
    if 0 < told.rejection < 0.999999:  # further out a tail is lost in 1 - Q
        end = (
            stats.beta.ppf(1 - tail, passed + 1, tested - passed) if passed / tested <= 0.8
            else stats.beta.ppf(tail, passed, tested - passed + 1)
        )  # fmt: skip
        assert end == pytest.approx(0.8, abs=1e-6)


def test_an_interval_that_keeps_its_target_stands() -> None:
    told = judged(19, 20)
    assert (told.interval, told.is_changed) == (365, False)


def test_too_few_calibrations_change_nothing() -> None:
    assert not judged(1, 2, target=0.7).is_changed


def test_an_interval_is_at_most_doubled_and_halved_and_stays_within_bounds() -> None:
    assert judged(500, 500).interval == 730
    assert judged(200, 200, target=0.9).interval == 730
    assert judged(0, 50).interval == 182.5
    assert judged(5000, 5000, target=0.5).calculated == 730  # so sure that Q is 1
    assert judged(500, 500, interval=1500).interval == 1826
    assert judged(0, 50, interval=20).interval == 14
    assert judged(0, 50, interval=8).interval == 8  # less than five days are no change


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: judged(0, 0), "trials"),
        (lambda: judged(3, 2), "hits"),
        (lambda: judged(1, 2, target=1.0), "target"),
        (lambda: judged(1, 2, interval=0), "interval"),
        (lambda: judged(1, 2, confidence=1.0), "confidence"),
    ],
)
def test_what_is_no_history_is_refused(call: Callable[[], object], field: str) -> None:
    with pytest.raises(CaseFault) as refused:
        call()
    assert refused.value.field == field
