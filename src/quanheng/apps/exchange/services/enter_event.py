"""登记国家平台事件: find the scale, then lock it, unlock it, or raise the alarm."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from quanheng.apps.audit.services import record
from quanheng.apps.exchange import acts
from quanheng.apps.exchange.enums import EventKind, EventState
from quanheng.apps.exchange.models import PlatformEvent, TamperAlarm
from quanheng.apps.exchange.platform import PLATFORM
from quanheng.apps.instruments.queries.exchanged import Known, by_code, by_serial_number, known
from quanheng.apps.instruments.services.hold import lock, unlock
from quanheng.kit.advisory_locks import take_turns
from quanheng.kit.refusal import RuleBroken

MOVES = (EventKind.LOCKED, EventKind.UNLOCKED)
NO_CHANGE = {"already_held", "not_held", "already_scrapped"}


def enter_event(event: PlatformEvent, *, at: datetime, instrument_id: int | None = None) -> None:
    """Enter a quarantined event, or say on it why it still waits. The caller's scope is that of the system.

    Args:
        instrument_id: what the office says the event is about; found by its codes when None.
    """
    if event.kind == EventKind.UNKNOWN:
        return _wait(event, event.reason or "事件类型无法识别")
    found = known([instrument_id]).get(instrument_id) if instrument_id else _find(event)
    if not isinstance(found, Known):
        return _wait(event, found or "台账中没有这台器具")
    take_turns("platform events of", found.instrument_id)
    event.instrument_id, event.area_id, event.reason = found.instrument_id, found.area_id, ""
    try:
        with transaction.atomic():
            event.state = _alarm(event, at) if event.kind == EventKind.ALARM else _move(event, at)
    except RuleBroken as refusal:  # such as an act log that stands still: nothing is lost, it is tried again
        event.state, event.reason = EventState.QUARANTINED, refusal.message[:300]
    event.save()
    return None


def _wait(event: PlatformEvent, why: str) -> None:
    event.state, event.reason = EventState.QUARANTINED, why[:300]
    event.save(update_fields=["state", "reason"])


def _find(event: PlatformEvent) -> Known | str:
    """Return the scale, or why it is not clear which one it is."""
    if event.code:
        instrument_id = by_code([event.code]).get(event.code)
        if instrument_id is not None:
            return known([instrument_id])[instrument_id]
    if not event.serial_number:
        return f"没有发放过器具码“{event.code}”" if event.code else "事件没有器具码，也没有出厂编号"
    candidates = [
        one for one in by_serial_number([event.serial_number]).get(event.serial_number, [])
        if not one.is_scrapped
        and (not event.manufacturer or one.manufacturer == event.manufacturer)
        and (not event.production_code or one.production_code in ("", event.production_code))
    ]  # fmt: skip
    if len(candidates) > 1:
        return f"出厂编号“{event.serial_number}”在台账中有 {len(candidates)} 台，请指定是哪一台"
    return candidates[0] if candidates else f"台账中没有出厂编号“{event.serial_number}”"


def _alarm(event: PlatformEvent, at: datetime) -> EventState:
    TamperAlarm.objects.unscoped().create(
        event=event, instrument_id=event.instrument_id or 0, area_id=event.area_id
    )
    record(
        acts.PLATFORM_ALARM_RECEIVED, by=PLATFORM, at=at, after={"event": event.event_id},
        **filed_on_scale(event),
    )  # fmt: skip
    return EventState.ENTERED


def _move(event: PlatformEvent, at: datetime) -> EventState:
    """Lock or unlock, unless a later event of the scale has been entered already."""
    if _is_overtaken(event):
        return EventState.OVERTAKEN
    act = lock if event.kind == EventKind.LOCKED else unlock
    reason = f"国家计价秤平台事件 {event.event_id}：{event.detail or event.get_kind_display()}"[:500]
    try:
        with transaction.atomic():
            act(instrument_id=event.instrument_id or 0, reason=reason, by=PLATFORM, at=at)
    except RuleBroken as refusal:
        if refusal.code not in NO_CHANGE:
            raise
        event.reason = refusal.message[:300]
        return EventState.NO_CHANGE
    return EventState.ENTERED


def _is_overtaken(event: PlatformEvent) -> bool:
    done = PlatformEvent.objects.unscoped().filter(
        instrument=event.instrument_id, kind__in=MOVES,
        state__in=[EventState.ENTERED, EventState.NO_CHANGE],
    )  # fmt: skip
    last = done.exclude(pk=event.pk).order_by("counted_at", "sequence", "pk").last()
    return last is not None and (last.counted_at, last.sequence) > (event.counted_at, event.sequence)


def filed_on_scale(event: PlatformEvent) -> dict[str, Any]:
    """Return where the log files an act so that it stands in the timeline of the scale as the office sees it.

    No entity reaches it.
    """
    return {
        "area_id": event.area_id, "instrument_id": event.instrument_id, "subject": event.event_id[:80],
    }  # fmt: skip
