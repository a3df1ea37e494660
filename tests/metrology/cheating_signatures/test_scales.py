"""Signs of manipulated scales: each planted fraud is caught, and honest scales are left alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from quanheng.metrology.cheating_signatures import chance
from quanheng.metrology.cheating_signatures import scales as signs
from quanheng.metrology.cheating_signatures.suspicion import Suspicion, read_signature_rule
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.shipped import shipped

RULE = read_signature_rule(shipped().in_force("control-chart/cheating-signatures", date(2026, 6, 1)))
Random = np.random.Generator


def suspected(judge: Callable[[Random], Suspicion], instruments: int = 200) -> float:
    """Return the share of simulated instruments that are suspected."""
    found = [judge(np.random.default_rng(seed)) for seed in range(instruments)]
    return sum(one.is_suspicious for one in found) / instruments


def check(judge: Callable[[Random, bool], Suspicion]) -> None:
    assert suspected(lambda random: judge(random, False)) <= 0.015
    assert suspected(lambda random: judge(random, True)) >= 0.9


def test_a_hidden_key_that_changes_the_span() -> None:
    def judge(random: Random, is_fraud: bool) -> Suspicion:
        gains = random.normal(1.0, 0.004, 60)
        if is_fraud:
            gains[random.random(60) < 0.5] += 0.05
        return signs.two_spans(gains, 0.005, RULE, random)

    check(judge)


def test_two_groups_within_what_is_tolerated_are_no_sign() -> None:
    gains = np.array([1.0, 1.001] * 20)
    assert signs.two_spans(gains, 0.005, RULE, np.random.default_rng(1)).probability == 1.0


def test_the_same_seed_gives_the_same_probability() -> None:
    gains = np.random.default_rng(3).normal(size=30)
    one, other = (signs.two_spans(gains, 0.0, RULE, np.random.default_rng(4)) for _ in range(2))
    assert one == other


def test_the_best_split_of_two_plain_groups_and_of_none() -> None:
    explained, share = chance.best_split(np.array([[5.0, 1.0, 1.0, 5.0, 1.0]]))
    assert explained.tolist() == [pytest.approx(1.0)]
    assert share.tolist() == [0.6]
    assert chance.best_split(np.ones((1, 4)))[0].tolist() == [0.0]


def test_a_preset_below_zero() -> None:
    def judge(random: Random, is_fraud: bool) -> Suspicion:
        return signs.zero_preset(random.normal(-8.0 if is_fraud else -0.5, 1.0, 20), 5.0, RULE)

    check(judge)


def test_a_zero_without_any_scatter_is_compared_as_it_is() -> None:
    assert signs.zero_preset([2.0, 2.0, 2.0], 5.0, RULE).is_suspicious
    assert not signs.zero_preset([1.0, 1.0, 1.0], 5.0, RULE).is_suspicious


def test_weighings_that_do_not_begin_at_zero() -> None:
    def judge(random: Random, is_fraud: bool) -> Suspicion:
        starts = np.where(random.random(300) < (0.05 if is_fraud else 0.001), 10.0, 0.0)
        return signs.zero_not_reestablished(starts, 5.0, RULE)

    check(judge)


def test_a_span_that_jumps_after_sealing() -> None:
    def judge(random: Random, is_fraud: bool) -> Suspicion:
        before = random.normal(0.0, 0.001, 12)
        after = random.normal(0.02 if is_fraud else 0.0005, 0.002, 12)
        return signs.span_jump(before, after, 0.001, RULE)

    check(judge)


def test_a_jump_without_any_scatter_is_compared_as_it_is() -> None:
    assert signs.span_jump([0.0] * 3, [0.02] * 3, 0.001, RULE).is_suspicious
    assert not signs.span_jump([0.0] * 3, [0.0005] * 3, 0.001, RULE).is_suspicious


def test_an_axle_beside_the_platform() -> None:
    def judge(random: Random, is_fraud: bool) -> Suspicion:
        history = random.normal(15_000, 60, 15)
        tare = random.normal(15_000, 60) - (3_000 if is_fraud else 0)
        return signs.partial_loading(history, tare, RULE)

    check(judge)


def test_a_tare_that_never_varied_is_compared_as_it_is() -> None:
    assert signs.partial_loading([15_000.0] * 4, 14_000, RULE).is_suspicious
    assert not signs.partial_loading([15_000.0] * 4, 15_000, RULE).is_suspicious


def test_a_signal_too_quiet_for_a_load_cell() -> None:
    def judge(random: Random, is_fraud: bool) -> Suspicion:
        return signs.simulated_signal(random.normal(0, 0.2 if is_fraud else 1.0, 40), 1.0, RULE)

    check(judge)


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: signs.two_spans([1.0] * 7, 0.0, RULE, np.random.default_rng(1)), "gains"),
        (lambda: signs.zero_preset([1.0, 2.0, 3.0], 0.0, RULE), "e"),
        (lambda: signs.zero_preset([1.0, 2.0], 5.0, RULE), "unloaded"),
        (lambda: signs.zero_not_reestablished([], 5.0, RULE), "starts"),
        (lambda: signs.span_jump([1.0], [1.0, 2.0, 3.0], 0.0, RULE), "before"),
        (lambda: signs.partial_loading([1.0], 1.0, RULE), "tare_history"),
        (lambda: signs.simulated_signal(np.ones(9), 0.0, RULE), "noise"),
    ],
)
def test_data_that_tell_nothing_are_refused(call: Callable[[], object], field: str) -> None:
    with pytest.raises(CaseFault) as refused:
        call()
    assert refused.value.field == field
