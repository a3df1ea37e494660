"""From a filling station's application to its dispenser's certificate, in a browser, as the issue tells it.

The station applies for what is due, the institute's reception accepts and books a half day; a verifier on
site enters the readings nozzle by nozzle on a tablet that has lost its network; they are sent once when it is
back; a checker and an approver do their part; a shopper's phone scans the dispenser, sees green, and checks
the certificate and its signatures.
"""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import zxingcpp
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from quanheng.adapters.public_log import log_folder, log_key, seal_into_folder
from quanheng.adapters.signer.documents import DocumentSigner
from quanheng.apps.accounts.enums import Role
from quanheng.apps.certificates.models import ApplicationLine, Certificate, Examination
from quanheng.apps.certificates.services.sign_versions import sign_versions
from quanheng.apps.instruments.models import Instrument
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.web.public import certificates
from tests.e2e.conftest import PHONE, OpenPage, check_accessibility, check_width
from tests.factories import make_actor, make_area, make_code, make_entity, make_instrument, make_item
from tests.factories.verification import Bench, make_bench, make_line
from tests.web.public.independent import independent

NOZZLES = ("1号枪", "2号枪")


@pytest.fixture
def bench(site: str, settings: Any, tmp_path: Path) -> Bench:
    settings.DATA_DIR = tmp_path
    certificates.signer.cache_clear()
    item = make_item("fuel-dispenser", category="fuel_dispenser", name="加油机")
    return make_bench(make_area("锦江区"), item)


@pytest.fixture
def dispenser(bench: Bench) -> Instrument:
    station = make_entity("锦江第一加油站", area=bench.institute.area)
    facts = {"item": bench.item, "name": "燃油加油机", "verified_on": None, "valid_until": None}
    facts |= {"trusted_until": None, "result": "", "state": "filed"}
    it = make_instrument(station, **facts, serial_number="D1")
    for nozzle in NOZZLES:
        make_instrument(station, **facts, parent=it, place=nozzle)
    return it


@pytest.fixture
def line(bench: Bench, dispenser: Instrument) -> ApplicationLine:
    return make_line(dispenser, bench.institute)


def enter(page: Page) -> None:
    """Type deliveries of twenty litres in all rows that a first verification proposes for the nozzles."""
    page.locator("summary", has_text="D1").click()
    for check in ("外观、铭牌和标志", "防作弊自锁功能"):
        page.get_by_label(check).select_option("yes")
    for at in range(page.locator("input[name=indicated_l]").count()):
        page.locator("input[name=indicated_l]").nth(at).fill("20.00")
        page.locator("input[name=measured_l]").nth(at).fill("20.01")


def records(line: ApplicationLine) -> list[Examination]:
    with acting_in(EVERYTHING):
        return list(Examination.objects.unscoped().filter(line=line))


def apply(open_page: OpenPage, dispenser: Instrument) -> None:
    """The station ticks what is due, looks at where it would go, and applies."""
    owner = make_actor(Role.INSTRUMENT_USER, entity=dispenser.entity)
    page = open_page("/applications/new/", actor=owner, width=PHONE)
    check_accessibility(page)
    expect(page.get_by_label("选中 D1")).to_be_checked()
    page.get_by_role("button", name="预览选中的").click()
    expect(page.get_by_role("heading", name="将申请 1 台（件），0 台（件）不能申请")).to_be_visible()
    check_accessibility(page)
    check_width(page)
    page.get_by_role("button", name="提交申请：1 台（件）").click()
    expect(page.get_by_text("已申请 1 台（件），分送 1 家检定机构。")).to_be_visible()
    check_accessibility(page)
    check_width(page)


def accept(open_page: OpenPage, bench: Bench, dispenser: Instrument) -> ApplicationLine:
    """The reception accepts the whole application; the slip names the half day and carries its code."""
    area = bench.institute.area
    clerk = make_actor(Role.INSTITUTE_CLERK, agency=bench.institute, area=area)
    page = open_page("/applications/", actor=clerk)
    page.get_by_role("link", name="D1").click()
    page.get_by_role("button", name="受理", exact=True).click()
    page.get_by_role("button", name="受理（1 条）").click()
    expect(page.get_by_text("受理：已办理 1 条。")).to_be_visible()
    page.get_by_role("link", name="预约单").click()
    check_accessibility(page)
    slip = read_barcode(page.locator(".qh-slip-code").screenshot())
    with acting_in(EVERYTHING):
        line = ApplicationLine.objects.unscoped().select_related("application").get(instrument=dispenser)
    assert slip.endswith(f"/applications/arrived/{line.application.slip_token}")
    page.goto(urlsplit(slip).path)
    page.get_by_role("button", name="接收 1 台（件）").click()
    expect(page.get_by_text("检定中")).to_be_visible()
    return line


