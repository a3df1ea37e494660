"""The one search of the header: by number, code, name; nothing of others; a single one opened at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client

from quanheng.apps.accounts.enums import ENTITY_ROLES, Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.registry.models import Entity
from quanheng.regulation.instrument_code import grouped
from tests.factories import (
    make_actor,
    make_area,
    make_code,
    make_contact,
    make_entity,
    make_instrument,
    make_report,
    make_seal,
    make_verification,
)
from tests.factories.people import sign_in
from tests.plans import GROWING, planned

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """However busy the machine is that tests."""
    monkeypatch.setattr("quanheng.web.search.results.KIND_LIMIT_MS", 60_000)
    monkeypatch.setattr("quanheng.web.search.results.LIMIT_MS", 120_000)


@pytest.fixture
def county() -> Area:
    return make_area("武侯区")


@pytest.fixture
def desk(county: Area) -> Client:
    return sign_in(Client(), make_actor(Role.COUNTY_OFFICER, area=county))


@pytest.fixture
def market(county: Area) -> Entity:
    return make_entity("武侯区玉林红旗农贸市场", area=county, kind="market_operator")


@pytest.fixture
def scale(market: Entity) -> Instrument:
    stall = make_entity("水产摊", kind="stall", parent=market, stall_number="A-012")
    return make_instrument(stall, serial_number="ACS-20240017", manufacturer="上海香川衡器有限公司")


def found(client: Client, typed: str) -> dict[str, list[str]]:
    """Return title of each group → what it shows."""
    answer = client.get("/search/", {"q": typed, "all": "1"})
    assert answer.status_code == 200
    return {str(group.title): [hit.text for hit in group.hits] for group in answer.context["groups"]}


def leads_to(client: Client, typed: str) -> str:
    """Return where a search that can mean one thing leads, without the way back; empty where it does not."""
    answer = client.get("/search/", {"q": typed})
    return answer.headers["Location"].partition("?found=")[0] if answer.status_code == 302 else ""


@pytest.mark.parametrize(
    "typed", ["ACS-20240017", "acs-2024", "ＡＣＳ－２０２４", " acs-20240 017", "0017", "017"]
)
def test_an_instrument_is_found_by_its_serial_number_its_beginning_and_its_tail(
    desk: Client, scale: Instrument, typed: str
) -> None:
    assert found(desk, typed)["计量器具"] == ["ACS-20240017"]


def test_a_whole_number_opens_the_file_at_once_and_says_how_to_see_the_rest(
    desk: Client, scale: Instrument
) -> None:
    page = f"/instruments/{scale.pk}/"
    assert leads_to(desk, "acs-20240017") == page
    shown = desk.get("/search/", {"q": "acs-20240017"}, follow=True).content.decode()
    assert "只有这一项完全相符" in shown
    assert "/search/?q=acs-20240017&amp;all=1" in shown


@pytest.mark.parametrize(
    "form", ["{code}", "https://quanheng.example/s/{code}.ABCD", "{grouped}", "HTTPS://X.EXAMPLE/S/{code}"]
)
def test_a_scanned_label_opens_the_file(desk: Client, scale: Instrument, form: str) -> None:
    code = make_code(scale).value
    assert (
        leads_to(desk, form.format(code=code, grouped=grouped(code).lower())) == f"/instruments/{scale.pk}/"
    )


def test_a_seal_and_a_certificate_of_any_institute_open_their_instrument(
    desk: Client, scale: Instrument
) -> None:
    make_seal(scale, number="川A 0099")
    make_verification(scale, certificate_number="某所-2026-77")
    assert leads_to(desk, "川a0099") == f"/instruments/{scale.pk}/"
    assert leads_to(desk, "某所-2026-77") == f"/instruments/{scale.pk}/"
    assert found(desk, "川A00")["铅封"] == ["川A 0099"]
    assert found(desk, "某所-2026")["证书"] == ["某所-2026-77"]


def test_entities_are_found_by_part_of_the_name_and_stalls_by_market_and_number(
    desk: Client, market: Entity, scale: Instrument
) -> None:
    assert found(desk, "红旗")["主体"] == ["武侯区玉林红旗农贸市场"]
    assert leads_to(desk, "红旗 A-012") == f"/entities/{scale.entity_id}/"


def test_a_maker_leads_to_what_it_made(desk: Client, scale: Instrument) -> None:
    (hit,) = [
        hit
        for group in desk.get("/search/?q=上海香川").context["groups"]
        for hit in group.hits
        if str(group.title) == "制造单位"
    ]
    assert [row.name for row in desk.get(hit.url).context["list"].rows] == ["ACS-20240017"]


def test_blank_and_replaced_codes_are_found_too(desk: Client, scale: Instrument, county: Area) -> None:
    blank, old = make_code(area=county), make_code(scale, state="replaced")
    assert (
        desk.get("/search/", {"q": blank.value})
        .headers["Location"]
        .startswith(f"/codes/bind/?code={blank.value}&")
    )
    assert found(desk, blank.value)["器具码"] == [grouped(blank.value)]
    assert found(desk, old.value[:12])["器具码"] == [grouped(old.value)]


def test_the_list_behind_a_group_has_the_same_rows(desk: Client, market: Entity) -> None:
    for number in range(8):
        make_instrument(market, serial_number=f"KT{number}-0555")
    group = next(g for g in desk.get("/search/?q=0555").context["groups"] if str(g.title) == "计量器具")
    assert len(group.hits) == 5
    assert len(desk.get(group.more_url).context["list"].rows) == 8


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "查询范围"),
        ("12", "输入的内容过短"),
        ("nothing-like-this", "未找到"),
    ],
)
def test_nothing_too_little_and_no_hit_are_told(desk: Client, typed: str, said: str) -> None:
    assert said in desk.get("/search/", {"q": typed}).content.decode()


def test_a_mistyped_code_is_told_as_mistyped(desk: Client, scale: Instrument) -> None:
    code = make_code(scale).value
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    assert "校验不符" in desk.get("/search/", {"q": wrong}).content.decode()


def test_a_code_of_elsewhere_leads_to_what_anybody_may_know_of_it(desk: Client) -> None:
    code = make_code(make_instrument(make_entity(area=make_area("青羊区")))).value
    shown = desk.get("/search/", {"q": code}).content.decode()
    assert "未找到" in shown
    assert f'href="/s/{code}"' in shown


def test_a_kind_that_is_not_read_in_time_is_told_and_opens_nothing(
    desk: Client, scale: Instrument, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_: Any) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(1)")
        return []

    monkeypatch.setattr("quanheng.web.search.kinds.found_entities", slow)
    monkeypatch.setattr("quanheng.web.search.results.KIND_LIMIT_MS", 100)
    answer = desk.get("/search/", {"q": "ACS-20240017"})
    assert "查询超时" in answer.content.decode()
    assert [hit.text for hit in answer.context["groups"][0].hits] == ["ACS-20240017"]


def test_suggestions_are_a_part_with_an_address_for_each(desk: Client, scale: Instrument) -> None:
    part = desk.get("/search/", {"q": "0017"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert f'data-url="/instruments/{scale.pk}/"' in part
    assert 'data-url="/search/?q=0017&amp;all=1"' in part


ASKED: tuple[Callable[[Instrument], str], ...] = (
    lambda it: it.serial_number,
    lambda it: it.serial_number[:6],
    lambda it: it.serial_number[-4:],
    lambda it: it.code or "",
    lambda it: it.entity.name,
    lambda it: it.entity.name[3:7],
    lambda it: it.entity.credit_code or "",
    lambda it: it.manufacturer,
    lambda it: f"封{it.serial_number}",
    lambda it: f"证{it.serial_number}",
    lambda it: f"F{it.pk}",
)


@pytest.mark.parametrize("role", list(Role))
def test_nobody_finds_a_foreign_row_nor_how_many_there_are(role: Role, county: Area) -> None:
    """Everything that a foreign instrument can be found by answers as if there were no such thing."""
    elsewhere = make_area("青羊区")
    shop = make_entity("青羊区西门外超市", area=elsewhere, credit_code="91510105MA61TXYZ0K")
    make_contact(shop, name="欧阳某某", phone="13987654321")
    it = make_instrument(shop, serial_number="XQ-77123399", manufacturer="外地衡器厂")
    make_code(it)
    make_seal(it, number=f"封{it.serial_number}")
    make_verification(it, certificate_number=f"证{it.serial_number}")
    make_report(it, number=f"F{it.pk}")
    own = make_entity("武侯区某单位", area=county)
    client = sign_in(Client(), make_actor(role, area=county, entity=own if role in ENTITY_ROLES else None))
    for ask in ASKED:
        typed = ask(it)
        for headers in ({}, {"HX-Request": "true"}):
            answer = client.get("/search/", {"q": typed}, headers=headers)
            assert answer.status_code == 200
            said = answer.content.decode().replace(typed, "").replace(quote(typed), "")
            assert not re.search(r"XQ-77123399|西门外|外地衡器|instruments/\d+/|entities/\d+/", said), (
                typed,
                said,
            )
            groups = answer.context["groups"]
            assert {str(group.title) for group in groups} <= {"页面", "操作日志"}, typed


def test_people_are_not_searched_for(desk: Client, market: Entity) -> None:
    make_contact(market, name="欧阳某某", phone="13987654321")
    assert found(desk, "欧阳某某") == {}
    assert found(desk, "13987654321") == {}


def test_no_search_reads_a_table_from_end_to_end(desk: Client, scale: Instrument) -> None:
    make_code(scale)
    for typed in (
        "ACS-2024",
        "0017",
        "红旗",
        "红旗 A-012",
        "川A0099",
        "91510105MA61TXYZ0K",
        "YJ2611",
        scale.code or "",
    ):
        with planned() as plans:
            desk.get("/search/", {"q": typed, "all": "1"})
        assert plans.read_whole(GROWING) == [], typed


def test_every_page_has_the_box_and_who_holds_no_role_has_none(desk: Client) -> None:
    assert 'id="find-q"' in desk.get("/desk/").content.decode()
    assert 'id="find-q"' not in Client().get("/").content.decode()
