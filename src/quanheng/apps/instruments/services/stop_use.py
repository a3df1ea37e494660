"""停用: an instrument is out of use, and so not subject to verification."""

from __future__ import annotations

from datetime import date, datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.out_of_service import leave_service
from quanheng.regulation.instrument_states import Event


def stop_use(*, instrument_id: int, reason: str, on: date, by: Actor, at: datetime) -> Instrument:
    """Take an instrument out of use; from `on` it is not subject to verification.

    Raises:
        RuleBroken: no_reason, in_future, before_placed, cannot_stop.
    """
    return leave_service(acts.USE_STOPPED, Event.STOP, instrument_id, reason=reason, on=on, by=by, at=at)
