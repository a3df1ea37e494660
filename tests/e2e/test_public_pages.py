"""The scan page on a phone: the verdict is in the first screen, no script is needed, axe finds nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from quanheng.apps.accounts.enums import Role
from quanheng.apps.instruments.models import Instrument
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.regulation.instrument_code import code_from_random, grouped
from tests.e2e.conftest import DESK, PHONE, OpenPage, check_accessibility, check_width
from tests.factories import (
    make_actor,
    make_code,
    make_entity,
    make_instrument,
    make_placement,
    make_seal,
    make_verification,
)

CODE = code_from_random(bytes(range(13)))
SHOPS_CODE = code_from_random(bytes(range(2, 15)))


@pytest.fixture
def scale(site: str) -> Instrument:
    market = make_entity("东门农贸市场", code=SHOPS_CODE, address="东门街 1 号")
    scale = make_instrument(make_entity(kind="stall", parent=market), valid_until=date(2099, 1, 1))
    make_verification(scale)
    make_seal(scale, number="川-00017")
    make_placement(scale)
    make_code(scale, value=CODE)
    return scale


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("path", ["/s/", "/s/{}", "/s/{}?lang=en", "/s/{}?big=1", "/s/{}/report", "/e/shop"])
def test_page_is_accessible_and_never_scrolls_sideways(
    open_page: OpenPage, scale: Instrument, path: str, width: int
) -> None:
    page = open_page(path.format(CODE).replace("shop", SHOPS_CODE), width=width)
    check_accessibility(page)
    check_width(page)


@pytest.mark.parametrize(
    ("fields", "word"), [({}, "有效"), ({"seal_broken": True}, "铅封破损"), ({"state": "stopped"}, "已停用")]
)
def test_verdict_and_place_are_in_the_first_screen(
    open_page: OpenPage, scale: Instrument, fields: dict[str, Any], word: str
) -> None:
    with acting_in(EVERYTHING):
        Instrument.objects.unscoped().filter(pk=scale.pk).update(**fields)
    page = open_page(f"/s/{CODE}", width=PHONE)
    assert page.locator("#verdict").inner_text() == word
    for shown in (page.locator("#verdict"), page.get_by_text("东门农贸市场").first):
        box = shown.bounding_box()
        assert box
        assert box["y"] + box["height"] < 780
    check_accessibility(page)


def test_shopper_types_a_code_and_reports_without_script(
    site: str, browser: Browser, scale: Instrument
) -> None:
    context = browser.new_context(
        base_url=site, java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    page: Page = context.new_page()
    page.goto("/s/")
    page.get_by_label("标签上的编码").fill(grouped(CODE).lower())
    page.get_by_role("button", name="查询").click()
    page.get_by_role("link", name="与实物不符或有问题").click()
    page.get_by_label("称量不准").check()
    page.get_by_role("textbox", name="地点").fill("东门市场 A12")
    page.get_by_role("button", name="提交").click()
    assert page.locator("#verdict").inner_text() == "已收到"
    context.close()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_label_page_is_accessible_and_its_picture_follows(
    open_page: OpenPage, scale: Instrument, width: int
) -> None:
    officer = make_actor(Role.COUNTY_OFFICER, area=scale.area)
    page = open_page(f"/labels/?instrument={scale.pk}", actor=officer, width=width)
    check_accessibility(page)
    check_width(page)
    page.get_by_label("标签纸").select_option("roll-50x30")
    page.get_by_text("热敏卷 50×30 mm · 每张 1 枚").wait_for()
