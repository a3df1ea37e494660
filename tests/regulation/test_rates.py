"""Rates of instruments in use: what counts where, from which day, until which day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.regulation.rates import (
    NO_STEP,
    Span,
    Use,
    count_on,
    difference,
    is_counted,
    meets_target,
    percent,
    steps,
)


def day(number: int) -> date:
    return date(2026, 1, 1) + timedelta(days=number)


HOLDS = [Span(day(10), day(100))]


def test_a_stopped_instrument_leaves_every_count_on_the_day_after_its_last_day_of_use() -> None:
    assert steps([Use(day(5), day(49), "market")], HOLDS, HOLDS) == {
        ("market", day(5)): (1, 0, 0),
        ("market", day(10)): (0, 1, 1),
        ("market", day(50)): (-1, -1, -1),
    }


def test_a_moved_instrument_takes_along_what_holds_of_it() -> None:
    moved = steps([Use(day(5), day(49), "old"), Use(day(50), None, "new")], HOLDS, HOLDS)
    assert moved[("old", day(50))] == (-1, -1, -1)
    assert moved[("new", day(50))] == (1, 1, 1)


def test_two_placements_on_the_same_days_count_once_where_it_went_last() -> None:
    counted = count_on(day(60), [([Use(day(5), None, "old"), Use(day(50), None, "new")], HOLDS, HOLDS)])
    assert counted == {"new": (1, 1, 1)}


def test_without_a_variant_nothing_stands_beside_the_rate() -> None:
    assert steps([Use(day(5), None, "market")], [Span(day(7), None)]) == {
        ("market", day(5)): (1, 0, 0),
        ("market", day(7)): (0, 1, 0),
    }


@pytest.mark.parametrize(
    ("state", "counted"),
    [("draft", False), ("filing", False), ("returned", False), ("filed", True), ("booked", True),
     ("under_verification", True), ("in_use", True), ("failed", True), ("under_repair", False),
     ("stopped", False), ("sealed_up", False), ("scrapped", False)],
)  # fmt: skip
def test_which_states_are_in_use(state: str, *, counted: bool) -> None:
    assert is_counted(state) is counted


def test_the_target_is_compared_in_whole_numbers() -> None:
    assert meets_target(99, 100, 99) is True
    assert meets_target(98_999_999, 100_000_000, 99) is False
    assert meets_target(0, 0, 99) is None
    assert percent(0, 0) is None
    assert percent(1, 4) == 25


days = st.integers(min_value=0, max_value=120).map(day)


def apart(spans: list[Span]) -> list[Span]:
    """Leave out what overlaps an earlier span: the days of one instrument are apart from each other."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: span.first):
        last = kept[-1].last if kept else None
        if not kept or (last is not None and last < span.first):
            kept.append(span)
    return kept


spans = st.lists(
    st.builds(
        lambda first, length: Span(first, None if length is None else first + timedelta(days=length)),
        days, st.none() | st.integers(0, 60),
    ),
    max_size=4,
).map(apart)  # fmt: skip
uses = st.lists(
    st.builds(
        lambda first, length, cell: Use(first, None if length is None else first + timedelta(days=length),
        cell),
        days, st.none() | st.integers(0, 60), st.sampled_from("AB"),
    ),
    max_size=4,
)  # fmt: skip


@given(st.lists(st.tuples(uses, spans, spans), max_size=4), days)
def test_the_steps_up_to_a_day_add_up_to_the_count_on_that_day(
    instruments: list[tuple[list[Use[str]], list[Span], list[Span]]], on: date
) -> None:
    total: dict[str, list[int]] = {}
    for instrument in instruments:
        for (cell, step_day), change in steps(*instrument).items():
            if step_day <= on:
                sums = total.setdefault(cell, [0, 0, 0])
                for column, by in enumerate(change):
                    sums[column] += by
    expected = count_on(on, instruments)
    assert {cell: tuple(sums) for cell, sums in total.items() if any(sums)} == expected


@given(uses, spans, uses, spans)
def test_a_difference_added_to_what_was_before_is_what_is_after(
    used: list[Use[str]], holding: list[Span], used_later: list[Use[str]], holding_later: list[Span]
) -> None:
    before, after = steps(used, holding), steps(used_later, holding_later)
    summed = dict(before)
    for key, change in difference(before, after).items():
        old = summed.get(key, NO_STEP)
        summed[key] = (old[0] + change[0], old[1] + change[1], old[2] + change[2])
    assert {key: step for key, step in summed.items() if step != NO_STEP} == after
