"""停用、恢复使用、封存、报废: taking an instrument out of service, and back. Parts go with their whole."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.doing import act_on, last_day_in_service, parts_that_can
from quanheng.kit.acts import Verb
from quanheng.kit.refusal import RuleBroken
from quanheng.regulation.instrument_states import Event


def stop_use(*, instrument_id: int, reason: str, on: date, by: Actor, at: datetime) -> Instrument:
    """Take an instrument out of use; from `on` it is not subject to verification.

    Raises:
        RuleBroken: no_reason, in_future, before_placed, cannot_stop.
    """
    return _out_of_service(acts.USE_STOPPED, Event.STOP, instrument_id, reason=reason, on=on, by=by, at=at)


def seal_up(*, instrument_id: int, reason: str, on: date, by: Actor, at: datetime) -> Instrument:
    """Seal an instrument up (封存): it stays in the ledger but may not be used.

    Raises:
        RuleBroken: no_reason, in_future, before_placed, cannot_seal_up.
    """
    return _out_of_service(acts.SEALED_UP, Event.SEAL_UP, instrument_id, reason=reason, on=on, by=by, at=at)


def scrap(*, instrument_id: int, reason: str, on: date, by: Actor, at: datetime) -> Instrument:
    """Scrap an instrument for good.

    Raises:
        RuleBroken: no_reason, in_future, before_placed, impounded, cannot_scrap.
    """
    return _out_of_service(acts.SCRAPPED, Event.SCRAP, instrument_id, reason=reason, on=on, by=by, at=at)


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


def _out_of_service(
    verb: Verb, event: Event, instrument_id: int, *, reason: str, on: date, by: Actor, at: datetime
) -> Instrument:
    if not reason.strip():
        raise RuleBroken("no_reason", f"请写明{verb.label}的原因。")
    with transaction.atomic():
        with act_on(verb, instrument_id, by=by, at=at, reason=reason) as act:
            act.advance(event)
            act.leave_service(on)
        for part in parts_that_can(event, instrument_id):
            _out_of_service(verb, event, part, reason=reason, on=on, by=by, at=at)
    return act.instrument


def _gone_with(whole: Instrument) -> list[int]:
    last_day = last_day_in_service(whole)
    parts = Instrument.objects.unscoped().filter(pk__in=parts_that_can(Event.RESUME, whole.pk)).order_by("pk")
    return [part.pk for part in parts if last_day_in_service(part) == last_day]
