"""检定机构: what everybody may read, and what the province and the manager enter and end."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.certificates.models import Authorisation, MeasurementStandard, Qualification
from tests.factories import make_actor
from tests.factories.people import make_agency, sign_in
from tests.factories.verification import Bench, make_bench
from tests.web.office.conftest import Desk

PAPER = {"certificate_number": "社公（川）2026-7", "valid_from": "2026-11-01", "valid_to": ""}


@pytest.fixture
def bench(county: Area) -> Bench:
    return make_bench(county)


@pytest.fixture
def manager(bench: Bench, county: Area) -> Client:
    return sign_in(Client(), make_actor(Role.INSTITUTE_MANAGER, agency=bench.institute, area=county))


@pytest.fixture
def province(county: Area) -> Client:
    return sign_in(Client(), make_actor(Role.PROVINCE_OFFICER, area=county.parent and county.parent.parent))


def text_of(answer: Any) -> str:
    content: str = answer.content.decode()
    return content


def test_everybody_in_an_office_reads_what_an_institute_may_do(bench: Bench, desk: Desk) -> None:
    reader = desk(Role.INSPECTOR)
    assert bench.institute.name in text_of(reader.get("/institutes/"))
    page = text_of(reader.get(f"/institutes/{bench.institute.pk}/"))
    assert bench.standard.name in page
    assert "登记计量授权" not in page
    assert "提前终止" not in page
    assert reader.get("/institutes/0/").status_code == 404


def test_an_institute_without_anything_says_what_is_missing(county: Area, desk: Desk) -> None:
    fresh = make_agency("新设计量所", area=county, kind="institute")
    page = text_of(desk(Role.COUNTY_OFFICER).get(f"/institutes/{fresh.pk}/"))
    assert all(text in page for text in ("暂无计量授权", "暂无计量标准", "暂无人员资格"))


def test_the_province_authorises(bench: Bench, province: Client, county: Area) -> None:
    new = f"/institutes/{bench.institute.pk}/authorisation/new/"
    sent = PAPER | {"area": county.pk, "daily_capacity": "25", "items": [bench.item.pk]}
    assert "必填" in text_of(province.post(new, sent | {"items": []}))
    assert "已登记。" in text_of(province.post(new, sent, follow=True))
    row = Authorisation.objects.get(certificate_number="社公（川）2026-7")
    assert (row.daily_capacity, row.area_id) == (25, county.pk)
    assert "同一起始日的授权" in text_of(province.post(new, sent))


def test_a_manager_enters_a_standard_and_a_qualification(bench: Bench, manager: Client) -> None:
    page = f"/institutes/{bench.institute.pk}/"
    facts = {"name": "F2 等级砝码标准装置", "items": [bench.item.pk], "traced_until": "2026-01-01"}
    manager.post(f"{page}standard/new/", PAPER | facts)
    assert MeasurementStandard.objects.filter(certificate_number="社公（川）2026-7").exists()
    person = {"user": bench.verifier.user_id, "duty": "check", "item": "", "item_text": ""}
    manager.post(f"{page}qualification/new/", PAPER | person)
    assert Qualification.objects.filter(user=bench.verifier.user_id or 0, duty="check").exists()
    shown = text_of(manager.get(page))
    assert "溯源已过期" in shown
    assert manager.get(f"{page}authorisation/new/").status_code == 404
    assert manager.get(f"{page}nothing/new/").status_code == 404


def test_a_manager_of_another_institute_finds_no_form(bench: Bench, county: Area) -> None:
    other = make_bench(county)
    stranger = sign_in(Client(), make_actor(Role.INSTITUTE_MANAGER, agency=other.institute, area=county))
    page = f"/institutes/{bench.institute.pk}/"
    assert stranger.get(f"{page}standard/new/").status_code == 404
    assert stranger.get(f"{page}standard/{bench.standard.pk}/end/").status_code == 404


def test_a_row_is_ended_with_a_reason(bench: Bench, manager: Client) -> None:
    end = f"/institutes/{bench.institute.pk}/standard/{bench.standard.pk}/end/"
    assert "提前终止的原因" in text_of(manager.get(end))
    assert "必填" in text_of(manager.post(end, {"last_day": "2026-11-20", "reason": ""}))
    done = text_of(manager.post(end, {"last_day": "2026-11-20", "reason": "送检"}, follow=True))
    assert "此前办理的检定不受影响" in done
    assert "已到期" in done
    assert MeasurementStandard.objects.get(pk=bench.standard.pk).valid_to == date(2026, 11, 20)
