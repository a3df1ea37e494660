"""到期与超期: the due list by stage, who could not be reminded, what an institute has before it; messages."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.certificates.services.remind import remind
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.outbox.models import Message
from quanheng.apps.outbox.services import NotDelivered, deliver_due, post
from quanheng.apps.registry.models import Entity
from tests.factories import make_actor, make_agency, make_instrument
from tests.factories.people import sign_in
from tests.factories.verification import make_bench, make_line
from tests.web.office.conftest import Desk

TODAY = date(2026, 11, 23)


def text_of(answer: Any) -> str:
    content: str = answer.content.decode()
    return content


def due(entity: Entity, serial: str, days: int, **facts: Any) -> Instrument:
    end = TODAY + timedelta(days=days)
    defaults = {"serial_number": serial, "valid_until": end, "trusted_until": end}
    return make_instrument(entity, **defaults | facts)


def sleep_in_the_database() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(5)")
    return []


@pytest.fixture
def five(market: Entity) -> None:
    due(market, "OVERDUE", -3)
    due(market, "WEEK", 5)
    due(market, "MONTH", 25)
    due(market, "NEVER", 0, state="filed", verified_on=None, valid_until=None, trusted_until=None, result="")
    due(market, "FAILED", 300, state="failed")
    due(market, "LATER", 61)


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(
    ("stage", "shown"),
    [
        ("", {"OVERDUE", "WEEK", "MONTH", "NEVER", "FAILED"}),
        ("overdue", {"OVERDUE"}),
        ("7", {"WEEK"}),
        ("30", {"WEEK", "MONTH"}),
        ("60", {"WEEK", "MONTH"}),
        ("never", {"NEVER"}),
        ("failed", {"FAILED"}),
    ],
)
def test_each_stage_shows_its_own(desk: Desk, market: Entity, stage: str, shown: set[str]) -> None:
    page = text_of(desk(Role.MARKET_OPERATOR, entity=market).get(f"/due/?stage={stage}"))
    serials = ("OVERDUE", "WEEK", "MONTH", "NEVER", "FAILED", "LATER")
    assert {serial for serial in serials if f">{serial}<" in page} == shown


@pytest.mark.usefixtures("five")
def test_the_stages_are_those_of_the_rule_of_the_day(desk: Desk) -> None:
    page = text_of(desk(Role.COUNTY_OFFICER).get("/due/"))
    offered = page.partition('name="stage"')[2].partition("</select>")[0]
    assert [part.partition('"')[0] for part in offered.split('value="')[1:]] == [
        "", "overdue", "7", "30", "60", "never", "failed",
    ]  # fmt: skip
    assert "不能识别" not in page


def test_desk_ledger_and_due_list_count_the_same_at_every_stage(desk: Desk, market: Entity) -> None:
    """A nozzle, an application under way, a broken seal: whatever made the numbers differ."""
    bench = make_bench(market.area)
    applied, whole = due(market, "APPLIED", -3), due(market, "WHOLE", 20)
    make_line(applied, bench.institute)
    due(market, "NOZZLE", 20, parent=whole)
    due(market, "BROKEN", 300, seal_broken=True, trusted_until=TODAY - timedelta(days=2))
    due(market, "LATE", -1)
    for role in (Role.COUNTY_OFFICER, Role.MARKET_OPERATOR):
        client = desk(role, entity=market if role == Role.MARKET_OPERATOR else None)
        tiles = {str(tile.text): tile.text_count for tile in client.get("/desk/").context["worklists"]}
        for stage, tile in (("overdue", "超期未检"), ("30", "30 天内到期"), ("7", "")):
            ledger = client.get(f"/instruments/?due={stage}").context["list"]
            due_list = client.get(f"/due/?stage={stage}").context["list"]
            assert {row.name for row in ledger.rows} == {row.name for row in due_list.rows}, stage
            assert not tile or tiles[tile] == str(ledger.count) == str(due_list.count)


def test_what_is_applied_for_and_what_goes_with_its_whole_is_not_applied_for_again(
    desk: Desk, market: Entity
) -> None:
    bench = make_bench(market.area)
    applied, whole = due(market, "APPLIED", -3), due(market, "WHOLE", 20)
    make_line(applied, bench.institute)
    due(market, "NOZZLE", 20, parent=whole)
    client = desk(Role.MARKET_OPERATOR, entity=market)
    seen = client.get("/lists/due/bulk/apply/?reach=all").context["seen"]
    assert [row.serial_number for row in seen.accepted] == ["WHOLE"]
    assert {each.row.serial_number for each in seen.refused} == {"APPLIED", "NOZZLE"}
    assert [row.name for row in client.get("/due/?applied=1").context["list"].rows] == ["APPLIED"]


def test_a_stage_that_there_is_not_is_said_and_shows_nothing(desk: Desk, market: Entity) -> None:
    due(market, "WEEK", 5)
    page = text_of(desk(Role.COUNTY_OFFICER).get("/due/?stage=45"))
    assert "有误或不在您的范围内" in page
    assert ">WEEK<" not in page


def test_the_fee_stands_above_the_rows_with_its_source_and_that_it_is_not_verified(
    desk: Desk, db: None
) -> None:
    page = text_of(desk(Role.COUNTY_OFFICER).get("/due/"))
    assert "强制检定自 2017-04-01 起免收检定费" in page
    assert "财税〔2017〕20号" in page
    assert "尚未对照正式文本核实" in page


def test_the_ticked_ones_go_on_to_the_application(desk: Desk, market: Entity) -> None:
    chosen = [due(market, f"S{n}", 5) for n in range(2)]
    owner = desk(Role.MARKET_OPERATOR, entity=market)
    selection = "&".join(f"id={it.pk}" for it in chosen)
    sent = {"selection": selection, "seen": "2/0", "back": "/due/"}
    answer = owner.post("/lists/due/bulk/apply/", sent, follow=True)
    assert answer.redirect_chain[0][0].startswith("/applications/new/?instrument=")
    assert text_of(answer).count("checked aria-label=") == 2


def test_an_officer_finds_who_could_not_be_reminded(
    desk: Desk, market: Entity, county: Area, at: datetime
) -> None:
    due(market, "WEEK", 5)
    officer = desk(Role.COUNTY_OFFICER)
    assert ">WEEK<" not in text_of(officer.get("/due/?unreachable=1"))
    remind(first=county.pk, last=county.last, address="https://a.cn/", at=at)
    assert ">WEEK<" in text_of(officer.get("/due/?unreachable=1"))
    assert ">WEEK<" not in text_of(officer.get("/due/?unreachable=0"))


def test_an_institute_sees_eight_weeks_ahead(county: Area, market: Entity) -> None:
    bench = make_bench(county)
    for number in range(3):
        due(market, f"S{number}", 8)
    make_line(due(market, "BOOKED", 300), bench.institute, booked_for=TODAY)
    clerk = sign_in(Client(), make_actor(Role.INSTITUTE_CLERK, agency=bench.institute, area=county))
    page = text_of(clerk.get(f"/institutes/{bench.institute.pk}/"))
    rows = page.partition('id="weeks"')[2].partition("</table>")[0]
    assert '2026-11-23</th><td class="qh-number">0</td><td class="qh-number">1</td>' in rows
    assert '2026-11-30</th><td class="qh-number">3</td><td class="qh-number">0</td>' in rows
    assert rows.count("<tr>") == 9
    assert "超出能力" not in rows


def test_the_eight_weeks_as_a_chart_have_the_same_numbers(county: Area, market: Entity) -> None:
    bench = make_bench(county)
    due(market, "S1", 8)
    clerk = sign_in(Client(), make_actor(Role.INSTITUTE_CLERK, agency=bench.institute, area=county))
    option = clerk.get(f"/institutes/{bench.institute.pk}/weeks.json").json()
    assert option["yAxis"]["data"][:2] == ["2026-11-23", "2026-11-30"]
    assert {one["name"]: one["data"][1] for one in option["series"]}["到期"] == 1
    assert clerk.get("/institutes/999999/weeks.json").status_code == 404


def test_an_institute_without_authority_has_nothing_before_it(desk: Desk, county: Area) -> None:
    empty = make_agency(kind="institute", area=county)
    page = text_of(desk(Role.COUNTY_OFFICER).get(f"/institutes/{empty.pk}/"))
    assert "未来八周没有安排" in page
    assert "免收检定费" in page


def test_weeks_that_take_too_long_to_count_say_so(
    desk: Desk, county: Area, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = make_bench(county)
    monkeypatch.setattr("quanheng.web.institutes.weeks.PAGE_LIMIT_MS", 50)
    monkeypatch.setattr("quanheng.web.institutes.weeks.weeks_ahead", lambda *_: sleep_in_the_database())
    officer = desk(Role.COUNTY_OFFICER)
    assert "统计超时" in text_of(officer.get(f"/institutes/{bench.institute.pk}/"))
    assert officer.get(f"/institutes/{bench.institute.pk}/weeks.json").json()["yAxis"]["data"] == []


def test_a_message_that_was_given_up_is_sent_again(desk: Desk, at: datetime, db: None) -> None:
    message = post("message.text", {"contact": 1, "text": "【权衡】请申请检定"}, at=at)

    def refuse(_: Message) -> str:
        raise NotDelivered("短信网关答复 400", for_good=True)

    deliver_due("message.text", refuse, at=at)
    keeper = desk(Role.SYSTEM_ADMINISTRATOR)
    page = text_of(keeper.get("/messages/?standing=given_up&columns=topic,segments,last_error"))
    assert "短信网关答复 400" in page
    assert "短信条数" in page
    assert "1 could not be delivered" in keeper.get("/readyz").json()["warnings"]["messages given up"]
    sent = {"selection": f"id={message.pk}", "seen": "1/0", "back": "/messages/"}
    keeper.post("/lists/messages/bulk/again/", sent)
    assert "短信网关答复 400" not in text_of(keeper.get("/messages/?standing=given_up"))
    assert desk(Role.COUNTY_OFFICER).get("/messages/").status_code == 403
