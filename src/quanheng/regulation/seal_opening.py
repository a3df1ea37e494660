"""启封: what a seal may be opened for lawfully, and when; whatever else opens it is a broken seal.

A seal guards against adjustment by others than those who verify (JJG 539-2016, 铅封; OIML V 1, sealing). It
is opened to verify, to adjust before a verification, or to repair what was handed over for repair. However
lawful, it ends the verification that it protected: the instrument is sealed and verified again before use.

Who may open it is in apps/instruments/permissions.py; who has to witness it is a rule of the day, in the pack
`seal-opening`, for no regulation that binds everywhere was found.
"""

from __future__ import annotations

from enum import StrEnum

from quanheng.regulation.instrument_states import COUNTED_IN_USE, State


class Purpose(StrEnum):
    """What a seal is opened for."""

    VERIFICATION = "verification"
    ADJUSTMENT = "adjustment"
    REPAIR = "repair"


# An instrument is verified where it stands, booked or not; it is repaired once it was handed over.
OPENED_IN: dict[Purpose, frozenset[State]] = {
    Purpose.VERIFICATION: COUNTED_IN_USE,
    Purpose.ADJUSTMENT: COUNTED_IN_USE | {State.UNDER_REPAIR},
    Purpose.REPAIR: frozenset({State.UNDER_REPAIR}),
}
# What is impounded may be examined, not changed (Administrative Coercion Law, art. 25 and 26).
HELD_WHILE_IMPOUNDED = frozenset({Purpose.ADJUSTMENT, Purpose.REPAIR})


def may_open(purpose: Purpose, state: State, *, impounded: bool) -> bool:
    """Say whether the state of an instrument allows its seal to be opened for a purpose."""
    if impounded and purpose in HELD_WHILE_IMPOUNDED:
        return False
    return state in OPENED_IN[purpose]
