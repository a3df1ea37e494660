"""维修接收: the repairer says that the instrument has arrived."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.services.assign import take_up
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.act_on import act_on
from quanheng.apps.instruments.services.name_repairer import sent_to


def receive_for_repair(*, instrument_id: int, note: str = "", by: Actor, at: datetime) -> Instrument:
    """Record that an instrument is with the repairer to whom it was sent.

    Args:
        note: how it looked, such as what was wrong with it and how its seals were found.

    Raises:
        RuleBroken: not_sent_to_you, already_received.
        NotYours: it was not sent to the actor's company.
    """
    with transaction.atomic():
        with act_on(acts.REPAIR_RECEIVED, instrument_id, by=by, at=at, reason=note.strip()) as act:
            sent = sent_to(act.instrument, by)
            if not sent.waits:
                raise refusals.ALREADY_RECEIVED(who=sent.taken_up_by_name)
            act.facts |= {"repairer": sent.name}
        take_up(sent, by=by, at=at)
    return act.instrument
