"""How the lines of applications go from step to step; `audit.row_acts` does the rest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.row_acts import RowAct, RowKind, act_on_row
from quanheng.apps.certificates import refusals
from quanheng.apps.certificates.enums import LineState
from quanheng.apps.certificates.models import ApplicationLine
from quanheng.kit.acts import Verb
from quanheng.regulation.verification_procedure import Move, Step, next_step

LINES = RowKind(
    model=ApplicationLine,
    missing=refusals.LINE_NOT_FOUND,
    told=lambda line: {
        "step": line.state,  # `state` is the instrument's own: the ledger is replayed from it
        "booked_for": line.booked_for and line.booked_for.isoformat(), "half": line.half, "slot": line.slot,
    },
    filed=lambda line: {
        "area_id": line.area_id, "root_id": line.root_id, "instrument_id": line.instrument_id,
        "entity_id": line.application.entity_id, "subject": line.application.number,
    },
    related=("application",),
    stamped="changed_at",
)  # fmt: skip


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
    with act_on_row(LINES, verb, line_id, by=by, at=at, reason=reason) as act:
        take_step(act, move)
        yield act.row


def take_step(act: RowAct[ApplicationLine], move: Move) -> None:
    """Move a line to the state that follows.

    Raises:
        RuleBroken: cannot_<move>.
    """
    line = act.row
    there = next_step(Step(line.state), move)
    if there is None:
        raise refusals.CANNOT[move](state=LineState(line.state), move=refusals.MOVES[move])
    line.state = LineState(there)
    act.facts["institute_id"] = line.institute_id
