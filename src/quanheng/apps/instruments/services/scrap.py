"""报废: an instrument leaves the ledger's use for good."""

from __future__ import annotations

from datetime import date, datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.out_of_service import leave_service
from quanheng.regulation.instrument_states import Event


def scrap(*, instrument_id: int, reason: str, on: date, by: Actor, at: datetime) -> Instrument:
    """Scrap an instrument for good.

    Raises:
        RuleBroken: no_reason, in_future, before_placed, impounded, cannot_scrap.
    """
    return leave_service(acts.SCRAPPED, Event.SCRAP, instrument_id, reason=reason, on=on, by=by, at=at)
