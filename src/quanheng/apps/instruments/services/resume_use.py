"""恢复使用: an instrument comes back into use, and with it the parts that left with it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.act_on import act_on, last_day_in_service, parts_that_can
from quanheng.regulation.instrument_states import Event


def resume_use(*, instrument_id: int, reason: str, on: date, by: Actor, at: datetime) -> Instrument:
    """Return a stopped or sealed-up instrument to use; without a verification that counts it waits for one.

    Parts that went out of service together with it come back with it; others stay out.

    Raises:
        RuleBroken: in_future, before_last_placement, impounded, cannot_resume.
    """
    with transaction.atomic():
        with act_on(acts.USE_RESUMED, instrument_id, by=by, at=at, reason=reason) as act:
            act.advance(Event.RESUME)
            act.enter_service(on)
        for part in _gone_with(act.instrument):
            resume_use(instrument_id=part, reason=reason, on=on, by=by, at=at)
    return act.instrument


def _gone_with(whole: Instrument) -> list[int]:
    last_day = last_day_in_service(whole)
    parts = Instrument.objects.unscoped().filter(pk__in=parts_that_can(Event.RESUME, whole.pk)).order_by("pk")
    return [part.pk for part in parts if last_day_in_service(part) == last_day]
