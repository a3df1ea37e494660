"""一主体一档, as the office and a market operator use it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_contact, make_entity, make_instrument
from tests.factories.acts import acts

Desk = Callable[..., Client]
pytestmark = pytest.mark.django_db


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def fresh(entity: Entity) -> Entity:
    with acting_in(EVERYTHING):
        return Entity.objects.unscoped().get(pk=entity.pk)


def test_a_file_gathers_who_where_what_and_what_is_due(market: Entity, stall: Entity, desk: Desk) -> None:
    make_instrument(stall, seal_broken=True, serial_number="破-1")
    make_instrument(stall, state="filing")
    make_contact(market, name="张三丰", phone="13812345678")
    answer = desk().get(f"/entities/{market.pk}/")
    page = text_of(answer)
    for told in (
        "东门市场",
        "一号摊",
        "破-1",
        "停止使用，重新施封并检定",
        "审核 1 台（件）器具的备案",
        "张**",
        "138****5678",
    ):
        assert told in page
    assert "张三丰" not in page
    assert "13812345678" not in page


def test_the_numbers_of_a_file_open_their_rows(market: Entity, stall: Entity, desk: Desk) -> None:
    for state in ("in_use", "stopped", "failed", "failed"):
        make_instrument(stall, state=state)
    browser = desk()
    for tile in browser.get(f"/entities/{market.pk}/").context["shown"].tiles:
        assert len(browser.get(tile.url).context["list"].rows) == int(tile.text_count)


def test_a_person_is_shown_for_a_reason_and_that_is_logged(market: Entity, desk: Desk) -> None:
    contact = make_contact(market, name="张三丰")
    browser, url = desk(), f"/entities/{market.pk}/contacts/{contact.pk}/reveal/"
    assert browser.get(url)["Location"] == f"/entities/{market.pk}/", "asked for, it shows nobody"
    assert "张三丰" not in text_of(browser.post(url))
    answer = browser.post(url, {"reason": "通知检定"})
    assert "张三丰" in text_of(answer)
    assert answer["Cache-Control"] == "no-store"
    assert [verb for verb, _ in acts()] == ["personal_data_revealed"]


def test_an_operator_adds_a_stall_and_the_office_confirms_it(market: Entity, desk: Desk) -> None:
    operator = desk(Role.MARKET_OPERATOR, entity=market)
    sent = {
        "kind": "stall", "premises": "market", "name": "九号摊", "parent": market.pk, "stall_number": "9",
        "hospital_grade": "",
    }  # fmt: skip
    refused = operator.post("/entities/new/", sent | {"credit_code": "12"})
    assert "应为 18 位" in text_of(refused)
    assert 'value="九号摊"' in refused.content.decode()
    operator.post("/entities/new/", sent)
    with acting_in(EVERYTHING):
        stall = Entity.objects.unscoped().get(name="九号摊")
    assert stall.state == "draft"
    assert operator.post(f"/entities/{stall.pk}/confirm/").status_code == 403
    officer = desk()
    assert "待确认" in text_of(officer.get(f"/entities/{stall.pk}/"))
    officer.post(f"/entities/{stall.pk}/confirm/")
    assert fresh(stall).state == "confirmed"


def test_an_officer_registers_a_company(county: Area, desk: Desk) -> None:
    sent = {"kind": "company", "premises": "filling_station", "name": "锦江加油站", "hospital_grade": ""}
    browser = desk()
    assert "请选择行政区划" in text_of(browser.post("/entities/new/", sent))
    answer = browser.post("/entities/new/", sent | {"area": county.pk}, follow=True)
    assert "锦江加油站" in text_of(answer)


def test_a_file_with_instruments_in_service_does_not_close(stall: Entity, desk: Desk) -> None:
    make_instrument(stall)
    browser = desk()
    answer = browser.post(f"/entities/{stall.pk}/close/", {"reason": "退租", "sure": "on"})
    assert "还有 1 台（件）器具" in text_of(answer)
    assert "退租" in answer.content.decode()


def test_an_operator_is_not_offered_what_only_the_office_changes(market: Entity, desk: Desk) -> None:
    operator = desk(Role.MARKET_OPERATOR, entity=market)
    form = operator.get(f"/entities/{market.pk}/edit/").context["form"]
    assert not {"name", "credit_code", "credit_grade", "under_focus"} & set(form.fields)
    sent = {"address": "东门街 1 号", "version": 1, "name": "改名"}
    operator.post(f"/entities/{market.pk}/edit/", sent)
    assert (fresh(market).address, fresh(market).name) == ("东门街 1 号", "东门市场")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=东门", {"东门市场"}),
        ("?q=1", {"一号摊"}),
        ("?kind=stall", {"一号摊"}),
        ("?state=draft", {"新来的"}),
        ("?credit_grade=D", {"新来的"}),
        ("?under_focus=1", {"新来的"}),
    ],
)
def test_files_are_found(
    market: Entity, stall: Entity, county: Area, desk: Desk, query: str, found: set[str]
) -> None:
    assert stall.parent_id == market.pk
    make_entity("新来的", area=county, state="draft", credit_grade="D", under_focus=True)
    make_entity("外县的")
    rows = desk().get(f"/entities/{query}").context["list"].rows
    assert {row.name for row in rows} == found


def test_another_countys_file_does_not_exist(desk: Desk) -> None:
    elsewhere = make_entity()
    for path in ("", "edit/", "close/", "contacts/"):
        assert desk().get(f"/entities/{elsewhere.pk}/{path}").status_code == 404
