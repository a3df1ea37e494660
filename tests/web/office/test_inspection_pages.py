"""监督抽查 by its pages: planned, approved by another, committed to, drawn, inspected, closed, recomputed."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.inspections.models import Campaign
from quanheng.web.inspections import steps
from tests.factories import make_actor, sign_in
from tests.factories.inspections import SIGNATURE, Quarter, all_passed, believed, make_quarter, tasks_of

pytestmark = pytest.mark.django_db
PLAN = {
    "name": "计量护油", "subject": "fuel_dispensers", "year": "2026", "quarter": "4",
    "legal_basis": "计量法第十八条", "matters": "防作弊功能、铅封、证书",
}  # fmt: skip
SURE = {"sure": "on"}


@pytest.fixture
def quarter(county: Area, at: datetime, monkeypatch: pytest.MonkeyPatch) -> Quarter:
    monkeypatch.setattr(steps, "verify_round", lambda _packs, **_: believed)
    return make_quarter(county)


def text(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_quarter_by_clicks_from_the_plan_to_the_published_proof(quarter: Quarter, at: datetime) -> None:
    planner, approver = sign_in(Client(), quarter.planner), sign_in(Client(), quarter.approver)
    kept = planner.post("/campaigns/new/", {**PLAN, "matters": " ", "area": str(quarter.area.pk)})
    assert set(kept.context["form"].errors) == {"matters"}
    answer = planner.post("/campaigns/new/", {**PLAN, "area": str(quarter.area.pk)})
    page = answer.headers["Location"]
    own = text(planner, page)
    assert ("由您提出" in own, f"{page}approve/" in own) == (True, False)
    assert "抽查行动待批准" in text(approver, reverse("desk"))
    assert approver.post(f"{page}approve/").status_code == 302
    unsure = approver.post(f"{page}commit/")
    assert set(unsure.context["form"].errors) == {"sure"}
    assert approver.post(f"{page}commit/", SURE).status_code == 302
    found = re.search(r"/draws/(CC[^/]+)/", text(approver, page))
    assert found is not None
    number = found[1]
    public = Client()
    assert number in text(public, "/draws/")
    committed = text(public, f"/draws/{number}/")
    assert ("检查结束前不公开名单" in committed, "信标轮次" in committed) == (True, True)
    assert number in text(public, "/draws/?period=2026Q4")
    assert number in text(public, "/draws/?period=1999Q1")  # no such quarter: the latest
    assert public.get(f"/draws/{number}/proof.json").status_code == 404
    early = approver.post(f"{page}draw/", {"signature": SIGNATURE})
    assert "请届时再抽取" in early.content.decode()
    with time_machine.travel(at + timedelta(minutes=12), tick=False):
        assert approver.post(f"{page}draw/", {"signature": SIGNATURE}).status_code == 302
        handing = approver.get(f"{page}hand-over/").context["form"]
        assert len(handing.fields["from_id"].choices) > 1
        offered = {value for value, _label in handing.fields["to_id"].choices[1:]}
        others = {one.user_id for one in (quarter.planner, *quarter.inspectors)}
        assert offered == others  # but not whoever hands over
        assert approver.get(f"{page}abandon/").status_code == 302  # not after the draw
        _inspect_all(quarter, page)
        assert approver.post(f"{page}close/", SURE).status_code == 302
    opened = text(public, f"/draws/{number}/")
    assert ("下载证明" in opened, "已结束并公开" in opened) == (True, True)
    assert public.get(f"/draws/{number}/proof.json").json()["commitment"]["draw_id"] == number
    assert public.get(f"/draws/{number}/commitment.json").status_code == 200


def _inspect_all(quarter: Quarter, page: str) -> None:
    campaign = Campaign(pk=int(page.strip("/").split("/")[1]))
    for task in tasks_of(campaign):
        officer = sign_in(Client(), quarter.actor(task.lead_id))
        address = f"/inspections/{task.pk}/"
        assert "抽查任务待检查" in text(officer, reverse("desk"))
        assert address in text(officer, "/inspections/?waiting=mine")
        blank = officer.post(address, {"on": "2026-11-23", **SURE})
        assert {f"item_{key}" for key in all_passed(task)} <= set(blank.context["form"].errors)
        answers = {f"item_{key}": "passed" for key in all_passed(task)}
        kept = officer.post(address, {**answers, "item_mark": "failed", "on": "2026-11-23", **SURE})
        assert "须写明情况" in kept.content.decode()
        assert officer.post(address, {**answers, "on": "2026-11-23", **SURE}).status_code == 302
        assert "逐项结果" in text(officer, address)
        again = officer.post(address, {**answers, "on": "2026-11-23", **SURE})
        assert "已登记结果" in again.content.decode()


def test_a_task_is_no_page_for_whoever_was_not_sent(quarter: Quarter) -> None:
    task = tasks_of(quarter.drawn())[0]
    sent = {task.lead_id, task.second_id}
    other = next(
        one for one in (quarter.planner, quarter.approver, *quarter.inspectors) if one.user_id not in sent
    )
    browser = sign_in(Client(), other)
    assert browser.get(f"/inspections/{task.pk}/").status_code == 404
    assert task.serial_number not in text(browser, "/inspections/")


def test_the_lists_say_what_comes_when_there_is_nothing_yet(quarter: Quarter) -> None:
    officer = sign_in(Client(), quarter.planner)
    assert "暂无抽查行动" in text(officer, "/campaigns/")
    assert "暂无抽查任务" in text(officer, "/inspections/")
    assert "暂无已公布承诺的抽查" in text(Client(), "/draws/")
    assert officer.get("/campaigns/99999/").status_code == 404
    assert officer.get("/draws/CC2026Q4-9999/").status_code == 404


def test_a_wrong_result_is_put_right_by_clicks_and_the_first_one_stays_struck(
    quarter: Quarter, at: datetime
) -> None:
    with time_machine.travel(at + timedelta(minutes=40), tick=False):
        task = tasks_of(quarter.drawn())[0]
        page, answers = f"/inspections/{task.pk}/", {f"item_{key}": "passed" for key in all_passed(task)}
        lead = sign_in(Client(), quarter.actor(task.lead_id))
        assert lead.post(page, {**answers, "on": "2026-11-23", **SURE}).status_code == 302
        assert "申请更正检查结果" in text(lead, page)
        asked = lead.get(f"{page}correct/").context["form"]
        assert {name: asked[name].value() for name in answers} == answers  # it begins with what stands there
        wrong = {"item_seal_encoder": "failed", "note_seal_encoder": "铅封断开", "words": "铅封断开"}
        said = {**answers, **wrong, "on": "2026-11-23"}
        kept = lead.post(f"{page}correct/", said)
        assert set(kept.context["form"].errors) == {"reason"}
        assert "铅封断开" in kept.content.decode()
        assert lead.post(f"{page}correct/", {**said, "reason": "登记时勾错"}).status_code == 302
        assert "合格，更正待复核" in text(lead, page)
        assert lead.get(f"{page}approve-correction/").status_code == 302  # not one's own
        office = sign_in(Client(), make_actor(Role.COUNTY_OFFICER, area=quarter.area))
        assert "抽查结果更正待复核" in text(office, reverse("desk"))
        assert page in text(office, "/inspections/?waiting=turn")
        form = office.get(f"{page}approve-correction/")
        assert "登记时勾错" in form.content.decode()
        read = {"correction_id": form.context["form"]["correction_id"].value()}
        assert office.post(f"{page}approve-correction/", read).status_code == 302
        shown = text(office, page)
    assert ("不合格（已更正）" in shown, "<s>合格</s>" in shown) == (True, True)
