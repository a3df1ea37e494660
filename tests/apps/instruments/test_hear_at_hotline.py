"""12315: reads reports of its area and nothing else of the ledger; notes, passes on, tells the reporter."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import AreaLevel, Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.instruments.models import Instrument, ShopperReport
from quanheng.apps.instruments.queries.reports import receipt, reports
from quanheng.apps.instruments.services.hear_at_hotline import note_report, pass_report_on, reply_to_reporter
from quanheng.apps.instruments.services.receive_shopper_report import receive_shopper_report
from quanheng.apps.instruments.services.settle_report import close_report, take_up_report
from quanheng.kit.refusal import NotYours
from quanheng.kit.scope import set_scope
from tests.factories import make_actor, make_area, make_code, make_entity, make_instrument
from tests.factories.acts import last_act, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(county: Area) -> Actor:
    return make_actor(Role.HOTLINE_AGENT, area=county)


@pytest.fixture
def report(at: datetime, county: Area, agent: Actor) -> ShopperReport:
    scale = make_instrument(make_entity("桃子摊", kind="stall", area=county), name="电子秤", place="3 号位")
    made = receive_shopper_report(
        number="R261123-HOTLINE1", code=make_code(scale).value, problem="short_weight", at=at
    )
    set_scope(agent.scope)
    return made


def test_the_hotline_reads_reports_of_its_area_and_no_row_of_the_ledger(
    report: ShopperReport, agent: Actor
) -> None:
    assert [(row.pk, row.about, row.instrument) for row in reports(agent)] == [
        (report.pk, "电子秤 · 桃子摊 · 3 号位", None)
    ]
    assert not Instrument.objects.visible_to(agent).exists()
    assert not Instrument.objects.unscoped().exists()  # the second wall
    for table in ("registry_entity", "registry_contact", "instruments_verification", "audit_act"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,), table


def test_another_places_hotline_reads_nothing(report: ShopperReport, at: datetime) -> None:
    stranger = make_actor(Role.HOTLINE_AGENT)
    set_scope(stranger.scope)
    assert not reports(stranger).exists()
    assert not ShopperReport.objects.unscoped().exists()
    with refused("report_not_found"):
        note_report(report_id=report.pk, note="看到了", by=stranger, at=at)


def test_the_hotline_notes_passes_on_and_answers_and_the_log_keeps_what_stood_before(
    report: ShopperReport, agent: Actor, at: datetime
) -> None:
    note_report(report_id=report.pk, note="来电人说是下午", by=agent, at=at)
    passed = pass_report_on(report_id=report.pk, note="请今天去看", by=agent, at=at)
    assert (passed.state, passed.passed_on_at, passed.due_on) == ("new", at, report.due_on)
    reply_to_reporter(report_id=report.pk, reply="已转辖区市场监管局", by=agent, at=at)
    told = receipt(report.number)
    assert told is not None
    assert (told.state, told.reply, told.answer) == ("new", "已转辖区市场监管局", "")
    reply_to_reporter(report_id=report.pk, reply="三日内核查", by=agent, at=at)
    assert (last_act().verb, last_act().after["was"]) == ("shopper_report_replied", "已转辖区市场监管局")


def test_the_hotline_finds_nothing_and_closes_nothing(
    report: ShopperReport, agent: Actor, at: datetime
) -> None:
    with pytest.raises(NotYours):
        take_up_report(report_id=report.pk, by=agent, at=at)


def test_an_officer_does_not_speak_for_the_hotline(
    report: ShopperReport, officer: Actor, at: datetime
) -> None:
    set_scope(officer.scope)
    with pytest.raises(NotYours):
        reply_to_reporter(report_id=report.pk, reply="没有问题", by=officer, at=at)


def test_what_is_being_looked_into_or_closed_is_not_passed_on(
    report: ShopperReport, agent: Actor, officer: Actor, at: datetime
) -> None:
    set_scope(officer.scope)
    take_up_report(report_id=report.pk, by=officer, at=at)
    set_scope(agent.scope)
    with refused("report_passed_on_already"):
        pass_report_on(report_id=report.pk, note="请快些", by=agent, at=at)
    set_scope(officer.scope)
    close_report(report_id=report.pk, finding="true", found="少秤", answer="已责令停用", by=officer, at=at)
    set_scope(agent.scope)
    with refused("report_is_closed"):
        note_report(report_id=report.pk, note="再看看", by=agent, at=at)
    assert reply_to_reporter(report_id=report.pk, reply="结论见上", by=agent, at=at).answer == "已责令停用"


@pytest.mark.parametrize(("text", "code"), [(" ", "no_hotline_note"), ("长" * 501, "too_long")])
def test_a_note_says_something_and_not_too_much(
    report: ShopperReport, agent: Actor, at: datetime, text: str, code: str
) -> None:
    with refused(code):
        note_report(report_id=report.pk, note=text, by=agent, at=at)
    with refused("no_hotline_reply"):
        reply_to_reporter(report_id=report.pk, reply="", by=agent, at=at)


def test_a_known_instruments_report_stays_where_the_instrument_is(
    report: ShopperReport, agent: Actor, county: Area, at: datetime
) -> None:
    street = make_area(parent=county, level=AreaLevel.STREET)
    with refused("report_stays_with_its_instrument"):
        pass_report_on(report_id=report.pk, note="请看", area_id=street.pk, by=agent, at=at)


def test_a_label_that_nobody_issued_goes_to_an_office_of_the_hotlines_own_area(
    county: Area, at: datetime
) -> None:
    made = receive_shopper_report(
        number="R261123-FORGED01", code="NEVERISSUED", problem="label_damaged", at=at
    )
    agent = make_actor(Role.HOTLINE_AGENT, area=Area.objects.get(parent=None))
    set_scope(agent.scope)
    assert made.code == "NEVERISSUED"
    with refused("office_out_of_reach"):
        pass_report_on(report_id=made.pk, note="请看", area_id=99, by=agent, at=at)
    passed = pass_report_on(report_id=made.pk, note="请看", area_id=county.pk, by=agent, at=at)
    assert passed.area_id == county.pk
    county_officer = make_actor(Role.COUNTY_OFFICER, area=county)
    set_scope(county_officer.scope)
    assert [row.pk for row in reports(county_officer)] == [made.pk]
