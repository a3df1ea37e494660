"""受理、退回、接收: the reception of the institute decides on an application and takes instruments in."""

from __future__ import annotations

from datetime import datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.certificates import acts
from quanheng.apps.certificates.models import ApplicationLine
from quanheng.apps.certificates.services.application_steps import move_line
from quanheng.apps.certificates.services.slots import When, take_slot
from quanheng.kit.refusal import RuleBroken
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
        raise RuleBroken("no_reason", "请写明退回原因，告诉申请人需要补正什么。")
    if len(told) > REASON_AT_MOST:
        raise RuleBroken("reason_too_long", f"退回原因请不要超过 {REASON_AT_MOST} 字。")
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
