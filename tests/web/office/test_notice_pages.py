"""The bell, the list behind it, and the settings."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.notices.kinds import kinds
from quanheng.apps.notices.models import Notice
from quanheng.apps.notices.queries import ToldNotice
from quanheng.apps.registry.models import Entity
from quanheng.kit.lists import find_list
from quanheng.web.notices.links import PAGES, link_of
from tests.factories import make_actor, make_entity, make_instrument, make_notice, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def stall() -> Entity:
    return make_entity(kind="stall")


@pytest.fixture
def keeper(stall: Entity) -> Actor:
    return make_actor(Role.INSTRUMENT_USER, entity=stall)


@pytest.fixture
def at_desk(client: Client, keeper: Actor) -> Client:
    return sign_in(client, keeper)


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_bell_counts_and_opening_the_row_reads_it(at_desk: Client, stall: Entity) -> None:
    scale = make_instrument(stall)
    make_notice(entity_id=stall.pk, row_id=scale.pk, subject="电子秤 SN1")
    make_notice(entity_id=stall.pk, row_id=scale.pk + 1, subject="电子秤 SN2")
    assert "消息，2 条未读" in page(at_desk, "/desk/")
    listed = page(at_desk, "/notices/")
    assert "铅封破损：电子秤 SN1" in listed
    assert f'href="/instruments/{scale.pk}/"' in listed
    page(at_desk, f"/instruments/{scale.pk}/")
    assert "消息，1 条未读" in page(at_desk, "/desk/")
    unread = page(at_desk, "/notices/?unread=1")
    assert "SN1" not in unread
    assert "SN2" in unread


def test_one_and_all_are_marked_as_read(at_desk: Client, stall: Entity) -> None:
    one = make_notice(entity_id=stall.pk)
    make_notice(entity_id=stall.pk)
    assert at_desk.post(f"/notices/{one.pk}/read/", {"unread": "1"})["Location"] == "/notices/?unread=1"
    assert "消息，1 条未读" in page(at_desk, "/notices/")
    at_desk.post("/notices/read/")
    shown = page(at_desk, "/notices/")
    assert "条未读" not in shown
    assert shown.count("已读") >= 2


def test_several_lead_to_their_list(at_desk: Client, stall: Entity) -> None:
    make_notice(entity_id=stall.pk, kind="filing_returned", count=12, subject="")
    shown = page(at_desk, "/notices/")
    assert "备案退回：12 台器具" in shown
    assert 'href="/instruments/?state=returned"' in shown


def test_older_ones_are_one_page_further(at_desk: Client, stall: Entity) -> None:
    for number in range(52):
        make_notice(entity_id=stall.pk, subject=f"第{number}台")
    first = page(at_desk, "/notices/")
    assert "第51台" in first
    assert "第1台" not in first
    address = first.split('href="?before=')[1].split('"')[0]
    older = page(at_desk, f"/notices/?before={address}")
    assert "第1台" in older
    assert at_desk.get("/notices/?before=x").status_code == 404


def test_a_kind_that_is_switched_off_is_not_counted(at_desk: Client, stall: Entity) -> None:
    make_notice(entity_id=stall.pk)
    assert 'value="seal_broken" checked' in page(at_desk, "/notices/settings/")
    at_desk.post("/notices/settings/", {"kind": ["filing_accepted"]})
    assert 'value="seal_broken">' in page(at_desk, "/notices/settings/")
    assert "没有未读消息" in page(at_desk, "/notices/?unread=1")


def test_without_any_the_page_says_what_will_come(at_desk: Client) -> None:
    assert "暂无消息" in page(at_desk, "/notices/")


def test_what_somebody_did_stays_listed_as_done(at_desk: Client, stall: Entity, at: Any) -> None:
    make_notice(entity_id=stall.pk, settled_at=at)
    assert "条未读" not in page(at_desk, "/desk/")
    assert "已办结" in page(at_desk, "/notices/")


def test_every_kind_leads_to_a_page_of_every_role_that_is_told(county: Area) -> None:
    actors = {role: make_actor(role, area=county) for role in Role}
    for kind in kinds():
        assert kind.of in PAGES
        for role in kind.who:
            actor = actors[role]
            for notice in (Notice(kind=kind.key, row_id=1, verb="export"), Notice(kind=kind.key, count=2)):
                assert link_of(ToldNotice(notice, kind, is_read=False), actor), f"{kind.key} {role}"
        if kind.among:
            assert find_list(kind.of) is not None
