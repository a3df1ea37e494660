"""What a seal may be opened for, and when."""

from __future__ import annotations

import pytest

from quanheng.regulation.instrument_states import State
from quanheng.regulation.seal_opening import Purpose, may_open

V, A, R = Purpose.VERIFICATION, Purpose.ADJUSTMENT, Purpose.REPAIR


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        (State.DRAFT, set()),
        (State.FILING, set()),
        (State.RETURNED, set()),
        (State.FILED, {V, A}),
        (State.BOOKED, {V, A}),
        (State.UNDER_VERIFICATION, {V, A}),
        (State.IN_USE, {V, A}),
        (State.FAILED, {V, A}),
        (State.UNDER_REPAIR, {A, R}),
        (State.STOPPED, set()),
        (State.SEALED_UP, set()),
        (State.SCRAPPED, set()),
    ],
)
def test_a_seal_is_opened_for_repair_only_once_it_was_handed_over(
    state: State, allowed: set[Purpose]
) -> None:
    assert {purpose for purpose in Purpose if may_open(purpose, state, impounded=False)} == allowed


def test_what_is_impounded_may_be_examined_and_not_changed() -> None:
    held = {purpose for purpose in Purpose if may_open(purpose, State.IN_USE, impounded=True)}
    assert held == {V}
    assert not may_open(R, State.UNDER_REPAIR, impounded=True)
