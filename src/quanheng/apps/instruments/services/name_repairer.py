"""To whom an instrument is sent: a filed repairer, whose people reach it until it leaves repair."""

from __future__ import annotations

from datetime import datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.assignments import Assignment
from quanheng.apps.accounts.services.assign import Assignee, assign
from quanheng.apps.instruments import refusals
from quanheng.apps.instruments.acts import REPAIR
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.queries.repairs import own_repair
from quanheng.apps.registry.queries import filed_repairer
from quanheng.kit.acts import Verb


def named_repairer(repairer_id: int) -> Assignee:
    """Return a repairer with a confirmed file. Raises RuleBroken: repairer_not_found."""
    found = filed_repairer(repairer_id)
    if found is None:
        raise refusals.REPAIRER_NOT_FOUND()
    return Assignee(name=found.name, entity_id=found.id)


def hand_to(
    it: Instrument, to: Assignee, *, reason: str, verb: Verb, by: Actor, at: datetime
) -> Assignment:  # fmt: skip
    """Let a repairer's people reach an instrument until it leaves repair (the trigger `repair_is_over`).

    Its parts are seen with it and follow what is done to it.
    """
    return assign(it.pk, REPAIR, to, subject=str(it), reason=reason, verb=verb, by=by, at=at)


def check_received(it: Instrument, by: Actor) -> Assignment | None:
    """Return the sending to the repairer who acts, None where others do. Raises RuleBroken: not_received."""
    sent = own_repair(it, by)
    if sent is not None and sent.waits:
        raise refusals.NOT_RECEIVED()
    return sent


def sent_to(it: Instrument, by: Actor) -> Assignment:
    """Return the sending to the repairer who acts. Raises RuleBroken: not_sent_to_you."""
    sent = own_repair(it, by)
    if sent is None:
        raise refusals.NOT_SENT_TO_YOU()
    return sent