def read_barcode(picture: bytes) -> str:
    """Read a QR code with a decoder that is not ours."""
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    return found.text


def test_from_the_stations_application_to_the_scan_page(
    open_page: OpenPage, bench: Bench, dispenser: Instrument, tmp_path: Path
) -> None:
    code = make_code(dispenser).value
    apply(open_page, dispenser)
    line = accept(open_page, bench, dispenser)
    tablet = open_page("/examinations/tablet/", actor=bench.verifier, loses_network=True)
    enter(tablet)
    tablet.context.set_offline(True)
    with tablet.expect_event("requestfailed"):
        tablet.get_by_role("button", name="提交检定结果").click()
    expect(tablet.locator("[data-queue-status]")).to_contain_text("待送出 1")
    assert records(line) == []
    tablet.context.set_offline(False)
    expect(tablet.locator("[data-line-state]")).to_contain_text("结论：合格", timeout=15_000)
    expect(tablet.locator("[data-queue-status]")).to_contain_text("暂无待送出的结果")
    assert [{point["part"] for point in record.points} - {""} for record in records(line)] == [set(NOZZLES)]

    for person, button in ((bench.checker, "核验通过"), (bench.approver, "批准发证")):
        page = open_page(f"/examinations/{line.pk}/", actor=person)
        check_accessibility(page)
        if person is bench.approver:
            page.get_by_label("已看清上述后果").check()
        page.get_by_role("button", name=button).click()
    expect(page.get_by_text("证书已签发")).to_be_visible()

    signer = DocumentSigner(tmp_path / "keys" / "documents")
    assert sign_versions(signer.sign, at=timezone.now() + timedelta(seconds=1)) == 1
    with acting_in(EVERYTHING):
        certificate = Certificate.objects.unscoped().get(instrument=dispenser)
        nozzles = Instrument.objects.unscoped().filter(parent=dispenser)
        assert {(it.result, it.certificate_number) for it in nozzles} == {("passed", certificate.number)}
    phone = open_page(f"/s/{code}", width=PHONE)
    expect(phone.get_by_role("heading", level=1)).to_have_text("有效")
    expect(phone.get_by_text(certificate.number)).to_be_visible()
    check_the_proof(phone, tmp_path)
    phone.goto("/c/")
    phone.get_by_label("证书编号").fill(certificate.number)
    phone.get_by_label("查验码").fill(certificate.public_code)
    phone.get_by_role("button", name="查验").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("证书真实有效")
    expect(phone.get_by_text("签名有效")).to_have_count(2)
    expect(phone.get_by_text(NOZZLES[1]).first).to_be_visible()
    check_accessibility(phone)
    check_width(phone)


def check_the_proof(phone: Page, folder: Path) -> None:
    """Seal; the scan page leads to the proof of the act, and a stranger's verifier believes it."""
    seal_into_folder(at=timezone.now())
    scanned = phone.url
    phone.reload()
    expect(phone.get_by_text("最近一项登记已载入公开记录")).to_be_visible()
    phone.get_by_role("link", name="历次记录可自行核对").click()
    check_accessibility(phone)
    check_width(phone)
    issued = phone.get_by_role("listitem").filter(has_text="签发证书")
    with phone.expect_download() as download:
        issued.get_by_role("link", name="证明").click()
    proof = folder / "entry.tlog-proof"
    download.value.save_as(proof)
    key = log_key().public.to_text()
    said = independent("--proof", proof, key)
    assert json.loads(said["entry"])["verb"] == "certificate_issued"
    from_tiles = independent(log_folder().home, key, said["index"])
    assert from_tiles["entry"] == said["entry"]
    phone.goto(scanned)


def test_what_was_typed_survives_a_reload_and_goes_out_once(
    open_page: OpenPage, bench: Bench, line: ApplicationLine
) -> None:
    tablet = open_page("/examinations/tablet/", actor=bench.verifier, loses_network=True)
    enter(tablet)
    key = tablet.locator("input[name=entry_key]").input_value()
    tablet.reload()
    tablet.locator("summary", has_text="D1").click()
    assert tablet.locator("input[name=measured_l]").nth(5).input_value() == "20.01"
    assert tablet.locator("input[name=entry_key]").input_value() == key
    lost: list[Any] = []

    def lose_the_first_answer(route: Any) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch())
            route.abort()

    tablet.route("**/record", lose_the_first_answer)
    with tablet.expect_event("requestfailed"):
        tablet.get_by_role("button", name="提交检定结果").click()
    expect(tablet.locator("[data-line-state]")).to_contain_text("已送达", timeout=15_000)
    assert lost
    assert len(records(line)) == 1
