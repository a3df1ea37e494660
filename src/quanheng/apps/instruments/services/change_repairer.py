"""变更维修单位: another repairer is named, or one for the first time; the one before reaches it no more."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.queries.repairs import open_repair
from quanheng.apps.instruments.services.act_on import act_on
from quanheng.apps.instruments.services.name_repairer import hand_to, named_repairer


def change_repairer(
    *, instrument_id: int, repairer_id: int, reason: str, by: Actor, at: datetime
) -> Instrument:
    """Name the repairer of an instrument that is under repair.

    Raises:
        RuleBroken: no_reason, not_under_repair, repairer_not_found, already_with_repairer.
    """
    reason = reason.strip()
    if not reason:
        raise refusals.NO_REASON(act=acts.REPAIRER_CHANGED.label)
    with transaction.atomic():
        with act_on(acts.REPAIRER_CHANGED, instrument_id, by=by, at=at, reason=reason) as act:
            _check_state(act.instrument)
            to, before = named_repairer(repairer_id), open_repair(act.instrument)
            if before and before.entity_id == to.entity_id:
                raise refusals.ALREADY_WITH_REPAIRER(repairer=to.name)
            act.facts |= {"repairer": to.name, "repairer_was": before.name if before else ""}
        hand_to(act.instrument, to, reason=reason, verb=acts.REPAIRER_CHANGED, by=by, at=at)
    return act.instrument


def _check_state(it: Instrument) -> None:
    if it.state != InstrumentState.UNDER_REPAIR:
        raise refusals.NOT_UNDER_REPAIR()
