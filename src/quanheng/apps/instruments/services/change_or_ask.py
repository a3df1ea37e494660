"""修改登记: what is the actor's is changed, what is not waits for the office; both or neither."""

from __future__ import annotations

from copy import copy
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.act_on import locked, plain
from quanheng.apps.instruments.services.propose_change import propose_facts
from quanheng.apps.instruments.services.register_instrument import (
    IDENTITY,
    change_instrument,
    check_nameplate,
    check_serial_free,
    waits_for_office,
)


def change_or_ask(
    *, instrument_id: int, changes: dict[str, Any], version: int, reason: str = "", by: Actor, at: datetime
) -> bool:
    """Correct registered facts; a nameplate that is filed is asked for (变更申请), as by a sheet.

    Returns:
        Whether something waits for the office; the ledger keeps what it says of that until then.

    Raises:
        RuleBroken: what `change_instrument` raises, also for what is only asked for.
        NotYours: the actor does not reach the instrument.
    """
    with transaction.atomic():
        it = locked(instrument_id, by)
        differing = {name for name, value in changes.items() if getattr(it, name) != value}
        waits = waits_for_office(it, differing, by)
        own = {name: value for name, value in changes.items() if name not in waits}
        change_instrument(
            instrument_id=instrument_id, changes=own, version=version, reason=reason, by=by, at=at
        )
        if not waits:
            return False
        asked = {name: changes[name] for name in sorted(waits)}
        _check(it, asked, at)
        facts = {name: plain(value) for name, value in asked.items()}
        propose_facts(it, facts, reason=reason, by=by, at=at)
    return True


def _check(instrument: Instrument, asked: dict[str, Any], at: datetime) -> None:
    """Tell at once what the office could not write."""
    as_asked = copy(instrument)
    for name, value in asked.items():
        setattr(as_asked, name, value)
    check_nameplate(as_asked, timezone.localdate(at))
    if IDENTITY & set(asked):
        check_serial_free(as_asked)
