"""On a phone, by clicks: a scan, a check with a photo, a seal that differs, the broken seal."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from quanheng.apps.accounts.enums import Role
from quanheng.apps.instruments.models import Attachment
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.e2e.conftest import PHONE, OpenPage, check_accessibility, check_width
from tests.factories import (
    make_actor,
    make_area,
    make_code,
    make_entity,
    make_instrument,
    make_seal,
    make_user,
)
from tests.factories.pictures import jpeg

SHOTS = os.environ.get("QUANHENG_SHOTS")  # a folder, for whoever wants to look


def looked_at(page: Page, name: str = "") -> None:
    check_accessibility(page)
    check_width(page)
    if SHOTS and name:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_from_the_scan_to_the_broken_seal(site: str, open_page: OpenPage, tmp_path: Path, theme: str) -> None:
    county = make_area("锦江区")
    market = make_entity("东门综合农产品批发市场", kind="market_operator", area=county)
    scale = make_instrument(market, serial_number="SN-20260117", place="东区三排十二号摊位")
    make_seal(scale, number="封-12")
    make_code(scale)
    make_actor(Role.INSPECTOR, area=county, user=make_user(name="王五"))
    photo = tmp_path / "seal.jpg"
    photo.write_bytes(jpeg())

    page = open_page("/desk/", actor=make_actor(Role.INSPECTOR, area=county), width=PHONE, theme=theme)
    page.get_by_role("combobox", name="查找器具").fill(scale.code or "")
    page.get_by_role("combobox", name="查找器具").press("Enter")
    page.get_by_role("link", name="现场检查").first.click()
    looked_at(page, f"check-{theme}")
    page.get_by_label("发现问题", exact=True).check()
    page.get_by_label("铅封编号与台账一致且完好").select_option("false")
    page.get_by_label("情况说明").fill("铅丝被剪断")
    page.get_by_label("共同检查人").select_option(index=1)
    page.locator("input[type=file]").set_input_files(photo)
    page.get_by_role("button", name="现场检查").click()
    expect(page.get_by_role("heading", name="现场检查发现不一致")).to_be_visible()
    looked_at(page, f"differs-{theme}")
    page.get_by_role("link", name="登记铅封破损").first.click()
    expect(page.get_by_label("破损情况")).to_have_value("铅丝被剪断")
    looked_at(page, f"broken-{theme}")
    page.locator("input[type=file]").set_input_files(photo)
    page.get_by_role("button", name="登记铅封破损").click()
    expect(page.get_by_text("请看清后果").first).to_be_visible()
    expect(page.get_by_label("照片 1：已收到")).to_be_checked()
    looked_at(page, f"asked-{theme}")
    page.get_by_label("已看清上述后果").check()
    page.get_by_role("button", name="登记铅封破损").click()
    expect(page.get_by_role("heading", name="现场检查发现不一致")).to_have_count(0)
    looked_at(page, f"after-{theme}")
    page.locator("#files a").first.click()
    looked_at(page, f"file-{theme}")
    with acting_in(EVERYTHING):
        assert Attachment.objects.unscoped().filter(instrument=scale).count() == 2
