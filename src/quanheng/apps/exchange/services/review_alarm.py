"""核查国家平台报警: somebody takes it up, and it is closed with what was found."""

from __future__ import annotations

from datetime import datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.row_acts import RowKind, act_on_row
from quanheng.apps.exchange import acts, refusals
from quanheng.apps.exchange.enums import AlarmState, Finding
from quanheng.apps.exchange.models import TamperAlarm
from quanheng.apps.exchange.services.enter_event import filed_on_scale

LONGEST = 500
ALARMS = RowKind(
    model=TamperAlarm,
    missing=refusals.ALARM_NOT_FOUND,
    filed=lambda alarm: filed_on_scale(alarm.event),
    related=("event",),
)


def take_up_alarm(*, alarm_id: int, by: Actor, at: datetime) -> TamperAlarm:
    """Begin to look into an alarm.

    Raises:
        RuleBroken: alarm_not_found, alarm_not_new.
        NotYours: the role does not look into alarms.
    """
    with act_on_row(ALARMS, acts.PLATFORM_ALARM_TAKEN_UP, alarm_id, by=by, at=at) as act:
        alarm = act.row
        if alarm.state != AlarmState.NEW:
            raise refusals.ALARM_NOT_NEW(state=AlarmState(alarm.state))
        alarm.state, alarm.taken_up_by_id, alarm.taken_up_at = AlarmState.UNDER_REVIEW, by.user_id, at
        act.facts["alarm"] = alarm.pk
    return alarm


def close_alarm(*, alarm_id: int, finding: str, text: str, by: Actor, at: datetime) -> TamperAlarm:
    """Close an alarm that is being looked into, with the finding.

    Raises:
        RuleBroken: alarm_not_found, alarm_not_under_review, no_finding, no_text, too_long.
        NotYours: the role does not look into alarms.
    """
    text = text.strip()
    with act_on_row(ALARMS, acts.PLATFORM_ALARM_CLOSED, alarm_id, by=by, at=at, reason=text) as act:
        alarm = act.row
        if alarm.state != AlarmState.UNDER_REVIEW:
            raise refusals.ALARM_NOT_UNDER_REVIEW(state=AlarmState(alarm.state))
        if finding not in Finding.values:
            raise refusals.NO_FINDING()
        if not text:
            raise refusals.NO_TEXT()
        if len(text) > LONGEST:
            raise refusals.FINDING_TOO_LONG(most=LONGEST)
        alarm.state, alarm.finding, alarm.finding_text = AlarmState.CLOSED, finding, text
        alarm.closed_by_id, alarm.closed_at = by.user_id, at
        act.facts["finding"] = finding
    return alarm
