"""送修、修理完成: a repaired instrument must be verified again before use. Parts go with their whole."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.enums import AfterRepair, Result
from quanheng.apps.instruments.models import Instrument, Verification
from quanheng.apps.instruments.queries.repairs import open_repair
from quanheng.apps.instruments.services.act_on import InstrumentAct, act_on, following, parts_that_can
from quanheng.apps.instruments.services.name_repairer import check_received, hand_to, named_repairer
from quanheng.regulation.instrument_states import Event


def send_to_repair(
    *, instrument_id: int, reason: str, on: date, repairer_id: int | None = None, by: Actor, at: datetime
) -> Instrument:
    """Hand an instrument to a repairer: it leaves service and its verification ends.

    Args:
        repairer_id: a filed repairer, whose people reach the instrument until it leaves repair; None where
            nobody is named, and whoever has it records all of it.

    Raises:
        RuleBroken: no_reason, in_future, before_placed, impounded, cannot_repair, repairer_not_found.
    """
    if not reason.strip():
        raise refusals.NO_REASON_TO_REPAIR()
    to = named_repairer(repairer_id) if repairer_id else None
    with transaction.atomic():
        with act_on(acts.SENT_TO_REPAIR, instrument_id, by=by, at=at, reason=reason) as act:
            act.advance(Event.REPAIR)
            act.leave_service(on)
            _unverified(act.instrument, on, "送修", at)
            act.facts |= {"repairer": to.name} if to else {}
        if to:
            hand_to(act.instrument, to, reason=reason, verb=acts.SENT_TO_REPAIR, by=by, at=at)
        for part in parts_that_can(Event.REPAIR, instrument_id):
            send_to_repair(instrument_id=part, reason=reason, on=on, by=by, at=at)
    return act.instrument


def record_repair(
    *, instrument_id: int, repairer: str = "", work: str, on: date, destination: AfterRepair | None = None,
    by: Actor, at: datetime,
) -> Instrument:  # fmt: skip
    """Record what was repaired; the instrument waits for verification, whatever its old certificate says.

    What the repairer to whom it was sent records is told as declared by the repairer, under the name by which
    it was sent; what the repairer reaches of it ends with it.

    Args:
        repairer: who repaired it; the one to whom it was sent when empty.
        destination: where it goes from the repairer.

    Raises:
        RuleBroken: no_repairer, no_work, not_received, in_future, before_last_placement, impounded,
            cannot_repaired.
    """
    with transaction.atomic():
        with act_on(acts.REPAIRED, instrument_id, by=by, at=at, reason=work) as act:
            facts = _told(act.instrument, repairer, work, destination, by)
            _back_in_service(act, on, facts, at, by)
        with following(by) as hand:
            for part in parts_that_can(Event.REPAIRED, instrument_id):
                with act_on(acts.REPAIRED, part, by=hand, at=at, reason=work) as follow:
                    _back_in_service(follow, on, facts, at, hand)
    return act.instrument


def _told(
    it: Instrument, repairer: str, work: str, destination: AfterRepair | None, by: Actor
) -> dict[str, Any]:
    """What the log says of a repair; a repairer repairs under no name but the one that it was sent to."""
    own = check_received(it, by)
    sent = own or open_repair(it)
    name = own.name if own else repairer.strip() or (sent.name if sent else "")
    if not name:
        raise refusals.NO_REPAIRER()
    if own and not work.strip():
        raise refusals.NO_WORK()
    facts: dict[str, Any] = {"repairer": name, "work": work}
    facts |= {"declared_by_repairer": True} if own else {}
    return facts | ({"destination": destination.value} if destination else {})


def _back_in_service(act: InstrumentAct, on: date, facts: dict[str, Any], at: datetime, by: Actor) -> None:
    act.advance(Event.REPAIRED)
    act.place(on)
    if (
        act.instrument.result
    ):  # it came into the ledger under repair, with a verification that nothing had ended
        with following(by):
            _unverified(act.instrument, on, "修理", at)
    act.facts |= facts


def _unverified(instrument: Instrument, on: date, why: str, at: datetime) -> None:
    """Repaired is not verified: regulation.trust says so until somebody verifies."""
    end_verification(instrument, on, why, at)
    instrument.result = ""


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
