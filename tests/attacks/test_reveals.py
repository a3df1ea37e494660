"""Reading the telephones of a province one by one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.audit.models import Act
from quanheng.apps.registry import acts
from quanheng.apps.registry.models import Contact
from quanheng.apps.registry.services.reveal_contact import reveal_contact
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.packs.shipped import shipped
from quanheng.regulation.reasons import says_nothing
from tests.factories import make_actor, make_contact, make_entity, sign_in
from tests.factories.acts import refused

pytestmark = pytest.mark.django_db
REASON = "通知摊主十一月三十日前送检"


@pytest.fixture
def officer() -> Actor:
    return make_actor(Role.COUNTY_OFFICER)


@pytest.fixture
def contact(officer: Actor) -> Contact:
    with acting_in(EVERYTHING):
        return make_contact(make_entity(area=officer_area(officer)))


def officer_area(officer: Actor) -> Any:
    from quanheng.apps.accounts.models import Area

    return Area.objects.get(pk=officer.area_id or 0)


def reveal(contact: Contact, by: Actor, at: datetime, reason: str = REASON) -> Contact:
    with acting_in(by.scope):
        return reveal_contact(contact_id=contact.pk, reason=reason, by=by, at=at)


def alarms() -> list[Act]:
    with acting_in(EVERYTHING):
        return list(Act.objects.unscoped().filter(verb=acts.PERSONAL_DATA_ALARM).order_by("pk"))


@pytest.mark.parametrize(
    "reason",
    ["", "批量", "批量查看", "工作需要", "查看电话", "aaaaaaaa", "。。。。。。", "12345678", "测试测试测试",
     "test", "因工作需要查看个人信息", "ＴＥＳＴＩＮＧ", "批 量 查 看 1 2 3", "了解情况"],
)  # fmt: skip
def test_a_reason_that_fits_every_case_is_none(reason: str) -> None:
    assert says_nothing(reason)


@pytest.mark.parametrize(
    "reason", ["通知检定", "核实摊主", "核实 R261123-ABCD 所反映的短秤", "call about expired scale", REASON]
)
def test_a_reason_that_says_why_is_one(reason: str) -> None:
    assert not says_nothing(reason)


def test_a_hundred_and_twenty_in_a_row_end_at_the_limit_of_the_day(
    contact: Contact, officer: Actor, at: datetime
) -> None:
    answers = []
    for number in range(120):
        try:
            reveal(contact, officer, at + timedelta(seconds=number), f"{REASON}，第 {number} 户")
            answers.append("seen")
        except RuleBroken as refusal:
            answers.append(refusal.code)
    a_day = shipped().in_force("personal-data/reveals", at.date()).tables["a_day"].values
    assert answers == ["seen"] * a_day["most"] + ["too_many_reveals"] * (120 - a_day["most"])
    assert [alarm.after["seen"] for alarm in alarms()] == [a_day["alarm_at"], a_day["most"]]
    reveal(contact, officer, at + timedelta(days=1))


def test_a_hundred_and_twenty_with_the_reason_batch_see_nothing(
    contact: Contact, officer: Actor, at: datetime
) -> None:
    for _ in range(120):
        with refused("no_reason"):
            reveal(contact, officer, at, "批量")


def test_the_office_sees_the_alarm_on_its_desk_with_the_rows_behind_it(
    client: Client, contact: Contact, officer: Actor
) -> None:
    for _ in range(20):
        reveal(contact, officer, timezone.now())
    head = make_actor(Role.COUNTY_OFFICER, area=officer_area(officer))
    sign_in(client, head)
    desk = client.get("/desk/").content.decode()
    assert "频繁查看个人信息" in desk
    rows = client.get("/acts/?alarm=personal_data_alarm").content.decode()
    assert officer.name in rows


def test_the_limit_is_a_dated_row_that_says_it_is_our_own(at: datetime) -> None:
    table = shipped().in_force("personal-data/reveals", at.date()).tables["a_day"]
    assert table.values["alarm_at"] < table.values["most"]
    assert not table.is_verified
