"""封存: an instrument stays in the ledger and may not be used."""

from __future__ import annotations

from datetime import date, datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.out_of_service import leave_service
from quanheng.regulation.instrument_states import Event


def seal_up(*, instrument_id: int, reason: str, on: date, by: Actor, at: datetime) -> Instrument:
    """Seal an instrument up (封存): it stays in the ledger but may not be used.

    Raises:
        RuleBroken: no_reason, in_future, before_placed, cannot_seal_up.
    """
    return leave_service(acts.SEALED_UP, Event.SEAL_UP, instrument_id, reason=reason, on=on, by=by, at=at)
