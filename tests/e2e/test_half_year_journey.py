"""A hospital's half year, by clicks: overdue, written, submitted, returned, submitted again, accepted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from quanheng.apps.accounts.enums import Role
from tests.e2e.conftest import PHONE, OpenPage, check_accessibility, check_width
from tests.factories import make_actor, make_area, make_contact, make_instrument, make_item
from tests.factories.hospitals import make_half_year, make_hospital

SHOTS = os.environ.get("QUANHENG_SHOTS")  # a folder, for whoever wants to look


def looked_at(page: Page, name: str) -> None:
    check_accessibility(page)
    check_width(page)
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", PHONE)])
def test_the_half_year_of_a_hospital(site: str, open_page: OpenPage, theme: str, width: int) -> None:
    county = make_area("锦江区")
    hospital = make_hospital(county, "锦江区第一人民医院")
    make_contact(hospital, duty="metrology_manager")
    for slug, name, count in (("ct", "螺旋CT", 2), ("sphygmomanometer", "台式血压计", 4)):
        for _ in range(count):
            make_instrument(hospital, item=make_item(slug, name=name, category="medical"), name=name)
    make_instrument(hospital, item=make_item("ventilator", mode="calibration"), name="呼吸机")
    report = make_half_year(hospital)
    manager, officer = (
        make_actor(Role.INSTRUMENT_USER, entity=hospital),
        make_actor(Role.COUNTY_OFFICER, area=county),
    )

    page = open_page("/desk/", actor=manager, width=width, theme=theme)
    page.get_by_role("link", name="半年报告待报送").first.click()
    page.get_by_role("link", name=report.number).first.click()
    looked_at(page, f"own-{theme}")
    page.get_by_role("link", name="填写说明").click()
    page.get_by_label("专职计量管理人员（人）").fill("1")
    page.get_by_label("情况说明").fill("设备科已逐台核对。")
    page.get_by_label("备注：X射线计算机断层摄影装置（CT）").fill("另有一台在采购")
    looked_at(page, f"write-{theme}")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("button", name="报送").click()
    expect(page.get_by_text("已报送，数据以此时台账为准。")).to_be_visible()

    office = open_page("/desk/", actor=officer, width=width, theme=theme)
    office.get_by_role("link", name="半年报告待审核").first.click()
    looked_at(office, f"list-{theme}")
    office.get_by_role("link", name=report.number).first.click()
    looked_at(office, f"report-{theme}")
    office.get_by_role("row", name="CT").get_by_role("link").first.click()
    looked_at(office, f"rows-{theme}")
    office.get_by_role("link", name="返回").click()
    office.get_by_role("link", name="退回").click()
    office.get_by_label("退回原因").fill("新购的CT请先登记。")
    office.get_by_role("button", name="退回").click()
    expect(office.get_by_text("已退回，医疗机构会收到消息。")).to_be_visible()

    page.goto(f"{site}/desk/")
    page.get_by_role("link", name="半年报告被退回").first.click()
    page.get_by_role("link", name=report.number).first.click()
    expect(page.get_by_text("新购的CT请先登记。")).to_be_visible()
    page.get_by_role("button", name="报送").click()
    office.goto(f"{site}/half-year-reports/{report.pk}/")
    office.get_by_role("button", name="审核通过").click()
    expect(office.get_by_text("已审核通过。")).to_be_visible()
    office.goto(f"{site}/half-year-reports/areas/")
    looked_at(office, f"areas-{theme}")
