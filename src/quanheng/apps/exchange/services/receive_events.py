"""收到国家平台事件: locks, unlocks and anti-tamper alarms, each once, in whatever order they arrive.

An event that names no scale of ours, or cannot be entered now, is quarantined: it waits for the office and is
tried again (`settle_event`). Events of one scale wait for one another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from quanheng.apps.accounts.queries import positions_by_code, province_id
from quanheng.apps.exchange.enums import EventKind, EventState
from quanheng.apps.exchange.incoming import Incoming
from quanheng.apps.exchange.models import PlatformEvent
from quanheng.apps.exchange.services.enter_event import enter_event
from quanheng.kit.advisory_locks import take_turns
from quanheng.kit.scope import EVERYTHING, acting_in

TOLERATED = timedelta(minutes=2)  # by which the platform's clock may be ahead before it is noted


@dataclass(slots=True)
class Received:
    """What became of a delivery.

    Args:
        outcomes: platform's id → state of the event, in the order of arrival.
        known: how many had arrived before.
    """

    outcomes: dict[str, EventState] = field(default_factory=dict)
    known: int = 0


def receive_events(*, events: Iterable[Incoming], at: datetime) -> Received:
    """Keep each event and enter it, one transaction each: a delivery that breaks off is simply sent again.

    An id that arrived before changes nothing, whatever it brings along this time.
    """
    received = Received()
    codes: dict[str, int] = {}
    for event in events:
        codes = codes or positions_by_code()
        with acting_in(EVERYTHING), transaction.atomic():
            take_turns("platform event", event.event_id)
            row = PlatformEvent.objects.unscoped().filter(event_id=event.event_id).first()
            if row is None:
                row = _kept(event, codes.get(event.area_code) or province_id(), at)
                enter_event(row, at=at)
            else:
                received.known += 1
            received.outcomes[event.event_id] = EventState(row.state)
    return received


def _kept(event: Incoming, area_id: int, at: datetime) -> PlatformEvent:
    row = PlatformEvent(
        event_id=event.event_id, area_id=area_id, raw=event.raw, state=EventState.QUARANTINED,
        received_at=at, tried_at=at,
    )  # fmt: skip
    understand(row, event)
    row.save(force_insert=True)
    return row


def understand(row: PlatformEvent, event: Incoming) -> None:
    """Write down what was read of an event, and what about it was not understood."""
    row.happened_at = event.happened_at or row.received_at
    row.counted_at = min(row.happened_at, row.received_at)
    ahead = row.happened_at - row.received_at
    row.skew_seconds = min(int(ahead.total_seconds()), 2**31 - 1) if ahead > TOLERATED else 0
    row.kind = EventKind.UNKNOWN if event.fault else event.kind
    row.reason = event.fault[:300]
    for name in ("sequence", "code", "production_code", "serial_number", "manufacturer", "detail"):
        setattr(row, name, getattr(event, name))
