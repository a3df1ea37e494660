"""From the application to the certificate, one instrument."""

from __future__ import annotations

import pytest

from quanheng.apps.certificates.enums import LineState
from quanheng.regulation.verification_procedure import (
    BOOKED,
    OPEN,
    TRANSITIONS,
    Move,
    Step,
    next_step,
    possible_moves,
    shared_hands,
)

THE_WAY = [
    (Step.APPLIED, Move.ACCEPT, Step.ACCEPTED),
    (Step.ACCEPTED, Move.RECEIVE, Step.RECEIVED),
    (Step.RECEIVED, Move.RECORD, Step.RECORDED),
    (Step.RECORDED, Move.CHECK, Step.CHECKED),
    (Step.CHECKED, Move.APPROVE, Step.ISSUED),
]


@pytest.mark.parametrize(("here", "move", "there"), THE_WAY)
def test_the_way_to_a_certificate(here: Step, move: Move, there: Step) -> None:
    assert next_step(here, move) == there


@pytest.mark.parametrize("step", [Step.RECORDED, Step.CHECKED])
def test_who_finds_a_fault_sends_the_record_back_to_the_bench(step: Step) -> None:
    assert next_step(step, Move.SEND_BACK) == Step.RECEIVED


@pytest.mark.parametrize("step", [Step.RETURNED, Step.WITHDRAWN, Step.ISSUED])
def test_nothing_follows_the_end(step: Step) -> None:
    assert possible_moves(step) == ()
    assert step not in OPEN


def test_a_record_is_neither_withdrawn_nor_returned_once_it_is_made() -> None:
    assert next_step(Step.RECORDED, Move.WITHDRAW) is None
    assert next_step(Step.RECORDED, Move.RETURN) is None


def test_every_step_is_reached_and_open_until_its_end() -> None:
    assert {Step.APPLIED, *TRANSITIONS.values()} == set(Step)
    assert {step for step in Step if possible_moves(step)} == OPEN
    assert OPEN - {Step.APPLIED} == BOOKED


def test_the_stored_states_are_the_steps() -> None:
    assert [state.value for state in LineState] == [step.value for step in Step]


@pytest.mark.parametrize(
    ("people", "shared"),
    [
        ((1, 2, 3), ""),
        ((1, None, None), ""),
        ((1, 1, None), "verifier_checker"),
        ((1, 2, 1), "verifier_approver"),
        ((1, 2, 2), "checker_approver"),
    ],
)
def test_three_different_people(people: tuple[int, int | None, int | None], shared: str) -> None:
    assert shared_hands(*people) == shared
