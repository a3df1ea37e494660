"""The verification rate (T1): what counts, from which day, until which day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.regulation.verification_rate import (
    NO_STEP,
    Span,
    Use,
    Verified,
    count_on,
    difference,
    is_counted,
    is_subject,
    meets_target,
    percent,
    proven_days,
    steps,
    trusted_days,
)


def day(number: int) -> date:
    return date(2026, 1, 1) + timedelta(days=number)


PASSED = Verified(day(10), passed=True, valid_until=day(100))


@pytest.mark.parametrize(
    ("verifications", "trusted"),
    [
        ([], []),
        ([PASSED], [Span(day(10), day(100))]),
        ([Verified(day(10), passed=True)], [Span(day(10), None)]),
        ([Verified(day(10), passed=False)], []),
        # a broken seal ends it the day before; broken on the very day, it never counted
        ([Verified(day(10), True, day(100), voided_on=day(50))], [Span(day(10), day(49))]),
        ([Verified(day(10), True, day(100), voided_on=day(10))], []),
        # failing ends the one before; passing again counts from that day, the day itself included
        ([PASSED, Verified(day(40), passed=False)], [Span(day(10), day(39))]),
        ([PASSED, Verified(day(40), False), Verified(day(40), True, day(90))],
         [Span(day(10), day(39)), Span(day(40), day(90))]),
        # renewed early: the new one takes over; when its seal breaks, the old one does not come back
        ([PASSED, Verified(day(90), True, day(200))], [Span(day(10), day(89)), Span(day(90), day(200))]),
        ([PASSED, Verified(day(90), True, day(200), voided_on=day(95))],
         [Span(day(10), day(89)), Span(day(90), day(94))]),
        # an in-service check extends nothing, but failing one ends
        ([PASSED, Verified(day(40), True, in_service=True)], [Span(day(10), day(100))]),
        ([PASSED, Verified(day(40), False, in_service=True)], [Span(day(10), day(39))]),
    ],
)  # fmt: skip
def test_the_latest_verification_decides(verifications: list[Verified], trusted: list[Span]) -> None:
    assert trusted_days(verifications) == trusted


def test_an_instrument_counts_from_its_first_day_of_use_and_as_verified_from_its_verification() -> None:
    assert steps([Use(day(5), None, "market")], [PASSED]) == {
        ("market", day(5)): (1, 0, 0),
        ("market", day(10)): (0, 1, 1),
        ("market", day(101)): (0, -1, -1),
    }


DECLARED = Verified(day(40), passed=True, valid_until=day(200), proven=False)


def test_what_a_user_declares_counts_apart_and_ends_nothing_that_is_proven() -> None:
    assert proven_days([PASSED, DECLARED]) == [Span(day(10), day(100))]
    assert trusted_days([PASSED, DECLARED]) == [Span(day(10), day(39)), Span(day(40), day(200))]
    assert steps([Use(day(5), None, "market")], [PASSED, DECLARED]) == {
        ("market", day(5)): (1, 0, 0),
        ("market", day(10)): (0, 1, 1),
        ("market", day(101)): (0, -1, 0),
        ("market", day(201)): (0, 0, -1),
    }


def test_only_declared_is_in_use_and_not_verified() -> None:
    assert count_on(day(50), [([Use(day(5), None, "market")], [DECLARED])]) == {"market": (1, 0, 1)}


def test_a_stopped_instrument_leaves_both_counts_on_the_day_after_its_last_day_of_use() -> None:
    assert steps([Use(day(5), day(49), "market")], [PASSED]) == {
        ("market", day(5)): (1, 0, 0),
        ("market", day(10)): (0, 1, 1),
        ("market", day(50)): (-1, -1, -1),
    }


def test_a_moved_instrument_takes_its_verification_along() -> None:
    moved = steps([Use(day(5), day(49), "old"), Use(day(50), None, "new")], [PASSED])
    assert moved[("old", day(50))] == (-1, -1, -1)
    assert moved[("new", day(50))] == (1, 1, 1)


def test_two_placements_on_the_same_days_count_once_where_it_went_last() -> None:
    counted = count_on(day(60), [([Use(day(5), None, "old"), Use(day(50), None, "new")], [PASSED])])
    assert counted == {"new": (1, 1, 1)}


@pytest.mark.parametrize(
    ("state", "counted"),
    [("draft", False), ("filing", False), ("returned", False), ("filed", True), ("booked", True),
     ("under_verification", True), ("in_use", True), ("failed", True), ("under_repair", False),
     ("stopped", False), ("sealed_up", False), ("scrapped", False)],
)  # fmt: skip
def test_which_states_are_in_use(state: str, *, counted: bool) -> None:
    assert is_counted(state) is counted


def test_calibration_alone_is_not_subject_to_verification() -> None:
    assert is_subject(supervision="PV", mode="periodic")
    assert is_subject(supervision="V", mode="first_only")
    assert not is_subject(supervision="P", mode="periodic")
    assert not is_subject(supervision="V", mode="calibration")


def test_the_target_is_compared_in_whole_numbers() -> None:
    assert meets_target(99, 100) is True
    assert meets_target(98_999_999, 100_000_000) is False
    assert meets_target(0, 0) is None
    assert percent(0, 0) is None
    assert percent(1, 4) == 25


days = st.integers(min_value=0, max_value=120).map(day)
verifications = st.lists(
    st.builds(
        lambda on, passed, length, voided, in_service, proven: Verified(
            on, passed, None if length is None else on + timedelta(days=length),
            None if voided is None else on + timedelta(days=voided), in_service, proven,
        ),
        days, st.booleans(), st.none() | st.integers(0, 60), st.none() | st.integers(0, 40), st.booleans(),
        st.booleans(),
    ),
    max_size=5,
)  # fmt: skip
uses = st.lists(
    st.builds(
        lambda first, length, cell: Use(first, None if length is None else first + timedelta(days=length),
        cell),
        days, st.none() | st.integers(0, 60), st.sampled_from("AB"),
    ),
    max_size=4,
)  # fmt: skip


@given(st.lists(st.tuples(uses, verifications), max_size=4), days)
def test_the_steps_up_to_a_day_add_up_to_the_count_on_that_day(
    instruments: list[tuple[list[Use[str]], list[Verified]]], on: date
) -> None:
    total: dict[str, list[int]] = {}
    for used, verified in instruments:
        for (cell, step_day), change in steps(used, verified).items():
            if step_day <= on:
                sums = total.setdefault(cell, [0, 0, 0])
                for column, by in enumerate(change):
                    sums[column] += by
    expected = count_on(on, instruments)
    assert {cell: tuple(sums) for cell, sums in total.items() if any(sums)} == expected


@given(uses, verifications, uses, verifications)
def test_a_difference_added_to_what_was_before_is_what_is_after(
    used: list[Use[str]], verified: list[Verified], used_later: list[Use[str]], verified_later: list[Verified]
) -> None:
    before, after = steps(used, verified), steps(used_later, verified_later)
    summed = dict(before)
    for key, change in difference(before, after).items():
        old = summed.get(key, NO_STEP)
        summed[key] = (old[0] + change[0], old[1] + change[1], old[2] + change[2])
    assert {key: step for key, step in summed.items() if step != NO_STEP} == after
