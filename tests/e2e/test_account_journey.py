"""Coming to an account by clicks alone: from the paper, and from asking; then looking after one's people."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.registry.models import Entity
from quanheng.kit.fields import keyed_hash
from quanheng.web.accounts import adapter
from quanheng.web.people import join
from tests.e2e.conftest import DESK, PHONE, OpenPage, check_accessibility, check_width
from tests.factories import PASSWORD, make_actor, make_area, make_contact, make_entity
from tests.factories.invitations import CREDIT_CODE

widths = pytest.mark.parametrize("width", [PHONE, DESK])


@pytest.fixture
def shop(site: str) -> Entity:
    join.TRIES.forget()
    join.ASKS.forget()
    adapter.TRIES.forget()
    shop = make_entity("锦江区春熙路百货超市", area=make_area("锦江区"), credit_code=CREDIT_CODE)
    make_contact(shop, phone="13812345678", phone_hash=keyed_hash("13812345678"))
    return shop


@pytest.fixture
def officer(shop: Entity) -> Actor:
    return make_actor(Role.COUNTY_OFFICER, area=shop.area)


def looked_at(page: Page) -> None:
    page.wait_for_load_state("networkidle")  # a click may still be leading to it
    check_accessibility(page)
    check_width(page)


def fill_in(page: Page) -> None:
    typed = {
        "姓名": "王五", "登录名": "wangwu", "再输一次密码": PASSWORD, "单位代码或手机号": CREDIT_CODE,
    }  # fmt: skip
    for label, text in typed.items():
        page.get_by_label(label, exact=False).first.fill(text)
    page.locator("input[name=password]").fill(PASSWORD)


@widths
def test_from_the_paper_to_the_people_of_the_unit(
    shop: Entity, officer: Actor, open_page: OpenPage, width: int
) -> None:
    office = open_page("/desk/", actor=officer, width=width)
    office.goto(office.url.replace("/desk/", f"/entities/{shop.pk}/"))
    office.get_by_role("link", name="签发账号邀请").click()
    looked_at(office)
    office.get_by_role("button", name="签发邀请").click()
    expect(office.locator(".is-wrong")).to_have_count(1)
    office.get_by_label("签发理由").fill("查验营业执照和本人身份证")
    office.get_by_role("button", name="签发邀请").click()
    looked_at(office)
    text = office.locator(".qh-letter").inner_text()
    code = re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}", text)[0]
    path = re.findall(r"/join/[0-9A-Z]+", text)[0]

    person = open_page(f"{path}/", width=width)
    looked_at(person)
    fill_in(person)
    person.get_by_label("一次性码").fill("0000-0000")
    person.get_by_role("button", name="开通账号").click()
    expect(person.get_by_text("还可再试 4 次")).to_be_visible()
    expect(person.get_by_label("登录名")).to_have_value("wangwu")
    looked_at(person)
    fill_in(person)
    person.get_by_label("一次性码").fill(code)
    person.get_by_role("button", name="开通账号").click()
    expect(person.get_by_text("账号已开通，请登录。")).to_be_visible()
    looked_at(person)
    person.locator("input[name=login]").fill("wangwu")
    person.locator("input[name=password]").fill(PASSWORD)
    person.get_by_role("button", name="登录", exact=True).last.click()
    person.wait_for_url(re.compile("/desk/|/$"))
    person.goto(person.url.split("/desk")[0].rstrip("/") + "/staff/")
    looked_at(person)
    person.get_by_role("link", name="邀请人员").click()
    person.get_by_label("姓名").fill("孙八")
    looked_at(person)
    person.get_by_role("button", name="签发邀请").click()
    expect(person.get_by_text("孙八")).to_be_visible()

    office.get_by_role("link", name="返回", exact=True).click()
    expect(office.get_by_text("由王五开通")).to_be_visible()
    looked_at(office)


@widths
def test_who_asks_is_found_on_the_desk_and_answered(
    shop: Entity, officer: Actor, open_page: OpenPage, width: int
) -> None:
    person = open_page("/accounts/login/", width=width)
    person.get_by_role("link", name="账号与登录帮助").click()
    looked_at(person)
    person.get_by_role("link", name="申请开通账号").click()
    looked_at(person)
    person.get_by_label("统一社会信用代码或主体码").fill("123")
    person.get_by_label("姓名").fill("赵六")
    person.get_by_label("手机号").fill("13800000001")
    person.get_by_label("申请理由").fill("本店店主，可来电核实。")
    person.get_by_role("button", name="提交申请").click()
    expect(person.locator(".is-wrong")).to_have_count(1)
    person.get_by_label("统一社会信用代码或主体码").fill(CREDIT_CODE)
    person.get_by_role("button", name="提交申请").click()
    expect(person.get_by_role("heading", name="申请已提交")).to_be_visible()
    looked_at(person)

    office = open_page("/desk/", actor=officer, width=width)
    office.get_by_role("link", name="账号开通申请待审核").first.click()
    looked_at(office)
    office.get_by_role("link", name=re.compile("^Q")).first.click()
    looked_at(office)
    office.get_by_role("button", name="显示姓名和手机号").click()
    expect(office.get_by_text("13800000001")).to_be_visible()
    office.get_by_role("button", name="同意开通").click()
    expect(office.locator(".is-wrong")).to_have_count(1)
    office.get_by_label("审核意见").fill("已拨打档案登记电话核实")
    office.get_by_role("button", name="同意开通").click()
    expect(office.get_by_text("邀请短信将发到申请人的手机")).to_be_visible()
    looked_at(office)
