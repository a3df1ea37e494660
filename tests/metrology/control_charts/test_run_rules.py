"""The rules of Western Electric and Nelson: each pattern, each cut into batches, each number of channels."""

from __future__ import annotations

import json
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quanheng.metrology.control_charts.run_rules import (
    RunRule,
    RunRuleState,
    apply_run_rules,
    read_run_rules,
)
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.shipped import shipped

PACK = shipped().in_force("control-chart/run-rules", date(2026, 6, 1))
WESTERN_ELECTRIC = read_run_rules(PACK, "western-electric")
NELSON = read_run_rules(PACK, "nelson")
POINTS = st.one_of(st.floats(-4, 4).map(lambda x: round(x * 2) / 2), st.just(np.nan))
SERIES = st.lists(POINTS, max_size=60)


def flagged(points: list[float], rules: tuple[RunRule, ...], number: int) -> list[int]:
    """Return where a rule flags, counted from 1."""
    flags, _ = apply_run_rules(points, 0.0, 1.0, rules)
    return [place + 1 for place, flag in enumerate(flags) if flag & 1 << number - 1]


@pytest.mark.parametrize(
    ("number", "points", "places"),
    [
        (1, [0, 3, 3.01, -3.01, 0], [3, 4]),
        (2, [2.1, 0, 2.1, 0, 0, 2.1], [3]),
        (2, [2.1, -2.1, 2.1], [3]),
        (2, [2.1, -2.1, -2.1, 2.0], [3]),
        (3, [1.1, 1.1, 0, 1.1, 1.1, 0, 1.1, 1.1, 1.1], [5, 8, 9]),
        (3, [1.1, 1.1, -1.1, -1.1, 1.1], []),
        (4, [0.1] * 8, [8]),
        (4, [-0.1] * 9, [8, 9]),
        (4, [0.1] * 7 + [0.0] + [0.1] * 7, []),
    ],
)
def test_western_electric(number: int, points: list[float], places: list[int]) -> None:
    assert flagged(points, WESTERN_ELECTRIC, number) == places


@pytest.mark.parametrize(
    ("number", "points", "places"),
    [
        (1, [3.01], [1]),
        (2, [0.1] * 8, []),
        (2, [0.1] * 9, [9]),
        (3, [0.1, 0.2, 0.3, 0.4, 0.5], []),
        (3, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7], [6, 7]),
        (3, [0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.1], [6]),
        (4, [0.1, -0.1] * 6 + [0.1], []),
        (4, [0.1, -0.1] * 7, [14]),
        (4, [0.2, 0.1] * 8, [14, 15, 16]),
        (5, [2.1, 0, 2.1], [3]),
        (6, [1.1, 1.1, 1.1], []),
        (6, [0, 1.1, 1.1, 1.1, 1.1], [5]),
        (7, [0.9, -0.9, 0.1] * 5, [15]),
        (7, [0.9] * 14 + [1.0], []),
        (8, [1.1, -1.1] * 4, [8]),
        (8, [1.1] * 8, []),
        (8, [-1.1] * 8, []),
    ],
)
def test_nelson(number: int, points: list[float], places: list[int]) -> None:
    assert flagged(points, NELSON, number) == places


def test_a_pattern_that_is_complete_at_once_needs_no_further_points() -> None:
    """Four beyond 1σ among the first four points: whatever the fifth is, they are four of five."""
    assert flagged([1.1, 1.1, 1.1, 1.1], WESTERN_ELECTRIC, 3) == [4]
    assert flagged([2.1, 2.1], WESTERN_ELECTRIC, 2) == [2]


def by_definition(points: list[float], rule: RunRule) -> list[bool]:
    """Flag point by point, as the rule is written."""
    present = [point for point in points if not np.isnan(point)]
    found = []
    for end in range(1, len(present) + 1):
        window = present[max(0, end - rule.window) : end]
        found.append((rule.pattern == "beyond" or len(window) == rule.window) and completes(window, rule))
    hits = iter(found)
    return [False if np.isnan(point) else next(hits) for point in points]


def completes(window: list[float], rule: RunRule) -> bool:
    steps = [b - a for a, b in pairwise(window)]
    if rule.pattern == "beyond":
        return any(
            side * window[-1] > rule.zone and sum(side * point > rule.zone for point in window) >= rule.count
            for side in (1, -1)
        )
    if rule.pattern == "trend":
        return all(step > 0 for step in steps) or all(step < 0 for step in steps)
    if rule.pattern == "alternating":
        return all(a * b < 0 for a, b in pairwise(steps))
    if rule.pattern == "within":
        return all(abs(point) < rule.zone for point in window)
    return all(abs(point) > rule.zone for point in window) and min(window) < 0 < max(window)


