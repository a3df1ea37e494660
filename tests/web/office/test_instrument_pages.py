"""The ledger's pages, as a county officer, an inspector, a market operator and a verifier use them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.web.instruments.acts import ACT_FORMS
from tests.factories import (
    make_code,
    make_instrument,
    make_item,
    make_placement,
    make_seal,
    make_verification,
)

Desk = Callable[..., Client]
OVER = {"verified_on": date(2019, 1, 1), "valid_until": date(2020, 1, 1), "trusted_until": date(2020, 1, 1)}
BROKEN = {"seal_broken": True, "trusted_until": date(2026, 1, 5)}
pytestmark = pytest.mark.django_db


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def fresh(instrument: Instrument) -> Instrument:
    with acting_in(EVERYTHING):
        return Instrument.objects.unscoped().get(pk=instrument.pk)


def test_a_page_tells_how_it_stands_what_is_due_and_everything_that_happened(
    stall: Entity, desk: Desk
) -> None:
    scale = make_instrument(
        stall, serial_number="K-1", valid_until=date(2020, 1, 1), verified_on=date(2019, 1, 2)
    )
    make_verification(scale, certificate_number="川量-77")
    make_seal(scale, number="封-12")
    make_placement(scale, place="老位置")
    make_code(scale)
    page = text_of(desk().get(f"/instruments/{scale.pk}/"))
    for told in (
        "超期",
        "停止使用，申请检定",
        "使用单位",
        "川量-77",
        "封-12",
        "老位置",
        "一号摊",
        "标识齐全",
        "铭牌",
    ):
        assert told in page


def test_a_dispenser_shows_its_three_positions_and_what_its_worst_nozzle_needs(
    stall: Entity, desk: Desk
) -> None:
    item = make_item("fuel", category="fuel_dispenser")
    dispenser = make_instrument(stall, item=item, valid_until=date(2099, 1, 1))
    make_instrument(
        stall, parent=dispenser, place="2 号枪", valid_until=date(2020, 1, 1), verified_on=date(2019, 1, 1)
    )
    make_seal(dispenser, position="encoder")
    page = text_of(desk().get(f"/instruments/{dispenser.pk}/"))
    assert page.count("未施封") == 2
    assert "2 号枪：停止使用，申请检定" in page


@pytest.mark.parametrize("role", [Role.COUNTY_OFFICER, Role.INSPECTOR, Role.VERIFIER])
@pytest.mark.parametrize(
    "state", ["draft", "filing", "returned", "in_use", "failed", "under_repair", "stopped", "scrapped"]
)
def test_every_act_that_is_offered_can_be_opened_and_no_other(
    stall: Entity, desk: Desk, role: Role, state: str
) -> None:
    scale = make_instrument(stall, state=state)
    make_seal(scale)
    browser = desk(role)
    page = browser.get(f"/instruments/{scale.pk}/").content.decode()
    offered = set(re.findall(rf'href="/instruments/{scale.pk}/([a-z-]+)/"', page)) - {"edit"}
    for form in ACT_FORMS:
        answer = browser.get(f"/instruments/{scale.pk}/{form.slug}/")
        assert (answer.status_code == 200) is (form.slug in offered), form.slug


def test_an_inspector_breaks_a_seal_and_the_page_turns_red(stall: Entity, desk: Desk) -> None:
    scale = make_instrument(stall, valid_until=date(2099, 1, 1), trusted_until=date(2099, 1, 1))
    seal = make_seal(scale)
    browser = desk(Role.INSPECTOR)
    sent = {"seal": seal.pk, "reason": "铅丝断开", "on": date(2026, 5, 5).isoformat(), "sure": "on"}
    answer = browser.post(f"/instruments/{scale.pk}/break-seal/", sent, follow=True)
    assert "铅封破损" in text_of(answer)
    assert "重新施封并检定" in text_of(answer)
    assert fresh(scale).seal_broken


def test_a_refused_form_keeps_what_was_typed_and_says_how_to_put_it_right(stall: Entity, desk: Desk) -> None:
    scale = make_instrument(stall)
    make_seal(scale, number="封-1")
    sent = {"number": "封-9", "position": "scale_case", "on": "2026-05-05", "witness": "见证人甲"}
    answer = desk().post(f"/instruments/{scale.pk}/apply-seal/", sent)
    assert answer.status_code == 200
    assert "已有完好铅封 封-1，请先登记启封" in text_of(answer)
    assert 'value="封-9"' in answer.content.decode()
    assert 'value="见证人甲"' in answer.content.decode()


def test_a_market_operator_registers_a_scale_by_hand_and_files_it(
    stall: Entity, market: Entity, desk: Desk
) -> None:
    browser = desk(Role.MARKET_OPERATOR, entity=market)
    sent = {
        "entity": stall.pk, "item": make_item().pk, "name": "电子计价秤", "serial_number": "H-1",
        "use": "trade", "generation": "one_code", "max_capacity_g": "30 kg", "e_g": "10克",
    }  # fmt: skip
    wrong = browser.post("/instruments/new/", sent | {"max_capacity_g": "三十"})
    assert "请填数字和单位" in text_of(wrong)
    assert 'value="H-1"' in wrong.content.decode()
    answer = browser.post("/instruments/new/", sent, follow=True)
    with acting_in(EVERYTHING):
        scale = Instrument.objects.unscoped().get(serial_number="H-1")
    assert (scale.state, scale.max_capacity_g, scale.e_g) == ("draft", Decimal(30_000), Decimal(10))
    assert f"/instruments/{scale.pk}/submit/" in answer.content.decode()
    browser.post(f"/instruments/{scale.pk}/submit/")
    assert fresh(scale).state == "filing"


def test_a_form_that_somebody_else_overtook_says_so(stall: Entity, desk: Desk) -> None:
    scale = make_instrument(stall)
    browser = desk()
    form = browser.get(f"/instruments/{scale.pk}/edit/").context["form"]
    sent = {name: value for name, value in form.initial.items() if value is not None}
    sent |= {"item": scale.item_id, "model": "B-2"}
    make_version_2(scale)
    assert "刚刚被其他人修改" in text_of(browser.post(f"/instruments/{scale.pk}/edit/", sent))
    browser.post(f"/instruments/{scale.pk}/edit/", sent | {"version": 2})
    assert fresh(scale).model == "B-2"


def make_version_2(scale: Instrument) -> None:
    with acting_in(EVERYTHING):
        Instrument.objects.unscoped().filter(pk=scale.pk).update(version=2)


def test_what_is_out_of_reach_does_not_exist(desk: Desk, market: Entity) -> None:
    elsewhere = make_instrument()
    for browser in (desk(), desk(Role.MARKET_OPERATOR, entity=market)):
        for path in ("", "edit/", "stop/", "no-such-act/"):
            assert browser.get(f"/instruments/{elsewhere.pk}/{path}").status_code == 404


def test_a_get_never_writes(stall: Entity, desk: Desk) -> None:
    scale = make_instrument(stall, state="draft")
    make_seal(scale)
    browser = desk()
    for form in ACT_FORMS:
        browser.get(f"/instruments/{scale.pk}/{form.slug}/")
    assert fresh(scale).version == scale.version


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"A", "B", "C", "D"}),
        ("?grade=red", {"B", "C"}),
        ("?grade=green", {"A"}),
        ("?grade=grey", {"D"}),
        ("?due=overdue", {"B"}),
        ("?q=证-C", {"C"}),
        ("?q=旧证-C", {"C"}),
        ("?q=封-A", {"A"}),
        ("?q=TEST-CODE-A", {"A"}),
        ("?gap=code", {"B", "C", "D"}),
        ("?standing=living", {"A", "B", "C"}),
        ("?category=medical", set()),
        ("?seal_broken=1", {"C"}),
        ("?import_run=999", set()),
    ],
)
def test_the_list_finds_by_what_an_office_asks_for(
    stall: Entity, desk: Desk, query: str, found: set[str]
) -> None:
    far = date(2099, 1, 1)
    a = make_instrument(stall, serial_number="A", valid_until=far, trusted_until=far)
    make_seal(a, number="封-A")
    make_code(a, value="TESTCODEA")
    make_instrument(stall, serial_number="B", **OVER)
    c = make_instrument(stall, serial_number="C", valid_until=far, **BROKEN)
    make_verification(c, certificate_number="证-C")
    make_verification(c, certificate_number="旧证-C", verified_on=date(2019, 1, 1))
    make_instrument(stall, serial_number="D", state="scrapped")
    answer = desk().get(f"/instruments/{query}")
    assert {row.name for row in answer.context["list"].rows} == found


def test_area_and_market_filters_take_everything_below(
    county: Area, market: Entity, stall: Entity, desk: Desk
) -> None:
    make_instrument(stall, serial_number="A")
    browser = desk()
    for query in (f"?area={county.pk}", f"?at={market.pk}", f"?at={stall.pk}"):
        assert len(browser.get(f"/instruments/{query}").context["list"].rows) == 1
    assert "无法识别" in text_of(browser.get("/instruments/?area=510100000000"))


def test_bulk_acts_preview_and_then_do(stall: Entity, desk: Desk) -> None:
    rows = [make_instrument(stall, state=state) for state in ("filing", "filing", "stopped")]
    browser, url = desk(), "/lists/instruments/bulk/return/"
    chosen = "&".join(f"id={row.pk}" for row in rows)
    assert "将办理 2 条，1 条不能办理" in text_of(browser.get(f"{url}?{chosen}"))
    browser.post(url, {"selection": chosen, "seen": "2/1", "reason": "缺证书", "back": "/instruments/"})
    assert [fresh(row).state for row in rows] == ["returned", "returned", "stopped"]
    assert fresh(rows[0]).return_reason == "缺证书"


def test_whose_turn_it_is_finds_the_next_step_at_the_head_of_the_page(
    market: Entity, stall: Entity, desk: Desk
) -> None:
    filed, returned = (make_instrument(stall, state=state) for state in ("filing", "returned"))
    head = desk(Role.COUNTY_OFFICER).get(f"/instruments/{filed.pk}/").context["shown"].head
    assert next(act.url for act in head.acts if act.primary) == f"/filings/{filed.root_id}/"
    operator = desk(Role.MARKET_OPERATOR, entity=market)
    head = operator.get(f"/instruments/{returned.pk}/").context["shown"].head
    assert f"/instruments/{returned.pk}/edit/" in [act.url for act in head.acts]


def test_what_a_sheet_said_besides_stands_under_its_own_headings(desk: Desk, stall: Entity) -> None:
    with acting_in(EVERYTHING):
        it = make_instrument(
            stall, details={"department": "内科", "other": {"检定周期": "12个月", "购置": "2019"}}
        )
    page = desk().get(f"/instruments/{it.pk}/")
    told = {str(fact.label): fact.value for fact in page.context["shown"].nameplate}
    assert (told["科室"], told["检定周期"], told["购置"]) == ("内科", "12个月", "2019")
    assert "{&#x27;" not in page.content.decode()
