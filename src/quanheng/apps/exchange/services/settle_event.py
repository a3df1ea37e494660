"""处理待认领事件: the office says which scale it is, or that it is none of ours; a job tries all again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.row_acts import RowKind, act_on_row
from quanheng.apps.exchange import acts, refusals
from quanheng.apps.exchange.enums import EventKind, EventState
from quanheng.apps.exchange.incoming import read_event
from quanheng.apps.exchange.mapping import FieldMapping
from quanheng.apps.exchange.models import PlatformEvent
from quanheng.apps.exchange.services.enter_event import enter_event
from quanheng.apps.exchange.services.receive_events import understand
from quanheng.apps.instruments import refusals as of_instruments
from quanheng.apps.instruments.queries.exchanged import by_code, known
from quanheng.kit.acts import check
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.regulation.instrument_code import CodeUnreadable, parse_code

LONGEST = 300
EVENTS = RowKind(
    model=PlatformEvent,
    missing=refusals.EVENT_NOT_WAITING,
    filed=lambda event: {"area_id": event.area_id, "subject": event.event_id[:80]},
)


def assign_event(*, event_id: int, typed_code: str, by: Actor, at: datetime) -> PlatformEvent:
    """Say by its code which scale a quarantined event is about, and enter it.

    Raises:
        RuleBroken: event_not_waiting, code_unreadable, unknown_code.
        NotYours: the role does not decide events, or the scale is out of reach.
    """
    with acting_in(EVERYTHING):
        event = _waiting(event_id, by)
        try:
            code = parse_code(typed_code.strip().rpartition("/s/")[2].partition(".")[0])
        except CodeUnreadable as fault:
            raise of_instruments.code_unreadable(fault) from fault
        instrument_id = by_code([code]).get(code)
        if instrument_id is None:
            raise refusals.CODE_NOT_BOUND(value=code)
        if not by.scope.covers_area(known([instrument_id])[instrument_id].area_id):
            raise refusals.CLAIM_NOT_YOURS()
        enter_event(event, at=at, instrument_id=instrument_id)
        return event


def dismiss_event(*, event_id: int, reason: str, by: Actor, at: datetime) -> PlatformEvent:
    """Put a quarantined event aside, with the reason; it is kept.

    Raises:
        RuleBroken: event_not_waiting, no_reason, too_long.
        NotYours: the role does not decide events.
    """
    verb, reason = acts.PLATFORM_EVENT_DISMISSED, reason.strip()
    with acting_in(EVERYTHING), act_on_row(EVENTS, verb, event_id, by=by, at=at, reason=reason) as act:
        event = act.row
        _check_waiting(event)
        if not reason:
            raise refusals.NO_REASON()
        if len(reason) > LONGEST:
            raise refusals.REASON_TOO_LONG(most=LONGEST)
        event.state, event.reason = EventState.DISMISSED, reason
    return event


def try_quarantined_again(*, mapping: FieldMapping, at: datetime, at_most: int = 1_000) -> int:
    """Enter what has become possible since: the scale was registered, the mapping knows the word now.

    Those that were tried longest ago come first: what never becomes possible holds up nothing.

    Returns:
        how many were entered.
    """
    entered = 0
    with acting_in(EVERYTHING):
        waiting = PlatformEvent.objects.unscoped().filter(state=EventState.QUARANTINED)
        ids = list(waiting.order_by("tried_at", "pk").values_list("pk", flat=True)[:at_most])
    for pk in ids:
        with acting_in(EVERYTHING), transaction.atomic():
            rows = PlatformEvent.objects.unscoped().select_for_update(skip_locked=True)
            event = rows.filter(pk=pk, state=EventState.QUARANTINED).first()
            if event is not None:
                event.tried_at = at
                if event.kind == EventKind.UNKNOWN:
                    understand(event, read_event(event.raw, mapping))
                event.save()
                enter_event(event, at=at)
                entered += event.state != EventState.QUARANTINED
    return entered


def _waiting(event_id: int, by: Actor) -> PlatformEvent:
    event = PlatformEvent.objects.visible_to(by).select_for_update().filter(pk=event_id).first()
    if event is None:
        raise refusals.EVENT_NOT_WAITING()
    _check_waiting(event)
    check(acts.PLATFORM_EVENT_DISMISSED, by, event)
    return event


def _check_waiting(event: PlatformEvent) -> None:
    if event.state != EventState.QUARANTINED:
        raise refusals.EVENT_NOT_WAITING()
