"""What the platform for scales told us, as far as somebody sees it: events, and alarms with their review."""

from __future__ import annotations

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.exchange.models import PlatformEvent, TamperAlarm
from quanheng.kit.scope import ScopedQuerySet


def events(by: Actor) -> ScopedQuerySet[PlatformEvent]:
    """Return the events that an actor sees."""
    return PlatformEvent.objects.visible_to(by).select_related("instrument", "area")


def event(event_id: int, by: Actor) -> PlatformEvent | None:
    """Return one of them, or None."""
    return events(by).filter(pk=event_id).first()


def alarms(by: Actor) -> ScopedQuerySet[TamperAlarm]:
    """Return the alarms that an actor sees."""
    related = ("event", "instrument__entity", "area", "taken_up_by")
    return TamperAlarm.objects.visible_to(by).select_related(*related)


def alarm(alarm_id: int, by: Actor) -> TamperAlarm | None:
    """Return one of them with who closed it, or None."""
    return alarms(by).select_related("closed_by").filter(pk=alarm_id).first()


def alarm_of_event(event_id: int, by: Actor) -> TamperAlarm | None:
    """Return the alarm that an event raised, or None."""
    return TamperAlarm.objects.visible_to(by).filter(event=event_id).first()


def other_alarms(alarm: TamperAlarm, by: Actor, *, at_most: int) -> list[TamperAlarm]:
    """Return the other alarms of the same scale, the newest first."""
    rows = TamperAlarm.objects.visible_to(by).filter(instrument=alarm.instrument_id)
    return list(rows.exclude(pk=alarm.pk).select_related("event").order_by("-pk")[:at_most])
