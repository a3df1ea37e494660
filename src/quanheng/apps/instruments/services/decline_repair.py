"""退回送修: the repairer gives an instrument back unrepaired, or says that it never came."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.services.assign import end_assignments
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.act_on import act_on
from quanheng.apps.instruments.services.name_repairer import sent_to


def decline_repair(*, instrument_id: int, reason: str, by: Actor, at: datetime) -> Instrument:
    """Give an instrument back: it stays under repair, and whoever it belongs to names another repairer.

    Raises:
        RuleBroken: no_reason, not_sent_to_you.
        NotYours: it was not sent to the actor's company.
    """
    reason = reason.strip()
    if not reason:
        raise refusals.NO_REASON(act=acts.REPAIR_DECLINED.label)
    with transaction.atomic():
        with act_on(acts.REPAIR_DECLINED, instrument_id, by=by, at=at, reason=reason) as act:
            act.facts |= {"repairer": sent_to(act.instrument, by).name}
        end_assignments(instrument_id, acts.REPAIR, why=reason, at=at)
    return act.instrument
