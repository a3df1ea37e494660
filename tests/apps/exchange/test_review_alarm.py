"""核查国家平台报警: new, under review, closed with a finding; by officers of the place alone."""

from __future__ import annotations

from datetime import datetime

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.audit.log.entries import ActRow
from quanheng.apps.exchange.models import TamperAlarm
from quanheng.apps.exchange.services.receive_events import receive_events
from quanheng.apps.exchange.services.review_alarm import close_alarm, take_up_alarm
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.queries.scan import public_record
from quanheng.apps.notices.queries import unread
from quanheng.kit.acts import InPublicLog, verbs
from quanheng.kit.refusal import NotYours
from quanheng.kit.scope import EVERYTHING, set_scope
from tests.apps.exchange.conftest import Events
from tests.factories import make_actor
from tests.factories.acts import acts, last_act, refused


@pytest.fixture
def alarm(events: Events, at: datetime, officer: Actor) -> TamperAlarm:
    set_scope(EVERYTHING)
    receive_events(events=events("ANTI_TAMPER", "E1"), at=at)
    made = TamperAlarm.objects.unscoped().get()
    set_scope(officer.scope)
    return made


def test_an_alarm_is_taken_up_and_closed_with_what_was_found(
    alarm: TamperAlarm, officer: Actor, at: datetime
) -> None:
    take_up_alarm(alarm_id=alarm.pk, by=officer, at=at)
    closed = close_alarm(alarm_id=alarm.pk, finding="false_alarm", text="现场复核无异常", by=officer, at=at)
    assert (closed.state, closed.finding, closed.taken_up_by_id) == ("closed", "false_alarm", officer.user_id)
    assert [verb for verb, _ in acts()][-2:] == ["platform_alarm_taken_up", "platform_alarm_closed"]
    assert (last_act().reason, last_act().instrument_id) == ("现场复核无异常", alarm.instrument_id)


def test_the_office_is_told_until_somebody_takes_it_up(
    alarm: TamperAlarm, officer: Actor, at: datetime
) -> None:
    second = make_actor(Role.COUNTY_OFFICER, area_id=officer.scope.first)
    assert unread(second) == 1
    take_up_alarm(alarm_id=alarm.pk, by=officer, at=at)
    assert unread(second) == 0


def test_it_is_taken_up_once_and_closed_only_after_that(
    alarm: TamperAlarm, officer: Actor, at: datetime
) -> None:
    with refused("alarm_not_under_review"):
        close_alarm(alarm_id=alarm.pk, finding="faulty", text="主板故障", by=officer, at=at)
    take_up_alarm(alarm_id=alarm.pk, by=officer, at=at)
    with refused("alarm_not_new"):
        take_up_alarm(alarm_id=alarm.pk, by=officer, at=at)


@pytest.mark.parametrize(
    ("finding", "text", "code"),
    [("", "有", "no_finding"), ("guilty", "有", "no_finding"), ("faulty", " ", "no_text"),
     ("faulty", "长" * 501, "too_long")],
)  # fmt: skip
def test_no_alarm_is_closed_without_a_finding(
    alarm: TamperAlarm, officer: Actor, at: datetime, finding: str, text: str, code: str
) -> None:
    take_up_alarm(alarm_id=alarm.pk, by=officer, at=at)
    with refused(code):
        close_alarm(alarm_id=alarm.pk, finding=finding, text=text, by=officer, at=at)


def test_another_countys_officer_does_not_find_it(alarm: TamperAlarm, at: datetime) -> None:
    stranger = make_actor(Role.COUNTY_OFFICER)
    with refused("alarm_not_found"):
        take_up_alarm(alarm_id=alarm.pk, by=stranger, at=at)


def test_a_verifier_of_the_place_does_not_decide_it(alarm: TamperAlarm, officer: Actor, at: datetime) -> None:
    verifier = make_actor(Role.VERIFIER, area=alarm.area)
    with pytest.raises(NotYours):
        take_up_alarm(alarm_id=alarm.pk, by=verifier, at=at)


def test_the_public_reads_nowhere_that_a_scale_is_suspected(alarm: TamperAlarm) -> None:
    scale = Instrument.objects.unscoped().get(pk=alarm.instrument_id)
    assert ("platform_alarm_received", scale.pk) in acts()
    assert public_record(scale.pk, 50) == []
    for verb in verbs():
        row = ActRow(1, b"salt", "[]", "2026-11-23T02:00:00Z", verb, scale.pk, None)
        assert (f'"instrument":{scale.pk},' in row.entry().decode()) == (
            verb.in_public_log is InPublicLog.NAMED
        )
