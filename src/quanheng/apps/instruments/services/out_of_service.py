"""What stopping, sealing up and scrapping share: parts go out of service with their whole."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import refusals
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.act_on import act_on, parts_that_can
from quanheng.kit.acts import Verb
from quanheng.regulation.instrument_states import Event


def leave_service(
    verb: Verb, event: Event, instrument_id: int, *, reason: str, on: date, by: Actor, at: datetime
) -> Instrument:
    """Take an instrument, and the parts that can follow it, out of service from the day `on`.

    Raises:
        RuleBroken: no_reason, in_future, before_placed, and what the event itself refuses.
    """
    if not reason.strip():
        raise refusals.NO_REASON(act=verb.label)
    with transaction.atomic():
        with act_on(verb, instrument_id, by=by, at=at, reason=reason) as act:
            act.advance(event)
            act.leave_service(on)
        for part in parts_that_can(event, instrument_id):
            leave_service(verb, event, part, reason=reason, on=on, by=by, at=at)
    return act.instrument
