"""A hospital's half year at the desks: overdue, written, submitted, returned, submitted again, accepted."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.hospitals.models import HalfYearReport
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_instrument, make_item
from tests.factories.hospitals import make_half_year, make_hospital
from tests.web.office.conftest import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital(county: Area) -> Entity:
    found = make_hospital(county, "县人民医院")
    make_instrument(found, item=make_item("ct", name="CT", category="medical"), serial_number="CT-77")
    return found


@pytest.fixture
def report(hospital: Entity) -> HalfYearReport:
    return make_half_year(hospital)


def text(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def version(report: HalfYearReport) -> int:
    with acting_in(EVERYTHING):
        return HalfYearReport.objects.unscoped().values_list("version", flat=True).get(pk=report.pk)


def test_the_half_year_of_a_hospital_from_its_desk_to_acceptance(
    report: HalfYearReport, hospital: Entity, desk: Desk
) -> None:
    manager, officer = desk(Role.INSTRUMENT_USER, entity=hospital), desk()
    page = reverse("half_year_page", args=[report.pk])
    assert "半年报告待报送" in text(manager, reverse("desk"))
    assert "半年报告逾期未报" in text(officer, reverse("desk"))
    assert report.number in text(officer, "/half-year-reports/?timing=overdue")
    areas = text(officer, reverse("half_year_areas"))
    assert f"?area={report.area_id}&amp;year=2026&amp;half=1&amp;timing=overdue" in areas

    refusal = manager.post(page, {"act": "submit", "version": version(report)}, follow=True)
    assert "请填写专职计量管理人员人数" in refusal.content.decode()
    write = reverse("half_year_write", args=[report.pk])
    assert write in text(manager, page)
    kept = manager.post(write, {"words": "设备科核对", "remark_7": "新购一台未到", "full_time_managers": ""})
    assert ("设备科核对" in kept.content.decode(), "新购一台未到" in kept.content.decode()) == (True, True)
    said = {"words": "设备科核对", "remark_7": "新购一台未到", "full_time_managers": 1}
    assert manager.post(write, said | {"version": version(report)}).status_code == 302
    manager.post(page, {"act": "submit", "version": version(report)})

    assert "半年报告待审核" in text(officer, reverse("desk"))
    shown = text(officer, page)
    assert ("新购一台未到" in shown, "此后不再变动" in shown, "未登记计量负责人" in shown) == (True,) * 3
    assert "CT-77" in text(officer, reverse("half_year_rows", args=[report.pk, "7", "valid"]))
    paper = reverse("half_year_print", args=[report.pk])
    assert paper in shown
    pdf = officer.get(paper)
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    back = reverse("half_year_return", args=[report.pk])
    assert set(officer.post(back, {"reason": " "}).context["form"].errors) == {"reason"}
    officer.post(back, {"reason": "CT 少一台", "version": version(report)})

    assert "半年报告被退回" in text(manager, reverse("desk"))
    assert "CT 少一台" in text(manager, page)
    assert manager.get(paper).status_code == 404  # its counts are the ledger's of the moment again
    manager.post(page, {"act": "submit", "version": version(report)})
    stale = officer.post(page, {"act": "accept", "version": "1"}, follow=True).content.decode()
    assert "刚刚被其他人修改" in stale
    officer.post(page, {"act": "accept", "version": version(report)})
    assert "审核通过" in text(manager, page)
    assert report.number in text(officer, "/half-year-reports/?timing=late&state=accepted&year=2026&half=1")


def test_what_the_report_of_another_holds_is_not_there(
    report: HalfYearReport, county: Area, desk: Desk
) -> None:
    stranger = desk(Role.INSTRUMENT_USER, entity=make_hospital(county))
    for name in ("half_year_page", "half_year_write"):
        assert stranger.get(reverse(name, args=[report.pk])).status_code == 404
    assert stranger.get(reverse("half_year_rows", args=[report.pk, "7", "valid"])).status_code == 404
    assert "暂无半年报告" in text(stranger, reverse("half_year_list"))


@pytest.mark.parametrize(("line", "standing"), [("13", "valid"), ("7", "broken")])
def test_no_number_no_rows(report: HalfYearReport, desk: Desk, line: str, standing: str) -> None:
    assert desk().get(reverse("half_year_rows", args=[report.pk, line, standing])).status_code == 404


def test_an_inspector_reads_and_decides_nothing(report: HalfYearReport, county: Area, desk: Desk) -> None:
    inspector = desk(Role.INSPECTOR)
    page = reverse("half_year_page", args=[report.pk])
    assert "填写说明" not in text(inspector, page)
    assert inspector.get(reverse("half_year_return", args=[report.pk])).status_code == 403


def test_a_county_without_reports_says_so(desk: Desk) -> None:
    assert "暂无半年报告" in text(desk(), reverse("half_year_areas"))
