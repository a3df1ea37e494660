"""申请检定: choose, preview, apply; accept, book anew, return, withdraw, receive."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.certificates.enums import LineState
from quanheng.apps.certificates.models import Application, ApplicationLine, Authorisation
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_actor, make_instrument
from tests.factories.people import sign_in
from tests.factories.verification import Bench, make_bench
from tests.web.office.conftest import Desk

WISH = {"place_of_work": "on_site", "wanted_on": "2026-11-24", "remarks": "西门进"}
DUE = {"valid_until": "2026-12-01", "trusted_until": "2026-12-01"}


@pytest.fixture
def bench(county: Area) -> Bench:
    return make_bench(county)


@pytest.fixture
def clerk(bench: Bench, county: Area) -> Client:
    return sign_in(Client(), make_actor(Role.INSTITUTE_CLERK, agency=bench.institute, area=county))


@pytest.fixture
def owner(market: Entity) -> Client:
    return sign_in(Client(), make_actor(Role.MARKET_OPERATOR, entity=market))


@pytest.fixture
def scales(market: Entity, stall: Entity, bench: Bench) -> list[Instrument]:
    return [make_instrument(of, serial_number=f"S{n}", **DUE) for n, of in enumerate((market, stall), 1)]


def lines() -> list[ApplicationLine]:
    with acting_in(EVERYTHING):
        rows = ApplicationLine.objects.unscoped().select_related("application").order_by("pk")
        return list(rows)


def text_of(answer: Any) -> str:
    content: str = answer.content.decode()
    return content


def apply(owner: Client, *ids: int) -> Any:
    sent = WISH | {"step": "apply", "instrument": ids}
    return owner.post("/applications/new/", sent, follow=True)


def test_from_what_is_due_over_the_preview_to_the_application(
    owner: Client, scales: list[Instrument], bench: Bench
) -> None:
    page = text_of(owner.get("/applications/new/"))
    assert all(f"选中 {it.serial_number}" in page for it in scales)
    preview = text_of(
        owner.post("/applications/new/", WISH | {"step": "preview", "instrument": [it.pk for it in scales]})
    )
    assert "将申请 2 台（件），0 台（件）不能申请" in preview
    assert bench.institute.name in preview
    assert "40 台（件），每日可检 40 台（件）" in preview
    assert lines() == []
    done = text_of(apply(owner, *[it.pk for it in scales]))
    assert "已申请 2 台（件），分送 1 家检定机构。" in done
    assert "西门进" in done
    assert [line.state for line in lines()] == [LineState.APPLIED] * 2
    assert "暂无需要申请的器具" in text_of(owner.get("/applications/new/"))


def test_an_instrument_is_applied_for_from_its_address(owner: Client, scales: list[Instrument]) -> None:
    page = text_of(owner.get(f"/applications/new/?instrument={scales[1].pk}"))
    assert "选中 S2" in page
    assert "选中 S1" not in page


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"instrument": ""}, "请先勾选器具"),
        ({"wanted_on": "2026-11-01"}, "已过"),
        ({"wanted_on": "下周"}, "期望日期"),
        ({"instrument": "9999999"}, "不在您的管辖范围内"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_applied_for(
    owner: Client, scales: list[Instrument], change: dict[str, str], told: str
) -> None:
    sent = WISH | {"step": "apply", "instrument": str(scales[0].pk)} | change
    assert told in text_of(owner.post("/applications/new/", sent))
    assert lines() == []


def test_the_preview_names_what_cannot_be_applied_for(owner: Client, scales: list[Instrument]) -> None:
    apply(owner, scales[0].pk)
    sent = WISH | {"step": "preview", "instrument": [it.pk for it in scales]}
    preview = text_of(owner.post("/applications/new/", sent))
    assert "将申请 1 台（件），1 台（件）不能申请" in preview
    assert "器具 S1 已有正在办理的检定申请" in preview


def test_where_nobody_is_authorised_the_preview_says_so(owner: Client, scales: list[Instrument]) -> None:
    with acting_in(EVERYTHING):
        Authorisation.objects.all().delete()
    sent = WISH | {"step": "preview", "instrument": [scales[0].pk]}
    preview = text_of(owner.post("/applications/new/", sent))
    assert "暂无获授权的检定机构" in preview
    assert "提交申请" not in preview


def test_more_than_the_page_shows_can_be_applied_for_at_once(
    owner: Client, scales: list[Instrument], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quanheng.web.applications.applying.SHOWN", 1)
    assert "预览全部 2 台（件）" in text_of(owner.get("/applications/new/"))
    preview = text_of(owner.post("/applications/new/", WISH | {"step": "preview", "reach": "all"}))
    assert "提交申请：2 台（件）" in preview


def test_an_officer_says_first_for_whom(desk: Desk, scales: list[Instrument], market: Entity) -> None:
    officer = desk(Role.COUNTY_OFFICER)
    assert "请先选择使用单位或市场" in text_of(officer.get("/applications/new/"))
    assert "选中 S2" in text_of(officer.get(f"/applications/new/?at={market.pk}"))
    assert "选中 S2" in text_of(officer.get(f"/applications/new/?at_text={market.name}"))


def test_the_reception_accepts_a_whole_application_and_the_slip_names_the_time(
    owner: Client, clerk: Client, scales: list[Instrument]
) -> None:
    apply(owner, *[it.pk for it in scales])
    application = lines()[0].application
    page = text_of(clerk.get(f"/applications/{application.pk}/"))
    assert "受理整份申请" in page
    selection = f"reach=all&q={application.number}&state=applied"
    preview = clerk.get(f"/lists/applications/bulk/accept/?{selection}")
    assert "将办理 2 条" in text_of(preview)
    sent = {"selection": selection, "seen": "2/0", "first_day": "2026-11-24", "back": "/applications/"}
    assert "已办理 2 条" in text_of(clerk.post("/lists/applications/bulk/accept/", sent, follow=True))
    slip = text_of(owner.get(f"/applications/{application.pk}/slip/"))
    assert slip.count("2026-11-24 上午") == 2
    assert "<svg" in slip


def test_the_slip_at_the_counter_takes_in_what_was_accepted(
    owner: Client, clerk: Client, scales: list[Instrument]
) -> None:
    apply(owner, *[it.pk for it in scales])
    first, second = lines()
    day = {"day": "2026-11-24", "half": "morning"}
    assert "已受理。" in text_of(clerk.post(f"/applications/lines/{first.pk}/accept/", day, follow=True))
    arrived = f"/applications/arrived/{first.application.slip_token}"
    assert "接收 1 台（件）" in text_of(clerk.get(arrived))
    assert "已接收 1 台（件）。" in text_of(clerk.post(arrived, follow=True))
    assert [line.state for line in lines()] == [LineState.RECEIVED, LineState.APPLIED]
    assert "暂无等待接收的器具" in text_of(clerk.get(arrived))
    assert clerk.get("/applications/arrived/NOSUCHSLIP").status_code == 404
    assert second.state == LineState.APPLIED


def test_a_full_half_day_is_told_on_the_form(
    owner: Client, clerk: Client, scales: list[Instrument], bench: Bench
) -> None:
    with acting_in(EVERYTHING):
        Authorisation.objects.filter(institute=bench.institute).update(daily_capacity=1)
    apply(owner, *[it.pk for it in scales])
    day = {"day": "2026-11-24", "half": "morning"}
    first, second = lines()
    clerk.post(f"/applications/lines/{first.pk}/accept/", day)
    page = text_of(clerk.post(f"/applications/lines/{second.pk}/accept/", day))
    assert "2026年11月24日上午已约满，请另选时段。" in page
    assert "近期空余" in page


def test_the_applicant_books_anew_and_withdraws(
    owner: Client, clerk: Client, scales: list[Instrument]
) -> None:
    apply(owner, scales[0].pk)
    (line,) = lines()
    clerk.post(f"/applications/lines/{line.pk}/accept/", {"day": "2026-11-24", "half": "morning"})
    later = {"day": "2026-11-25", "half": "afternoon"}
    page = text_of(owner.post(f"/applications/lines/{line.pk}/rebook/", later, follow=True))
    assert "2026-11-25 下午" in page
    assert "已撤回" in text_of(
        owner.post(f"/applications/lines/{line.pk}/withdraw/", {"sure": "on"}, follow=True)
    )
    again = text_of(owner.get(f"/applications/lines/{line.pk}/withdraw/", follow=True))
    assert "当前状态为“已撤回”，不能办理。" in again


def test_the_applicant_reads_why_it_came_back(owner: Client, clerk: Client, scales: list[Instrument]) -> None:
    apply(owner, scales[0].pk)
    (line,) = lines()
    clerk.post(f"/applications/lines/{line.pk}/return/", {"reason": "请补充铭牌照片"})
    assert "请补充铭牌照片" in text_of(owner.get(f"/applications/{line.application_id}/"))
    assert "检定申请被退回" in text_of(owner.get("/desk/"))


def test_an_act_of_the_other_side_is_not_there(
    owner: Client, clerk: Client, scales: list[Instrument], desk: Desk
) -> None:
    apply(owner, scales[0].pk)
    (line,) = lines()
    assert owner.get(f"/applications/lines/{line.pk}/accept/").status_code == 404
    assert clerk.get(f"/applications/lines/{line.pk}/withdraw/").status_code == 404
    assert clerk.get(f"/applications/lines/{line.pk}/dance/").status_code == 404
    assert desk(Role.INSPECTOR).get("/applications/new/").status_code == 403


def test_the_list_holds_one_row_for_each_instrument(
    owner: Client, clerk: Client, scales: list[Instrument], county: Area
) -> None:
    assert "暂无检定申请" in text_of(clerk.get("/applications/"))
    apply(owner, *[it.pk for it in scales])
    page = text_of(clerk.get("/applications/?state=applied"))
    assert all(it.serial_number in page for it in scales)
    stranger: Actor = make_actor(Role.INSTITUTE_CLERK, agency=make_bench(county).institute, area=county)
    assert "暂无检定申请" in text_of(sign_in(Client(), stranger).get("/applications/"))
    with acting_in(EVERYTHING):
        assert Application.objects.unscoped().count() == 1
