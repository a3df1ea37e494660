"""The states of an instrument in the ledger and the acts that lead from one to the next, as data.

Source: domain notes 2e. Valid, due soon and overdue are not states: they are read from dates on the day.
The diagram in docs/reference/instrument-states.md is generated from TRANSITIONS.
"""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where an instrument stands."""

    DRAFT = "draft"
    FILING = "filing"
    RETURNED = "returned"
    FILED = "filed"
    BOOKED = "booked"
    UNDER_VERIFICATION = "under_verification"
    IN_USE = "in_use"
    FAILED = "failed"
    UNDER_REPAIR = "under_repair"
    STOPPED = "stopped"
    SEALED_UP = "sealed_up"
    SCRAPPED = "scrapped"


class Event(StrEnum):
    """What can happen to it."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    ACCEPT = "accept"
    RETURN = "return"
    BOOK = "book"
    RECEIVE = "receive"
    PASS = "pass"  # noqa: S105  a verification that is passed
    FAIL = "fail"
    REPAIR = "repair"
    REPAIRED = "repaired"
    STOP = "stop"
    RESUME = "resume"
    SEAL_UP = "seal_up"
    SCRAP = "scrap"


S, E = State, Event

# A verification may be recorded without booking: the history of old certificates arrives that way.
TRANSITIONS: dict[tuple[State, Event], State] = {
    (S.DRAFT, E.SUBMIT): S.FILING,
    (S.RETURNED, E.SUBMIT): S.FILING,
    (S.FILING, E.WITHDRAW): S.DRAFT,
    (S.FILING, E.ACCEPT): S.FILED,
    (S.FILING, E.RETURN): S.RETURNED,
    **{(state, E.BOOK): S.BOOKED for state in (S.FILED, S.IN_USE, S.FAILED, S.UNDER_REPAIR)},
    **{(state, E.RECEIVE): S.UNDER_VERIFICATION for state in (S.FILED, S.BOOKED, S.IN_USE)},
    **{
        (state, E.PASS): S.IN_USE
        for state in (S.FILED, S.BOOKED, S.UNDER_VERIFICATION, S.IN_USE, S.FAILED, S.UNDER_REPAIR)
    },
    **{
        (state, E.FAIL): S.FAILED
        for state in (S.FILED, S.BOOKED, S.UNDER_VERIFICATION, S.IN_USE, S.FAILED, S.UNDER_REPAIR)
    },
    **{(state, E.REPAIR): S.UNDER_REPAIR for state in (S.FILED, S.IN_USE, S.FAILED)},
    (S.UNDER_REPAIR, E.REPAIRED): S.FILED,
    **{(state, E.STOP): S.STOPPED for state in (S.FILED, S.BOOKED, S.IN_USE, S.FAILED, S.UNDER_REPAIR)},
    **{(state, E.SEAL_UP): S.SEALED_UP for state in (S.FILED, S.IN_USE, S.FAILED, S.STOPPED)},
    **{(state, E.RESUME): S.FILED for state in (S.STOPPED, S.SEALED_UP)},
    **{
        (state, E.SCRAP): S.SCRAPPED
        for state in (S.FILED, S.BOOKED, S.IN_USE, S.FAILED, S.UNDER_REPAIR, S.STOPPED, S.SEALED_UP)
    },
}

# Nobody uses, repairs, moves or destroys what is impounded (Administrative Coercion Law, art. 26).
HELD_WHILE_IMPOUNDED = frozenset({E.REPAIR, E.REPAIRED, E.RESUME, E.SCRAP})

# No office has accepted it yet; with its owner while the owner may still change what it says.
UNFILED = (S.DRAFT, S.FILING, S.RETURNED)
WITH_THE_OWNER = (S.DRAFT, S.RETURNED)
# A code is given to what is filed, and taken to the grave.
WITHOUT_CODE = (*UNFILED, S.SCRAPPED)
# Filed, and in nobody's hands: its verification can be applied for, a part is verified with its whole. The
# index `instrument_lapsing` has the three as well.
FREE_FOR_VERIFICATION = (S.FILED, S.IN_USE, S.FAILED)
# Out of use for a time, and out of use altogether.
PUT_AWAY = (S.STOPPED, S.SEALED_UP)
OUT_OF_SERVICE = (*PUT_AWAY, S.SCRAPPED)

# In use in the sense of the verification rate: in service and subject to verification.
COUNTED_IN_USE = frozenset({S.FILED, S.BOOKED, S.UNDER_VERIFICATION, S.IN_USE, S.FAILED})


def next_state(state: State, event: Event) -> State | None:
    """Return the state that follows, or None where the event cannot happen."""
    return TRANSITIONS.get((state, event))


def state_in_service(*, verified: bool) -> State:
    """An instrument in service is in use when its verification still counts, else it waits for one."""
    return S.IN_USE if verified else S.FILED


def possible_events(state: State) -> tuple[Event, ...]:
    """Return the events that can happen in a state, in the order of the table."""
    return tuple(event for (here, event) in TRANSITIONS if here == state)
