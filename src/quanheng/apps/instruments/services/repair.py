"""送修、修理完成: a repaired instrument must be verified again before use."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.enums import Verb
from quanheng.apps.instruments.models import Instrument, Verification
from quanheng.apps.instruments.services.doing import act_on
from quanheng.regulation.instrument_states import Event


def send_to_repair(*, instrument_id: int, reason: str, on: date, by: Actor, at: datetime) -> Instrument:
    """Hand an instrument to a repairer: it leaves service and its verification ends."""
    with act_on(Verb.SENT_TO_REPAIR, instrument_id, by=by, at=at, reason=reason) as act:
        act.advance(Event.REPAIR)
        act.leave_service(on)
        end_verification(act.instrument, on, "送修")
    return act.instrument


def record_repair(
    *, instrument_id: int, repairer: str, work: str, on: date, by: Actor, at: datetime
) -> Instrument:
    """Record what was repaired; the instrument waits for verification."""
    with act_on(Verb.REPAIRED, instrument_id, by=by, at=at, reason=work) as act:
        act.advance(Event.REPAIRED)
        act.enter_service(on)
        act.facts |= {"repairer": repairer, "work": work}
    return act.instrument


def end_verification(instrument: Instrument, on: date, why: str) -> None:
    """Void the verification that counts now; it holds for the last time the day before."""
    Verification.objects.unscoped().filter(
        instrument=instrument, verified_on=instrument.verified_on, voided_on=None
    ).update(voided_on=on, void_reason=why)
    day_before = on - timedelta(days=1)
    if instrument.verified_on and (instrument.trusted_until is None or instrument.trusted_until > day_before):
        instrument.trusted_until = day_before
