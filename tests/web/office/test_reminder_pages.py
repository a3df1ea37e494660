"""到期提醒: the office sees whom a reminder reached, masked, and whom nobody could reach."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.certificates.services.remind import TOPIC, remind
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.outbox.models import Message
from quanheng.apps.outbox.services import NotDelivered, deliver_due
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_area, make_contact, make_entity, make_instrument
from tests.web.office.conftest import Desk

TODAY = date(2026, 11, 23)


def due(entity: Entity, serial: str, days: int) -> Instrument:
    end = TODAY + timedelta(days=days)
    return make_instrument(entity, serial_number=serial, valid_until=end, trusted_until=end)


def remind_in(county: Area, at: datetime) -> None:
    remind(first=county.pk, last=county.last, address="https://a.cn/due/", at=at)


def taken(_: Message) -> str:
    return "138****5678"


def refused(_: Message) -> str:
    raise NotDelivered("不是手机号码，收不到短信", for_good=True)


def shown(browser: Client, address: str, *serials: str) -> set[str]:
    answer: Any = browser.get(address)
    assert answer.status_code == 200
    page = answer.content.decode()
    return {serial for serial in serials if f">{serial}<" in page}


@pytest.fixture
def reminded(county: Area, market: Entity, at: datetime) -> None:
    """SENT has arrived, REFUSED was given up, LATER waits, NOBODY has no contact."""
    make_contact(market, phone="13812345678", phone_hash="x")
    due(market, "SENT", 5)
    remind_in(county, at)
    deliver_due(TOPIC, taken, at=at)
    landline = make_entity("二门市场", kind="market_operator", area=county)
    make_contact(landline, phone="028-87654321", phone_hash="y")
    due(landline, "REFUSED", 5)
    remind_in(county, at)
    deliver_due(TOPIC, refused, at=at)
    due(market, "LATER", 5)
    due(make_entity("三门市场", kind="market_operator", area=county), "NOBODY", -1)
    remind_in(county, at)


ALL = ("SENT", "REFUSED", "LATER", "NOBODY")


@pytest.mark.usefixtures("reminded")
@pytest.mark.parametrize(
    ("arrival", "expected"),
    [
        ("", set(ALL)), ("delivered", {"SENT"}), ("given_up", {"REFUSED"}), ("waiting", {"LATER"}),
        ("nobody", {"NOBODY"}),
    ],
)  # fmt: skip
def test_the_office_sees_what_arrived(desk: Desk, arrival: str, expected: set[str]) -> None:
    assert shown(desk(), f"/reminders/?arrival={arrival}", *ALL) == expected


@pytest.mark.usefixtures("reminded")
def test_the_number_is_masked_and_the_stage_said(desk: Desk) -> None:
    page = desk().get("/reminders/").content.decode()
    assert "138****5678" in page
    assert "13812345678" not in page
    assert "7 天内到期" in page
    assert "超期未检" in page


@pytest.mark.usefixtures("reminded")
def test_the_list_of_whom_nobody_reached_holds_those_without_a_contact_and_those_without_a_mobile(
    desk: Desk,
) -> None:
    assert shown(desk(), "/due/?unreachable=1", *ALL) == {"REFUSED", "NOBODY"}


@pytest.mark.usefixtures("reminded")
def test_the_desk_of_the_county_counts_them_and_leads_there(desk: Desk) -> None:
    page = desk().get("/desk/").content.decode()
    tile = page.partition("/due/?unreachable=1")[2].partition("</a>")[0]
    assert "提醒无接收人" in tile
    assert ">2<" in tile


@pytest.mark.usefixtures("reminded")
def test_who_was_reached_at_a_later_stage_leaves_that_list(desk: Desk, county: Area, at: datetime) -> None:
    with acting_in(EVERYTHING):
        found = Instrument.objects.unscoped().select_related("entity__root", "entity__area")
        entity = found.get(serial_number="REFUSED").entity
    make_contact(entity, phone="13900000001", phone_hash="z", duty="metrology_manager")
    remind_in(county, at + timedelta(days=6))
    deliver_due(TOPIC, taken, at=at + timedelta(days=6))
    assert shown(desk(), "/due/?unreachable=1", *ALL) == {"NOBODY"}


@pytest.mark.usefixtures("reminded")
def test_another_county_sees_none_of_it(desk: Desk) -> None:
    other = desk(area=make_area("另一区"))
    assert shown(other, "/reminders/", *ALL) == set()
    assert "暂无提醒" in other.get("/reminders/").content.decode()


def test_the_entities_themselves_and_the_institutes_have_no_such_page(desk: Desk, market: Entity) -> None:
    assert desk(Role.MARKET_OPERATOR, entity=market).get("/reminders/").status_code == 403
