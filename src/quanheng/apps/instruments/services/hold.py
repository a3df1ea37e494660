"""锁机、解锁、查封扣押、解除: flags that lie over the state. A held instrument is red."""

from __future__ import annotations

from datetime import datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.act_on import act_on
from quanheng.kit.acts import Verb


def lock(*, instrument_id: int, reason: str, by: Actor, at: datetime) -> Instrument:
    """Note that the instrument locked itself (开壳锁机, JJF 2184-2025) or was locked.

    Raises:
        RuleBroken: no_reason, already_scrapped, already_held.
    """
    return _set(acts.LOCKED, "locked", instrument_id, value=True, reason=reason, by=by, at=at)


def unlock(*, instrument_id: int, reason: str, by: Actor, at: datetime) -> Instrument:
    """Note that it was unlocked with authorisation.

    Raises:
        RuleBroken: no_reason, not_held.
    """
    return _set(acts.UNLOCKED, "locked", instrument_id, value=False, reason=reason, by=by, at=at)


def impound(*, instrument_id: int, reason: str, by: Actor, at: datetime) -> Instrument:
    """Seize an instrument or seal it up by order (查封扣押决定书 belongs in the reason).

    Raises:
        RuleBroken: no_reason, already_scrapped, already_held.
    """
    return _set(acts.IMPOUNDED, "impounded", instrument_id, value=True, reason=reason, by=by, at=at)


def release(*, instrument_id: int, reason: str, by: Actor, at: datetime) -> Instrument:
    """Release an impounded instrument.

    Raises:
        RuleBroken: no_reason, not_held.
    """
    return _set(acts.RELEASED, "impounded", instrument_id, value=False, reason=reason, by=by, at=at)


def _set(
    verb: Verb, flag: str, instrument_id: int, *, value: bool, reason: str, by: Actor, at: datetime
) -> Instrument:
    if not reason.strip():
        raise refusals.NO_REASON_TO_HOLD(act=verb.label)
    with act_on(verb, instrument_id, by=by, at=at, reason=reason) as act:
        if value and act.instrument.state == InstrumentState.SCRAPPED:
            raise refusals.ALREADY_SCRAPPED()
        if getattr(act.instrument, flag) == value:
            raise (refusals.ALREADY_HELD if value else refusals.NOT_HELD)(act=verb.label)
        setattr(act.instrument, flag, value)
    return act.instrument
