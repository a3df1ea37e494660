"""What the platform for scales sends, and what is kept of it."""

from __future__ import annotations

import json
from typing import Any

from django.utils import timezone

from quanheng.apps.accounts.models import Area
from quanheng.apps.exchange.enums import Content, Direction, EventKind, EventState, RunState
from quanheng.apps.exchange.models import ExchangeRun, PlatformEvent, TamperAlarm
from quanheng.apps.instruments.models import Instrument
from quanheng.kit.scope import EVERYTHING, acting_in


def delivery(*events: Any, **more: Any) -> bytes:
    """Return the body of a message with these events."""
    return json.dumps({"events": list(events)} | more, ensure_ascii=False).encode()


def make_run(area: Area, direction: Direction, **fields: Any) -> ExchangeRun:
    """Make a finished run that exported the ledger, or imported results."""
    facts: dict[str, Any] = {
        "content": Content.LEDGER if direction == Direction.OUT else Content.RESULTS,
        "state": RunState.DONE, "started_at": timezone.now(), "finished_at": timezone.now(), "rows": 1,
        "mapping": "exchange/ecqs 2026", "file_name": "结果.csv",
    }  # fmt: skip
    with acting_in(EVERYTHING):
        return ExchangeRun.objects.unscoped().create(area=area, direction=direction, **facts | fields)


def make_event(scale: Instrument, **fields: Any) -> PlatformEvent:
    """Make an event of a scale, or one that waits where it says so."""
    now = timezone.now()
    facts: dict[str, Any] = {
        "kind": EventKind.LOCKED, "state": EventState.ENTERED, "instrument": scale, "area": scale.area,
        "happened_at": now, "counted_at": now, "received_at": now, "tried_at": now, "raw": {},
    }  # fmt: skip
    if fields.get("state") == EventState.QUARANTINED:
        facts["instrument"] = None
    with acting_in(EVERYTHING):
        number = f"E{PlatformEvent.objects.unscoped().count() + 1}"
        return PlatformEvent.objects.unscoped().create(**facts | {"event_id": number} | fields)


def make_alarm(scale: Instrument, **fields: Any) -> TamperAlarm:
    """Make an alarm that nobody has looked at; ``detail`` is that of its event."""
    event = make_event(scale, kind=EventKind.ALARM, detail=fields.pop("detail", "开壳"))
    with acting_in(EVERYTHING):
        return TamperAlarm.objects.unscoped().create(event=event, instrument=scale, area=scale.area, **fields)
