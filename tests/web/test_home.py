"""The landing page, the desk, the reader's preferences."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from quanheng.apps.accounts.enums import ENTITY_ROLES, OFFICERS, Role
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.kit.lists import find_list
from quanheng.kit.lists.request import read_request
from quanheng.web.home.worklists import WORKLISTS
from quanheng.web.navigation import NAVIGATION, groups_for
from tests.factories.ledger import make_entity, make_instrument
from tests.factories.people import make_actor, make_area, sign_in

pytestmark = pytest.mark.django_db


def test_a_first_time_visitor_can_type_a_code_and_finds_a_door_for_every_role(client: Client) -> None:
    page = client.get("/").content.decode()
    assert '<form method="get" action="/s/"' in page
    for who in ("市场监管人员", "集市主办者与使用单位", "计量检定机构", "消费者", "协同部门", "开发者"):
        assert who in page


def test_every_number_of_the_desk_is_the_count_of_the_rows_it_leads_to(client: Client) -> None:
    area = make_area()
    market = make_entity(area=area)
    for _ in range(3):
        make_instrument(market, state=InstrumentState.FILING)
    make_instrument(make_entity(area=make_area()), state=InstrumentState.FILING)
    desk = sign_in(client, make_actor(Role.COUNTY_OFFICER, area=area))
    tiles = {str(tile.text): tile for tile in desk.get("/desk/").context["worklists"]}
    assert tiles["备案待审核"].text_count == "3"
    for tile in tiles.values():
        rows = desk.get(tile.url).context["list"]
        assert str(rows.count) == tile.text_count, tile.url


@pytest.mark.parametrize("role", list(Role))
def test_whatever_the_role_each_number_is_that_of_the_list_behind_it(client: Client, role: Role) -> None:
    area = make_area()
    market = make_entity(area=area, kind="market_operator")
    late = {
        "valid_until": date(2020, 1, 1),
        "trusted_until": date(2020, 1, 1),
        "verified_on": date(2019, 1, 1),
    }
    for state in InstrumentState:
        make_instrument(market, state=state, **late)
    make_instrument(market, seal_broken=True)
    make_instrument(market, seal_opened=True)
    actor = make_actor(role, area=area, entity=market if role in ENTITY_ROLES else None)
    desk = sign_in(client, actor)
    tiles = desk.get("/desk/").context["worklists"]
    for tile in tiles:
        shown = desk.get(tile.url).context
        number = str(shown["list"].count) if "list" in shown else str(shown["total"])
        assert number == tile.text_count, tile.url
    assert bool(tiles) >= (role in OFFICERS | ENTITY_ROLES)


@pytest.mark.parametrize("work", WORKLISTS, ids=lambda work: str(work.text))
def test_the_filter_of_a_worklist_is_one_that_its_list_understands(work: Any) -> None:
    from django.http import QueryDict

    listing = find_list(work.list_key)
    assert listing is not None
    role = next(iter(work.roles & (OFFICERS | ENTITY_ROLES) or work.roles))
    asked = read_request(listing, QueryDict(work.query), make_actor(role, area=make_area()))
    assert (asked.unread, asked.notices) == ((), ())
    assert len(asked.values) == 1


def test_somebody_who_has_not_signed_in_has_no_desk(client: Client) -> None:
    assert client.get("/desk/").status_code == 302


def test_every_entry_of_the_navigation_leads_somewhere() -> None:
    for group in NAVIGATION:
        for item in group.items:
            assert reverse(item.url_name, args=item.args).startswith("/")


@pytest.mark.parametrize(
    ("path", "here"),
    [("/exchange/ecqs/7/", ["/exchange/ecqs/"]), ("/exchange/events/", ["/exchange/"]), ("/nowhere/", [])],
)
def test_one_entry_at_most_is_where_we_are(path: str, here: list[str]) -> None:
    groups = groups_for(make_actor(Role.COUNTY_OFFICER, area=make_area()), path)
    assert [item.url for group in groups for item in group.items if item.current] == here


@pytest.mark.parametrize(
    ("choice", "value", "mark"),
    [
        ("elder", "1", "data-elder"),
        ("theme", "dark", 'data-bs-theme="dark"'),
        ("language", "en", 'lang="en"'),
    ],
)
def test_a_preference_holds_on_the_next_page_without_a_script(
    client: Client, choice: str, value: str, mark: str
) -> None:
    answer = client.post("/preferences/", {choice: value, "next": "/gallery/"})
    assert answer.headers["Location"] == "/gallery/"
    assert mark in client.get("/").content.decode().split("<head>")[0]


@pytest.mark.parametrize(
    "page", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"]
)
def test_preferences_never_lead_off_the_site(client: Client, page: str) -> None:
    assert client.post("/preferences/", {"elder": "1", "next": page}).headers["Location"] == "/"


def test_an_unknown_preference_is_not_kept(client: Client) -> None:
    client.post("/preferences/", {"theme": "neon", "language": "xx", "elder": "7"})
    assert not set(client.cookies) & {"theme", "elder", "django_language"}


def test_every_page_of_a_demonstration_says_so(client: Client, settings: Any) -> None:
    settings.IS_DEMO = True
    assert "演示数据" in client.get("/").content.decode()


def test_the_gallery_is_closed_where_real_work_is_done(client: Client, settings: Any) -> None:
    from dataclasses import replace

    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, production=True)
    assert client.get("/gallery/").status_code == 404
