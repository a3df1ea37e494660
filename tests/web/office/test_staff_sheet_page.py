"""A sheet of staff: read, checked row by row, put right on the page, sent as a whole."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.outbox.models import Message
from quanheng.apps.people.models import Invitation
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_actor, make_agency, sign_in

pytestmark = pytest.mark.django_db
ADDRESS = "/staff/sheet/"
SHEET = (
    "本局人员\n姓名,手机号码,岗位,送达方式\n王五,13800000001,县局计量股,纸质\n"
    "赵六,13800000002,市场监管所执法人员,短信\n,,,\n"
)


@pytest.fixture
def chief(county: Area) -> Actor:
    return make_actor(Role.COUNTY_OFFICER, area=county, agency=make_agency(area=county), is_chief=True)


@pytest.fixture
def page(client: Client, chief: Actor) -> Client:
    return sign_in(client, chief)


def upload(page: Client, text: str) -> Any:
    return page.post(ADDRESS, {"file": SimpleUploadedFile("人员.csv", text.encode())})


def invited() -> list[tuple[str, str, str]]:
    with acting_in(EVERYTHING):
        rows = Invitation.objects.unscoped().order_by("pk")
        return list(rows.values_list("name", "role", "way"))


def fields_of(answer: Any) -> dict[str, list[str]]:
    text = answer.content.decode()
    inputs = {
        name: re.findall(rf'name="{name}" value="([^"]*)"', text) for name in ("name", "phone", "agency")
    }
    chosen = {
        name: [
            next(iter(re.findall(r'value="([^"]*)" selected', body)), "")
            for body in re.findall(rf'<select[^>]*name="{name}".*?</select>', text, re.DOTALL)
        ]
        for name in ("role", "way")
    }
    return inputs | chosen


def test_a_sheet_is_shown_as_understood_before_anybody_is_invited(page: Client) -> None:
    answer = upload(page, SHEET)
    assert "各行都可以签发" in answer.content.decode()
    assert fields_of(answer) == {
        "name": ["王五", "赵六"], "phone": ["13800000001", "13800000002"], "agency": ["", ""],
        "role": ["county_officer", "inspector"], "way": ["paper", "text"],
    }  # fmt: skip
    assert invited() == []
    with acting_in(EVERYTHING):
        assert not Message.objects.exists()


def test_what_was_shown_is_sent_papers_once_and_texts(page: Client) -> None:
    shown = fields_of(upload(page, SHEET))
    answer = page.post(ADDRESS, shown | {"act": "send"})
    assert invited() == [("王五", "county_officer", "paper"), ("赵六", "inspector", "text")]
    text = answer.content.decode()
    assert "一次性码只显示这一次" in text
    assert "王五" in text
    assert "1 条邀请短信将发出" in text


def test_one_bad_row_holds_up_all_says_why_and_loses_nothing(page: Client) -> None:
    bad = SHEET.replace("13800000002", "13800000001").replace("市场监管所执法人员", "科员")
    shown = fields_of(upload(page, bad))
    assert shown["role"] == ["county_officer", "科员"]
    answer = page.post(ADDRESS, shown | {"act": "send"})
    assert "1 行不能签发" in answer.content.decode()
    assert fields_of(answer) == shown
    assert invited() == []
    shown["phone"][1], shown["role"][1] = "13800000002", "inspector"
    page.post(ADDRESS, shown | {"act": "send"})
    assert len(invited()) == 2


def test_an_office_beyond_ones_area_and_a_role_above_are_refused_by_row(page: Client) -> None:
    other = make_agency()
    sheet = f"姓名,手机,岗位,机构\n王五,13800000001,省局计量处,\n赵六,13800000002,县局计量股,{other.name}\n"
    text = upload(page, sheet).content.decode()
    assert "2 行不能签发" in text
    assert f"未找到机构“{other.name}”" in text


def test_who_keeps_no_accounts_invites_nobody_by_sheet(client: Client, county: Area) -> None:
    page = sign_in(client, make_actor(Role.COUNTY_OFFICER, area=county))
    shown = fields_of(upload(page, SHEET))
    page.post(ADDRESS, shown | {"act": "send"})
    assert invited() == []


def test_a_sheet_without_names_or_no_sheet_is_told(page: Client) -> None:
    assert "未识别到人员" in upload(page, "甲,乙\n1,2\n").content.decode()
    assert "请选择人员表" in page.post(ADDRESS, {}).content.decode()
    assert "最多 100 人" in upload(page, "姓名\n" + "王五\n" * 101).content.decode()


def test_the_template_is_read_as_it_is(page: Client) -> None:
    answer = page.get("/staff/sheet/template.xlsx")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    again = page.post(ADDRESS, {"file": SimpleUploadedFile("人员.xlsx", content)})
    assert fields_of(again)["name"] == ["张三"]


def test_a_chinese_sheet_is_read_on_an_english_page(page: Client) -> None:
    page.cookies["django_language"] = "en"
    assert fields_of(upload(page, SHEET))["role"] == ["county_officer", "inspector"]
    english = "name,mobile number,role,delivery\nWang Wu,13800000001,inspector,text\n"
    assert fields_of(upload(page, english))["way"] == ["text"]


def test_sent_twice_it_leaves_one_paper_a_person(page: Client) -> None:
    shown = fields_of(upload(page, SHEET))
    for _turn in range(2):
        page.post(ADDRESS, shown | {"act": "send"})
    with acting_in(EVERYTHING):
        ends = list(Invitation.objects.unscoped().order_by("pk").values_list("end", flat=True))
    assert ends == ["replaced", "replaced", "", ""]


def test_a_cell_that_no_row_holds_is_told_in_its_row(page: Client) -> None:
    answer = upload(page, SHEET.replace("王五", "说明" * 40))
    assert answer.status_code == 200
    assert "每项最多 60 个字" in answer.content.decode()


def test_a_telephone_that_stands_twice_is_told_as_such(page: Client) -> None:
    answer = upload(page, SHEET.replace("13800000002", "13800000001"))
    assert "在表中重复" in answer.content.decode()
