"""受理、退回、接收: the reception of the institute decides on an application and takes instruments in."""

from __future__ import annotations

from datetime import datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.certificates import acts, refusals
from quanheng.apps.certificates.models import ApplicationLine
from quanheng.apps.certificates.services.application_steps import move_line
from quanheng.apps.certificates.services.slots import When, take_slot
from quanheng.regulation.verification_procedure import Move

REASON_AT_MOST = 300


def accept_application(*, line_id: int, when: When, by: Actor, at: datetime) -> ApplicationLine:
    """Accept one instrument and give it a place in a half day.

    Raises:
        RuleBroken: line_not_found, cannot_accept, and what `take_slot` refuses.
        NotYours: not the reception of this institute.
    """
    with move_line(acts.VERIFICATION_ACCEPTED, Move.ACCEPT, line_id, by=by, at=at) as line:
        take_slot(line, when, at)
        line.receipt_number = f"SL{line.pk:010d}"
    return line


def return_application(*, line_id: int, reason: str, by: Actor, at: datetime) -> ApplicationLine:
    """Return one instrument with the reason that the applicant reads.

    Raises:
        RuleBroken: no_reason, line_not_found, cannot_return.
        NotYours: not the reception of this institute.
    """
    told = reason.strip()
    if not told:
        raise refusals.NO_REASON_TO_RETURN()
    if len(told) > REASON_AT_MOST:
        raise refusals.REASON_TOO_LONG(most=REASON_AT_MOST)
    with move_line(acts.VERIFICATION_RETURNED, Move.RETURN, line_id, by=by, at=at, reason=told) as line:
        line.return_reason = told
    return line


def receive_instrument(*, line_id: int, by: Actor, at: datetime) -> ApplicationLine:
    """Take the instrument to the bench, or note that the verifier stands before it.

    Raises:
        RuleBroken: line_not_found, cannot_receive.
        NotYours: neither reception nor verifier of this institute.
    """
    with move_line(acts.INSTRUMENT_RECEIVED, Move.RECEIVE, line_id, by=by, at=at) as line:
        pass
    return line
