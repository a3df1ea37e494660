"""From the application to the certificate: the steps of one instrument, as data.

检定申请 → 受理 → 检定 → 核验 → 批准 → 发证. Three different people verify, check and approve (JJF 1069).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Step(StrEnum):
    """Where the verification of one instrument stands."""

    APPLIED = "applied"
    ACCEPTED = "accepted"  # a day at the institute or on site is given
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    RECEIVED = "received"  # it lies on the bench, or the verifier stands before it
    RECORDED = "recorded"
    CHECKED = "checked"
    ISSUED = "issued"


class Move(StrEnum):
    """What takes it further."""

    ACCEPT = "accept"
    RETURN = "return"
    WITHDRAW = "withdraw"
    RECEIVE = "receive"
    RECORD = "record"
    CHECK = "check"
    APPROVE = "approve"
    SEND_BACK = "send_back"  # the checker or the approver finds something wrong in the record


S, M = Step, Move

TRANSITIONS: Mapping[tuple[Step, Move], Step] = {
    (S.APPLIED, M.ACCEPT): S.ACCEPTED,
    (S.APPLIED, M.RETURN): S.RETURNED,
    (S.APPLIED, M.WITHDRAW): S.WITHDRAWN,
    (S.ACCEPTED, M.WITHDRAW): S.WITHDRAWN,
    (S.ACCEPTED, M.RETURN): S.RETURNED,
    (S.ACCEPTED, M.RECEIVE): S.RECEIVED,
    (S.ACCEPTED, M.RECORD): S.RECORDED,  # on site the verifier receives and records in one go
    (S.RECEIVED, M.RETURN): S.RETURNED,
    (S.RECEIVED, M.RECORD): S.RECORDED,
    (S.RECORDED, M.CHECK): S.CHECKED,
    (S.RECORDED, M.SEND_BACK): S.RECEIVED,
    (S.CHECKED, M.APPROVE): S.ISSUED,
    (S.CHECKED, M.SEND_BACK): S.RECEIVED,
}

# An instrument is in one procedure at a time.
OPEN = frozenset({S.APPLIED, S.ACCEPTED, S.RECEIVED, S.RECORDED, S.CHECKED})
# A day and a place in the institute's day are held from acceptance until the certificate.
BOOKED = frozenset({S.ACCEPTED, S.RECEIVED, S.RECORDED, S.CHECKED})
# What the bench has before it: it can be recorded.
AT_BENCH = frozenset({S.ACCEPTED, S.RECEIVED})


def next_step(step: Step, move: Move) -> Step | None:
    """Return the step that follows, or None where the move is not possible."""
    return TRANSITIONS.get((step, move))


def possible_moves(step: Step) -> tuple[Move, ...]:
    """Return the moves that are possible, in the order of the table."""
    return tuple(move for (here, move) in TRANSITIONS if here == step)


def shared_hands(verifier: int, checker: int | None, approver: int | None) -> str:
    """Return which two duties one person holds, or nothing where all are different people.

    Args:
        verifier, checker, approver: the people's numbers; None while nobody has done it.

    Returns:
        ``"verifier_checker"``, ``"verifier_approver"``, ``"checker_approver"`` or ``""``.
    """
    pairs = {
        "verifier_checker": (verifier, checker),
        "verifier_approver": (verifier, approver),
        "checker_approver": (checker, approver),
    }
    return next((name for name, (one, other) in pairs.items() if one is not None and one == other), "")