@settings(max_examples=200)
@given(SERIES, st.sampled_from([WESTERN_ELECTRIC, NELSON]))
def test_flags_are_those_of_the_definition(points: list[float], rules: tuple[RunRule, ...]) -> None:
    flags, _ = apply_run_rules(points, 0.0, 1.0, rules)
    for rule in rules:
        assert [bool(flag & rule.bit) for flag in flags] == by_definition(points, rule), rule.words


@settings(max_examples=200)
@given(st.lists(SERIES, min_size=1, max_size=4), st.lists(st.integers(0, 60), max_size=6))
def test_every_cut_into_batches_gives_the_same_flags(rows: list[list[float]], cuts: list[int]) -> None:
    length = min(len(row) for row in rows)
    readings = np.array([row[:length] for row in rows]).reshape(len(rows), length)
    whole, end = apply_run_rules(readings, 0.1, 0.9, NELSON)
    state = RunRuleState.start(len(rows), NELSON)
    pieces = []
    for piece in np.split(readings, sorted(cuts), axis=1):
        flags, state = apply_run_rules(piece, 0.1, 0.9, NELSON, state)
        state = RunRuleState.from_data(json.loads(json.dumps(state.as_data())))
        pieces.append(flags)
    assert (np.concatenate(pieces, axis=1) == whole).all()
    assert np.array_equal(state.history, end.history, equal_nan=True)


@pytest.mark.parametrize("shape", [(1, 100_000), (40_000, 3), (17, 5000)])
def test_blocks_of_the_cache_leave_no_seam(shape: tuple[int, int]) -> None:
    readings = np.random.default_rng(7).normal(size=shape).round(2)
    whole, _ = apply_run_rules(readings, 0.0, 1.0, NELSON)
    some = np.linspace(0, shape[0] - 1, 5).astype(int)
    state = RunRuleState.start(len(some), NELSON)
    for start in range(0, shape[1], 1237):
        flags, state = apply_run_rules(readings[some, start : start + 1237], 0.0, 1.0, NELSON, state)
        assert (flags == whole[some, start : start + 1237]).all()


def test_each_channel_has_its_own_limits() -> None:
    readings = [[10.0, 13.5], [100.0, 103.5]]
    flags, _ = apply_run_rules(readings, [10.0, 100.0], [1.0, 2.0], WESTERN_ELECTRIC)
    assert flags.tolist() == [[0, 1], [0, 0]]


@given(SERIES, st.floats(0.1, 10))
def test_the_mirror_image_and_another_unit_have_the_same_flags(points: list[float], unit: float) -> None:
    flags, _ = apply_run_rules(points, 0.0, 1.0, NELSON)
    mirrored, _ = apply_run_rules([-point for point in points], 0.0, 1.0, NELSON)
    assert (flags == mirrored).all()
    doubled, _ = apply_run_rules([4 * point for point in points], 0.0, 4.0, NELSON)
    assert (flags == doubled).all()


def test_a_missing_reading_is_no_point_and_the_run_goes_on() -> None:
    points = [0.1] * 4 + [np.nan] + [0.1] * 3 + [np.inf] + [0.1]
    assert flagged(points, WESTERN_ELECTRIC, 4) == [10]


def test_a_huge_reading_is_beyond_without_a_warning() -> None:
    flags, _ = apply_run_rules([1e308, np.nan, -1e308], 0.0, 1e-9, WESTERN_ELECTRIC)
    assert flags.tolist() == [1, 0, 1]


def test_no_rules_flag_nothing() -> None:
    flags, state = apply_run_rules([9.0, 9.0], 0.0, 1.0, ())
    assert flags.tolist() == [0, 0]
    assert state.history.shape == (1, 0)


@pytest.mark.parametrize(
    ("readings", "centre", "sigma", "field"),
    [
        ([[[1.0]]], 0.0, 1.0, "readings"),
        ([1.0], 0.0, 0.0, "limits.sigma"),
        ([1.0], 0.0, np.nan, "limits.sigma"),
        ([[1.0], [2.0]], [0.0, 1.0, 2.0], 1.0, "limits.centre"),
    ],
)
def test_what_does_not_fit_is_refused(readings: object, centre: object, sigma: object, field: str) -> None:
    with pytest.raises(CaseFault) as refused:
        apply_run_rules(readings, centre, sigma, WESTERN_ELECTRIC)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_the_state_of_other_channels_is_refused() -> None:
    with pytest.raises(CaseFault, match="2 个通道"):
        apply_run_rules([1.0], 0.0, 1.0, NELSON, RunRuleState.start(2, NELSON))
