"""The state table says what can happen to an instrument."""

from __future__ import annotations

import pytest

from quanheng.regulation.instrument_states import (
    TRANSITIONS,
    Event,
    State,
    next_state,
    possible_events,
    state_in_service,
)


def test_every_state_can_be_reached_from_a_draft() -> None:
    reached = {State.DRAFT}
    while more := {to for (here, _), to in TRANSITIONS.items() if here in reached} - reached:
        reached |= more

    assert reached == set(State)


def test_a_scrapped_instrument_stays_scrapped() -> None:
    assert possible_events(State.SCRAPPED) == ()


@pytest.mark.parametrize("state", [State.UNDER_REPAIR, State.FAILED])
def test_a_repaired_or_failed_instrument_returns_to_use_only_by_passing_verification(state: State) -> None:
    ways = {event for event in Event if next_state(state, event) == State.IN_USE}

    assert ways == {Event.PASS}


def test_a_repaired_instrument_waits_for_verification() -> None:
    assert next_state(State.UNDER_REPAIR, Event.REPAIRED) == State.FILED


@pytest.mark.parametrize(("verified", "state"), [(True, State.IN_USE), (False, State.FILED)])
def test_an_instrument_that_returns_to_use_needs_a_verification_that_still_counts(
    verified: bool, state: State
) -> None:
    assert state_in_service(verified=verified) == state


def test_a_draft_cannot_be_verified() -> None:
    assert next_state(State.DRAFT, Event.PASS) is None
