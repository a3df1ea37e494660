"""核查国家平台报警: somebody takes it up, and it is closed with what was found."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.exchange import acts, refusals
from quanheng.apps.exchange.enums import AlarmState, Finding
from quanheng.apps.exchange.models import TamperAlarm
from quanheng.apps.exchange.services.enter_event import record_on_scale
from quanheng.kit.acts import Verb, check

LONGEST = 500


def take_up_alarm(*, alarm_id: int, by: Actor, at: datetime) -> TamperAlarm:
    """Begin to look into an alarm.

    Raises:
        RuleBroken: alarm_not_found, alarm_not_new.
        NotYours: the role does not look into alarms.
    """
    with transaction.atomic():
        alarm = _locked(alarm_id, acts.PLATFORM_ALARM_TAKEN_UP, by)
        if alarm.state != AlarmState.NEW:
            raise refusals.ALARM_NOT_NEW(state=_label(alarm))
        alarm.state, alarm.taken_up_by_id, alarm.taken_up_at = AlarmState.UNDER_REVIEW, by.user_id, at
        alarm.save(update_fields=["state", "taken_up_by", "taken_up_at"])
        record_on_scale(acts.PLATFORM_ALARM_TAKEN_UP, alarm.event, by=by, at=at, after={"alarm": alarm.pk})
    return alarm


def close_alarm(*, alarm_id: int, finding: str, text: str, by: Actor, at: datetime) -> TamperAlarm:
    """Close an alarm that is being looked into, with the finding.

    Raises:
        RuleBroken: alarm_not_found, alarm_not_under_review, no_finding, no_text, too_long.
        NotYours: the role does not look into alarms.
    """
    with transaction.atomic():
        alarm = _locked(alarm_id, acts.PLATFORM_ALARM_CLOSED, by)
        if alarm.state != AlarmState.UNDER_REVIEW:
            raise refusals.ALARM_NOT_UNDER_REVIEW(state=_label(alarm))
        text = text.strip()
        if finding not in Finding.values:
            raise refusals.NO_FINDING()
        if not text:
            raise refusals.NO_TEXT()
        if len(text) > LONGEST:
            raise refusals.FINDING_TOO_LONG(most=LONGEST)
        alarm.state, alarm.finding, alarm.finding_text = AlarmState.CLOSED, finding, text
        alarm.closed_by_id, alarm.closed_at = by.user_id, at
        alarm.save(update_fields=["state", "finding", "finding_text", "closed_by", "closed_at"])
        record_on_scale(
            acts.PLATFORM_ALARM_CLOSED, alarm.event, by=by, at=at, reason=text, after={"finding": finding}
        )
    return alarm


def _locked(alarm_id: int, verb: Verb, by: Actor) -> TamperAlarm:
    rows = TamperAlarm.objects.visible_to(by).select_for_update(of=("self",)).select_related("event")
    alarm = rows.filter(pk=alarm_id).first()
    if alarm is None:
        raise refusals.ALARM_NOT_FOUND()
    check(verb, by, alarm)
    return alarm


def _label(alarm: TamperAlarm) -> str:
    return str(AlarmState(alarm.state).label)
