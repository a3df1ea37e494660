"""消费者反映: taken up, closed with an answer, on a clock; nothing is told of it before it is closed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.audit.queries import acts_of_instrument
from quanheng.apps.instruments import acts as verbs
from quanheng.apps.instruments.models import Instrument, ShopperReport
from quanheng.apps.instruments.queries.reports import receipt, reports
from quanheng.apps.instruments.queries.scan import public_record
from quanheng.apps.instruments.services.receive_shopper_report import receive_shopper_report
from quanheng.apps.instruments.services.settle_report import (
    close_by,
    close_report,
    look_by,
    reopen_report,
    take_up_report,
)
from quanheng.kit.scope import EVERYTHING, acting_in, set_scope
from quanheng.packs.shipped import shipped
from quanheng.regulation.workdays import calendar_of
from tests.factories import make_actor, make_code, make_entity, make_instrument
from tests.factories.acts import last_act, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(at: datetime, county: Area, officer: Actor) -> ShopperReport:
    scale = make_instrument(make_entity(kind="stall", area=county))
    code = make_code(scale)
    made = receive_shopper_report(number="R261123-ABCDEFGH", code=code.value, problem="short_weight", at=at)
    set_scope(officer.scope)
    return made


def settled(report: ShopperReport, officer: Actor, at: datetime) -> ShopperReport:
    take_up_report(report_id=report.pk, by=officer, at=at)
    return close_report(
        report_id=report.pk, finding="untrue", found="砝码核对合格", answer="已核查，谢谢", by=officer, at=at
    )


def test_a_report_is_taken_up_and_closed_with_an_answer(
    report: ShopperReport, officer: Actor, at: datetime
) -> None:
    closed = settled(report, officer, at)
    assert (closed.state, closed.finding, closed.closed_by_id) == ("closed", "untrue", officer.user_id)
    assert (last_act().verb, last_act().reason) == ("shopper_report_closed", "砝码核对合格")
    told = receipt(report.number)
    assert told is not None
    assert (told.state, told.finding, told.answer) == ("closed", "untrue", "已核查，谢谢")


def test_it_is_taken_up_once_and_closed_once_and_only_after_that(
    report: ShopperReport, officer: Actor, at: datetime
) -> None:
    with refused("report_not_taken_up"):
        close_report(report_id=report.pk, finding="true", found="有", answer="有", by=officer, at=at)
    settled(report, officer, at)
    with refused("report_not_new"):
        take_up_report(report_id=report.pk, by=officer, at=at)
    with refused("report_not_taken_up"):
        close_report(report_id=report.pk, finding="true", found="有", answer="有", by=officer, at=at)


@pytest.mark.parametrize(
    ("finding", "found", "answer", "code"),
    [("", "有", "有", "no_report_finding"), ("guilty", "有", "有", "no_report_finding"),
     ("true", " ", "有", "no_report_answer"), ("true", "有", "", "no_report_answer"),
     ("true", "有", "长" * 501, "report_answer_too_long")],
)  # fmt: skip
def test_no_report_is_closed_without_a_finding_and_an_answer(
    report: ShopperReport, officer: Actor, at: datetime, finding: str, found: str, answer: str, code: str
) -> None:
    take_up_report(report_id=report.pk, by=officer, at=at)
    with refused(code):
        close_report(report_id=report.pk, finding=finding, found=found, answer=answer, by=officer, at=at)


def test_another_countys_officer_does_not_find_it(report: ShopperReport, at: datetime) -> None:
    stranger = make_actor(Role.COUNTY_OFFICER)
    set_scope(stranger.scope)
    with refused("report_not_found"):
        take_up_report(report_id=report.pk, by=stranger, at=at)


def test_the_one_who_is_reported_never_reads_the_report_nor_its_acts(
    report: ShopperReport, officer: Actor, at: datetime
) -> None:
    settled(report, officer, at)
    with acting_in(EVERYTHING):
        scale = Instrument.objects.unscoped().get(pk=report.instrument_id or 0)
    stallholder = make_actor(Role.INSTRUMENT_USER, entity=scale.entity)
    set_scope(stallholder.scope)
    assert list(reports(stallholder)) == []
    assert list(ShopperReport.objects.unscoped()) == []  # the second wall too
    assert acts_of_instrument(scale.pk, by=stallholder) == []


def test_the_public_record_is_silent_until_it_is_closed(
    report: ShopperReport, officer: Actor, at: datetime
) -> None:
    scale = report.instrument_id or 0
    assert public_record(scale, 9) == []
    take_up_report(report_id=report.pk, by=officer, at=at)
    assert public_record(scale, 9) == []
    close_report(report_id=report.pk, finding="true", found="少秤", answer="已处理", by=officer, at=at)
    assert [verb for verb, _day, _index in public_record(scale, 9)] == ["shopper_report_closed"]
    assert verbs.SHOPPER_REPORT_CLOSED.public_facts == ("report_finding",)


def test_the_clock_runs_in_working_days_and_then_to_the_closing(
    report: ShopperReport, officer: Actor, at: datetime
) -> None:
    calendar, day = calendar_of(shipped()), at.date()
    assert report.due_on == look_by(at) == calendar.after(day, 3)
    taken = take_up_report(report_id=report.pk, by=officer, at=at + timedelta(days=1))
    assert taken.due_on == close_by(at) == calendar.after(day, 15)


def test_the_clock_is_dated_data_that_nobody_has_verified() -> None:
    pack = shipped().in_force("deadlines/shopper-report", date(2026, 11, 23))
    assert {pack.cite(step).is_verified for step in pack.tables} == {False}


def test_what_is_reported_of_a_label_nobody_issued_is_looked_into_by_the_province(
    county: Area, at: datetime
) -> None:
    number = "R261123-FORGED00"
    made = receive_shopper_report(number=number, code="NEVERISSUED", problem="label_damaged", at=at)
    office = make_actor(Role.PROVINCE_OFFICER, area=Area.objects.get(parent=None))
    set_scope(office.scope)
    assert [(row.pk, row.instrument) for row in reports(office)] == [(made.pk, None)]
    assert take_up_report(report_id=made.pk, by=office, at=at).taken_up_by_id == office.user_id


def test_a_wrong_closing_is_put_right_by_looking_again_and_the_log_keeps_what_was_said(
    report: ShopperReport, officer: Actor, at: datetime
) -> None:
    with refused("report_not_closed"):
        reopen_report(report_id=report.pk, reason="又有人反映", by=officer, at=at)
    settled(report, officer, at)
    with refused("no_reason"):
        reopen_report(report_id=report.pk, reason=" ", by=officer, at=at)
    again = reopen_report(report_id=report.pk, reason="看错了秤", by=officer, at=at + timedelta(days=9))
    assert (again.state, again.finding, again.answer, again.closed_at) == ("taken_up", "", "", None)
    assert again.due_on == close_by(at + timedelta(days=9))
    assert (last_act().reason, last_act().after["was"]) == ("看错了秤", "untrue")
    told = receipt(report.number)
    assert told is not None
    assert (told.state, told.finding, told.answer) == ("taken_up", None, "")
    close_report(report_id=report.pk, finding="true", found="少秤", answer="已查处", by=officer, at=at)
