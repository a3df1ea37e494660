"""送修、修理完成: a repaired instrument must be verified again before use. Parts go with their whole."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.enums import Result
from quanheng.apps.instruments.models import Instrument, Verification
from quanheng.apps.instruments.services.act_on import act_on, parts_that_can
from quanheng.regulation.instrument_states import Event


def send_to_repair(*, instrument_id: int, reason: str, on: date, by: Actor, at: datetime) -> Instrument:
    """Hand an instrument to a repairer: it leaves service and its verification ends.

    Raises:
        RuleBroken: no_reason, in_future, before_placed, impounded, cannot_repair.
    """
    if not reason.strip():
        raise refusals.NO_REASON_TO_REPAIR()
    with transaction.atomic():
        with act_on(acts.SENT_TO_REPAIR, instrument_id, by=by, at=at, reason=reason) as act:
            act.advance(Event.REPAIR)
            act.leave_service(on)
            end_verification(act.instrument, on, "送修", at)
            act.instrument.result = (
                ""  # repaired is not verified: regulation.trust says so until somebody verifies
            )
        for part in parts_that_can(Event.REPAIR, instrument_id):
            send_to_repair(instrument_id=part, reason=reason, on=on, by=by, at=at)
    return act.instrument


def record_repair(
    *, instrument_id: int, repairer: str, work: str, on: date, by: Actor, at: datetime
) -> Instrument:
    """Record what was repaired; the instrument waits for verification, whatever its old certificate says.

    Raises:
        RuleBroken: no_repairer, in_future, before_last_placement, impounded, cannot_repaired.
    """
    if not repairer.strip():
        raise refusals.NO_REPAIRER()
    with transaction.atomic():
        with act_on(acts.REPAIRED, instrument_id, by=by, at=at, reason=work) as act:
            act.advance(Event.REPAIRED)
            act.place(on)
            act.facts |= {"repairer": repairer, "work": work}
        for part in parts_that_can(Event.REPAIRED, instrument_id):
            record_repair(instrument_id=part, repairer=repairer, work=work, on=on, by=by, at=at)
    return act.instrument


def end_verification(instrument: Instrument, on: date, why: str, at: datetime) -> None:
    """Void the verification that counts now; it holds for the last time the day before."""
    if instrument.verified_on is None:
        return
    Verification.objects.unscoped().filter(
        instrument=instrument, verified_on=instrument.verified_on, voided_on=None, result=Result.PASSED
    ).update(voided_on=on, void_reason=why[:200], voided_at=at)
    day_before = on - timedelta(days=1)
    if instrument.trusted_until is None or instrument.trusted_until > day_before:
        instrument.trusted_until = day_before
