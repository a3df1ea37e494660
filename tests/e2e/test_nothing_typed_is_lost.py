"""In a browser: a sign-in that ends while one types, a file that is too large, the way back in a wizard."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.sessions import Session
from quanheng.kit.intake import LARGER
from tests.e2e.conftest import PHONE, OpenPage, check_accessibility, check_width
from tests.factories import make_actor, make_area, make_entity, make_instrument, sign_in
from tests.factories.verification import Bench, make_bench, make_line


@pytest.fixture
def bench(site: str) -> Bench:
    return make_bench(make_area("锦江区"))


def sign_in_again(page: Page, actor: Actor) -> None:
    """At the sign-in: come in, and go where it leads."""
    assert urlsplit(page.url).path == "/accounts/login/"
    expect(page.locator(".qh-note")).to_contain_text("填写的内容已保留")
    cookie = sign_in(Client(), actor).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": page.url}])
    page.goto(parse_qs(urlsplit(page.url).query)["next"][0])


def test_readings_of_a_verification_outlive_the_sign_in(open_page: OpenPage, bench: Bench) -> None:
    stall = make_entity("三号摊", kind="stall", area=bench.institute.area)
    scale = make_instrument(stall, accuracy_class="III", max_capacity_g=15000, e_g=5, serial_number="S1")
    line = make_line(scale, bench.institute)
    page = open_page(f"/examinations/{line.pk}/", actor=bench.verifier, width=PHONE)
    rows = page.locator(".qh-entry tbody tr")
    proposed = rows.count()
    page.get_by_role("button", name="增加 5 行").press("Enter")
    page.locator(".qh-entry [name=test]").nth(proposed + 4).select_option("weighing")
    page.locator(".qh-entry [name=load_g]").nth(proposed + 4).fill("2500")
    page.locator(".qh-entry [name=indication_g]").nth(proposed + 4).fill("2501")
    page.get_by_label("环境温度").fill("21.5")
    Session.objects.all().delete()
    page.get_by_role("button", name="提交检定结果").click()
    sign_in_again(page, bench.verifier)
    expect(page.locator("[data-kept]")).to_contain_text("尚未提交")
    expect(rows).to_have_count(proposed + 5)
    expect(page.locator(".qh-entry [name=indication_g]").nth(proposed + 4)).to_have_value("2501")
    expect(page.get_by_label("环境温度")).to_have_value("21.5")
    check_accessibility(page)
    check_width(page)


def test_an_import_says_which_file_to_choose_again(open_page: OpenPage, bench: Bench, tmp_path: Path) -> None:
    officer = make_actor(Role.COUNTY_OFFICER, area=bench.institute.area)
    sheet = tmp_path / "锦江台账.csv"
    sheet.write_text("出厂编号,器具名称\n")
    page = open_page("/imports/new/", actor=officer)
    page.get_by_label("场所类型").select_option(index=2)
    chosen = page.get_by_label("场所类型").input_value()
    page.set_input_files("input[type=file]", sheet)
    Session.objects.all().delete()
    page.locator("main form[method=post] button.btn-primary").click()
    sign_in_again(page, officer)
    expect(page.get_by_label("场所类型")).to_have_value(chosen)
    expect(page.locator("[data-kept]")).to_contain_text("文件“锦江台账.csv”未保留，请重新选择")


def test_a_sheet_that_is_too_large_does_not_take_the_day_with_it(
    open_page: OpenPage, bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LARGER, "examination_batch", 200_000)
    sheet = tmp_path / "大表.csv"
    sheet.write_bytes(b"x" * 300_000)
    page = open_page("/examinations/batch/", actor=bench.verifier, refusal="413")
    page.get_by_label("检定日期").fill("2026-01-15")
    page.set_input_files("input[type=file]", sheet)
    with page.expect_response(lambda answer: answer.status == 413):
        page.get_by_role("button", name="预览").click()
    page.get_by_role("link", name="返回继续填写").click()
    expect(page.get_by_label("检定日期")).to_have_value("2026-01-15")
    expect(page.locator("[data-kept]")).to_contain_text("大表.csv")


def test_the_way_back_from_a_preview_keeps_what_was_chosen(open_page: OpenPage, bench: Bench) -> None:
    market = make_entity("东门市场", kind="market_operator", area=bench.institute.area)
    due = timezone.localdate() + timedelta(days=3)
    for number in range(3):
        make_instrument(market, serial_number=f"S{number}", valid_until=due, trusted_until=due)
    owner = make_actor(Role.MARKET_OPERATOR, entity=market)
    page = open_page("/applications/new/", actor=owner)
    page.get_by_label("选中 S1").uncheck()
    page.get_by_label("说明").fill("西门进")
    page.get_by_role("button", name="预览选中的").click()
    expect(page.locator("main")).to_contain_text("将申请 2 台")
    for go_back in (page.go_back, page.get_by_role("link", name="返回，重新选择").click):
        go_back()
        expect(page.get_by_label("选中 S0")).to_be_checked()
        expect(page.get_by_label("选中 S1")).not_to_be_checked()
        expect(page.get_by_label("说明")).to_have_value("西门进")
        page.get_by_role("button", name="预览选中的").click()
    page.get_by_role("button", name="提交申请").click()
    expect(page.locator("main")).to_contain_text("已申请 2 台")
    page.goto("/applications/new/")
    expect(page.locator("[data-kept]")).to_have_count(0)
