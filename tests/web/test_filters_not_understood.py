"""A filter that is not understood, or lies out of reach, shows no rows and lets nothing be done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client

from quanheng.apps.accounts.enums import ENTITY_ROLES, Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.apps.instruments.models import Instrument
from quanheng.kit.lists import Choice, DateRange, Flag, List, Pick, Search
from quanheng.kit.lists.discovery import load_declarations
from quanheng.kit.lists.filters import LONGEST_TEXT, Filter
from quanheng.kit.lists.pages import capped_count, read_page
from quanheng.kit.lists.request import read_request
from quanheng.kit.models import ExportJob
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.cost.asking import values
from tests.factories import make_actor, make_area, make_entity, make_instrument
from tests.factories.people import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.sample_pages")]
URL = "/test-ledger/"
load_declarations()
LISTS = sorted(key for key in List.known if not key.startswith(("gallery", "test")))


@pytest.fixture
def county() -> Area:
    return make_area("锦江区")


@pytest.fixture
def desk(county: Area) -> Client:
    return sign_in(Client(), make_actor(Role.COUNTY_OFFICER, area=county))


@pytest.fixture
def market(county: Area) -> Any:
    return make_entity("春熙路农贸市场", area=county)


def scales(market: Any, *serials: str) -> None:
    for serial in serials:
        make_instrument(market, serial_number=serial)


def shown(desk: Client, query: str) -> list[str]:
    return [row.name for row in desk.get(URL + query).context["list"].rows]


@pytest.mark.parametrize(
    ("query", "notice"),
    [
        ("colour=red", "没有条件“colour”"),
        ("state=nonsense", "条件“状态”有误"),
        ("valid_until_from=2026-13-40", "条件“有效期至”有误"),
        ("entity=999999", "条件“使用单位”有误"),
        ("area=510000000000", "条件“区划”有误"),
    ],
)
def test_a_filter_that_is_not_understood_shows_no_rows_offers_no_act_and_can_be_dropped(
    desk: Client, market: Any, query: str, notice: str
) -> None:
    scales(market, "A-1", "B-2")
    answer = desk.get(f"{URL}?{query}&q=A")
    page = answer.context["list"]
    assert (page.rows, page.bulk_acts, str(page.count)) == ([], [], "0")
    assert notice in answer.content.decode()
    assert "/export/" not in answer.content.decode()
    assert shown(desk, page.unread[0].url.removeprefix(URL)) == ["A-1"]


@pytest.mark.parametrize("query", ["state=nonsense", "colour=red", "area=510000000000"])
def test_nothing_is_done_to_or_exported_of_rows_whose_filter_is_not_understood(
    desk: Client, market: Any, query: str
) -> None:
    scales(market, "A-1")
    for reach in ("reach=all", "reach=taken&id=1"):
        answer = desk.get(f"/lists/test-ledger/bulk/stop/?{query}&{reach}&back={URL}")
        assert (answer.status_code, answer.headers["Location"]) == (302, URL)
        sent = {"selection": f"{query}&{reach}", "seen": "1/0", "back": URL}
        assert desk.post("/lists/test-ledger/bulk/stop/", sent).headers["Location"] == URL
    desk.post("/lists/test-ledger/export/", {"query": query, "format": "csv", "path": URL})
    with acting_in(EVERYTHING):
        assert not Instrument.objects.unscoped().exclude(state=InstrumentState.IN_USE).exists()
        assert not ExportJob.objects.unscoped().exists()


def nonsense(each: Filter, elsewhere: Any) -> Iterator[dict[str, str]]:
    """Yield values that a filter does not understand, or that name what the actor does not reach."""
    if isinstance(each, Choice | Flag):
        yield {each.key: "nonsense"}
        yield {each.key: "' OR 1=1"}
    elif isinstance(each, DateRange):
        first, last = each.names
        yield {first: "2026-13-40"}
        yield {first: "2026-02-01", last: "2026-01-01"}
    elif isinstance(each, Pick):
        yield {each.key: "999999999"}
        yield {each.key: "x"}
        yield {f"{each.key}_text": "不存在的名称"}
        if each.source in elsewhere:
            yield {each.key: str(elsewhere[each.source])}
    elif isinstance(each, Search):
        yield {each.key: "长" * (LONGEST_TEXT + 1)}
    else:
        yield {each.names[0]: "nonsense"}


@pytest.mark.parametrize("key", LISTS)
def test_every_filter_of_every_list_shows_nothing_of_what_it_does_not_understand(
    key: str, county: Area, market: Any
) -> None:
    listing = List.known[key]()
    abroad = make_entity(area=make_area("青羊区"))
    elsewhere = {
        "areas": abroad.area_id,
        "entities": abroad.pk,
        "ledger-instruments": make_instrument(abroad).pk,
    }
    role = next(role for role in Role if listing.roles is None or role in listing.roles)
    actor = make_actor(role, area=county, entity=market if role in ENTITY_ROLES else None)
    with acting_in(actor.scope, read_only=True):
        for each in listing.filters:
            for value in nonsense(each, elsewhere):
                asked = read_request(listing, QueryDict(urlencode(value)), actor)
                assert asked.unread, (each.key, value)
                assert asked.rows().query.is_empty(), (each.key, value)
                assert read_page(asked, asked.query).rows == ()
                assert capped_count(asked).number == 0
            for value in () if isinstance(each, Search) else values(each, actor):
                assert not read_request(listing, QueryDict(urlencode(value)), actor).unread, (each.key, value)
        assert read_request(listing, QueryDict("no-such-filter=1"), actor).unread
