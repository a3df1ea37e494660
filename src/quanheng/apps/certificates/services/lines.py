"""How an act on one line of an application runs: lock, check, move, save; one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.enums import Verb
from quanheng.apps.audit.services import record
from quanheng.apps.certificates import permissions
from quanheng.apps.certificates.enums import LineState
from quanheng.apps.certificates.models import ApplicationLine
from quanheng.kit.refusal import RuleBroken
from quanheng.regulation.verification_procedure import Move, Step, next_step

MOVE_WORDS = {
    Move.ACCEPT: "受理",
    Move.RETURN: "退回",
    Move.WITHDRAW: "撤回",
    Move.RECEIVE: "接收器具",
    Move.RECORD: "录入检定结果",
    Move.CHECK: "核验",
    Move.APPROVE: "批准发证",
    Move.SEND_BACK: "退回重检",
}


@contextmanager
def move_line(
    verb: Verb, move: Move, line_id: int, *, by: Actor, at: datetime, reason: str = ""
) -> Iterator[ApplicationLine]:
    """Take one instrument a step further.

    Yields:
        The locked line, already in its new state; what the block changes on it is saved, the act is logged.

    Raises:
        RuleBroken: line_not_found, cannot_<move>.
        NotYours: not this role's act, or another institute's line.
    """
    with transaction.atomic():
        line = locked_line(line_id, by)
        permissions.check(verb, by, line)
        there = next_step(Step(line.state), move)
        if there is None:
            state = LineState(line.state).label
            raise RuleBroken(
                f"cannot_{move}", f"这台器具的检定“{state}”，不能{MOVE_WORDS[move]}。", state=line.state
            )
        before, line.state, line.changed_at = line.state, LineState(there), at
        yield line
        line.save()
        record(
            verb, by=by, at=at, area_id=line.area_id, root_id=line.root_id, instrument_id=line.instrument_id,
            entity_id=line.application.entity_id, subject=f"{line.application.number}", reason=reason,
            before={"state": before}, after={"state": line.state, "institute_id": line.institute_id},
        )  # fmt: skip


def locked_line(line_id: int, by: Actor) -> ApplicationLine:
    """Return a line locked until the end of the transaction; unseen lines do not exist for the actor."""
    rows = ApplicationLine.objects.visible_to(by).select_related("application")
    try:
        return rows.select_for_update(of=("self",)).get(pk=line_id)
    except ApplicationLine.DoesNotExist:
        raise RuleBroken("line_not_found", "没有找到这项检定业务，或它不在您的管辖范围内。") from None
