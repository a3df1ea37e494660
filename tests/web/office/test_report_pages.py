"""Shoppers' reports at the desk: found, taken up, closed; the stallholder reads nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from quanheng.apps.accounts.enums import Role
from quanheng.apps.instruments.models import ShopperReport
from quanheng.apps.registry.models import Entity
from tests.factories import make_instrument, make_report
from tests.factories.ledger import NOW
from tests.web.office.conftest import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(stall: Entity) -> ShopperReport:
    scale = make_instrument(stall, serial_number="SN-REPORT-1")
    return make_report(scale, words="少了二两", due_on=(NOW - timedelta(days=1)).date())


def test_the_officer_finds_it_on_the_desk_late_takes_it_up_and_closes_it(
    report: ShopperReport, desk: Desk
) -> None:
    officer, page = desk(), f"/reports/{report.pk}/"
    assert "消费者反映待核查" in officer.get(reverse("desk")).content.decode()
    assert "已超期" in officer.get("/reports/?overdue=1").content.decode()
    assert "消费者反映 1 件" in officer.get(f"/instruments/{report.instrument_id}/").content.decode()
    assert "少了二两" in officer.get(page).content.decode()
    officer.post(f"{page}take-up/")
    kept = officer.post(page, {"finding": "true", "found": "砝码核对少秤"}).content.decode()
    assert "砝码核对少秤" in kept  # the answer is missing; what was typed stays
    officer.post(page, {"finding": "true", "found": "砝码核对少秤", "answer": "已责令停用"})
    closed = officer.get(page).content.decode()
    assert ("属实" in closed, "已责令停用" in closed, "开始核查</button>" in closed) == (True, True, False)
    again = f"{page}reopen/"
    assert again in closed
    assert set(officer.post(again, {"reason": " "}).context["form"].errors) == {"reason"}
    assert officer.post(again, {"reason": "看错了秤"}).status_code == 302
    assert "已责令停用" not in officer.get(page).content.decode()
    officer.post(page, {"finding": "true", "found": "砝码核对少秤", "answer": "已责令停用"})
    assert officer.get("/reports/?overdue=1&state=closed").content.decode().count(report.number) == 0


def test_the_hotline_finds_it_notes_passes_on_and_answers_and_sees_no_file(
    report: ShopperReport, desk: Desk
) -> None:
    agent, page = desk(Role.HOTLINE_AGENT), f"/reports/{report.pk}/"
    front = agent.get(reverse("desk")).content.decode()
    assert ("消费者反映待登记" in front, page in front) == (True, True)
    shown = agent.get(page).content.decode()
    assert ("少了二两" in shown, f"/instruments/{report.instrument_id}/" in shown) == (True, False)
    assert agent.get(f"/instruments/{report.instrument_id}/").status_code == 403
    assert agent.post(f"{page}take-up/").status_code == 403
    kept = agent.post(f"{page}hotline/pass-on/", {"note": " "})
    assert set(kept.context["form"].errors) == {"note"}
    assert agent.post(f"{page}hotline/pass-on/", {"note": "请今天去看"}, follow=True).status_code == 200
    agent.post(f"{page}hotline/reply/", {"reply": "已转辖区"})
    officer = desk()
    assert "12315 转办待核查" in officer.get(reverse("desk")).content.decode()
    read = officer.get(page).content.decode()
    assert ("请今天去看" in read, "已转辖区" in read) == (True, True)
    assert officer.get(f"{page}hotline/note/").status_code == 403
    assert agent.get(f"{page}hotline/close/").status_code == 404


def test_the_stallholder_is_told_nothing(report: ShopperReport, stall: Entity, desk: Desk) -> None:
    stallholder = desk(Role.INSTRUMENT_USER, entity=stall)
    assert stallholder.get("/reports/").status_code in {403, 404}
    assert stallholder.get(f"/reports/{report.pk}/").status_code in {403, 404}
    assert "反映" not in stallholder.get(f"/instruments/{report.instrument_id}/").content.decode()
