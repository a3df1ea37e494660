"""停用、恢复使用、封存、报废: taking an instrument out of service, and back."""

from __future__ import annotations

from datetime import date, datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.enums import Verb
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.doing import act_on
from quanheng.regulation.instrument_states import Event


def stop_use(*, instrument_id: int, reason: str, on: date, by: Actor, at: datetime) -> Instrument:
    """Take an instrument out of use; from `on` it is not subject to verification."""
    with act_on(Verb.USE_STOPPED, instrument_id, by=by, at=at, reason=reason) as act:
        act.advance(Event.STOP)
        act.leave_service(on)
    return act.instrument


def resume_use(*, instrument_id: int, reason: str, on: date, by: Actor, at: datetime) -> Instrument:
    """Return a stopped or sealed-up instrument to use; without a verification that counts it waits for one."""
    with act_on(Verb.USE_RESUMED, instrument_id, by=by, at=at, reason=reason) as act:
        act.advance(Event.RESUME)
        act.enter_service(on)
    return act.instrument


def seal_up(*, instrument_id: int, reason: str, on: date, by: Actor, at: datetime) -> Instrument:
    """Seal an instrument up (封存): it stays in the ledger but may not be used."""
    with act_on(Verb.SEALED_UP, instrument_id, by=by, at=at, reason=reason) as act:
        act.advance(Event.SEAL_UP)
        act.leave_service(on)
    return act.instrument


def scrap(*, instrument_id: int, reason: str, on: date, by: Actor, at: datetime) -> Instrument:
    """Scrap an instrument for good."""
    with act_on(Verb.SCRAPPED, instrument_id, by=by, at=at, reason=reason) as act:
        act.advance(Event.SCRAP)
        act.leave_service(on)
    return act.instrument
