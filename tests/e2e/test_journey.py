"""From a spreadsheet to a shopper's scan, in a browser, as the issue tells it.

A market operator signs in and files ten scales from a spreadsheet; the county officer accepts them and prints
labels; a shopper's phone scans one and sees amber, for only the market says that it was verified; the officer
confirms it from the certificate, and the phone sees green; an inspector breaks its seal; the phone sees red.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pypdfium2
import pytest
import zxingcpp
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.utils import timezone
from openpyxl import Workbook
from playwright.sync_api import Page

from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import User
from quanheng.apps.audit.models import Act
from quanheng.apps.instruments.models import ImportRun, Instrument
from quanheng.apps.instruments.services.imports.work import resume_run
from quanheng.apps.instruments.services.load_catalogue import load_catalogue
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.e2e.conftest import DESK, PHONE, OpenPage, check_accessibility, check_width
from tests.factories import (
    PASSWORD,
    make_agency,
    make_appointment,
    make_area,
    make_entity,
    make_institute,
    make_user,
)

SECRET = "JBSWY3DPEHPK3PXP"
HEADER = (
    "序号", "摊位号", "经营者姓名", "联系电话", "器具名称", "规格型号", "准确度等级", "最大秤量(kg)",
    "分度值e(g)", "出厂编号", "生产厂家", "检定日期", "有效期至", "检定证书编号", "铅封编号", "状态",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class People:
    """Whoever acts in the story; each signs in with the password, officers with their second factor too."""

    operator: str
    officer: str
    inspector: str


@pytest.fixture
def people(site: str, settings: Any, tmp_path: Path) -> People:
    settings.DATA_DIR = tmp_path
    load_catalogue()
    county = make_area("锦江区")
    market = make_entity("锦江区示例农贸市场", kind="market_operator", area=county)
    office = make_agency(area=county)
    make_institute()
    for name, role in (("officer", Role.COUNTY_OFFICER), ("inspector", Role.INSPECTOR)):
        user = make_user(name)
        make_appointment(role, user=user, agency=office)
        TOTP.activate(user, SECRET)
    make_appointment(Role.MARKET_OPERATOR, user=make_user("operator"), entity=market)
    return People("operator", "officer", "inspector")


def write_ledger(path: Path, today: date) -> None:
    """Write ten scales as a market keeps them: a title, a note, the header, a total."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["锦江区示例农贸市场在用电子秤台账"])
    sheet.append(["填报人：李某"])
    sheet.append(HEADER)
    verified = today - timedelta(days=90)
    for number in range(1, 11):
        sheet.append([
            number, f"A{number:03d}", "王芳", "13800000000", "电子计价秤", "ACS-30", "Ⅲ", "30kg", 10,
            f"2026{number:04d}", "示例衡器有限公司", verified,
            (verified + timedelta(days=364)).strftime("%Y.%m.%d"), f"川检{number:04d}", f"QF{number:06d}",
            "在用",
        ])  # fmt: skip
    sheet.append(["合计", None, "10台"])
    book.save(path)


def sign_in(open_page: OpenPage, name: str, *, second_factor: bool = False) -> Page:
    page = open_page("/accounts/login/", width=DESK)
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button")
    if second_factor:
        page.wait_for_selector("input[name=code]")
        page.fill(
            "input[name=code]",
            format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time())))),
        )
        page.click("main form button")
    page.wait_for_url("**/desk/")
    return page


def work() -> None:
    """Do what the platform's worker does."""
    with acting_in(EVERYTHING):
        newest = ImportRun.objects.unscoped().latest("id")
    resume_run(newest.pk, at=timezone.now())


def look(page: Page) -> None:
    check_accessibility(page)
    check_width(page)


def file_ten_scales(page: Page, ledger: Path) -> None:
    page.goto("/imports/new/")
    look(page)
    page.set_input_files("input[type=file]", str(ledger))
    page.click("button:has-text('上传并核对')")
    page.wait_for_url("**/imports/*/")
    work()
    page.reload()
    assert "10 行可以导入" in page.inner_text("main")
    look(page)
    page.click("button:has-text('确认导入')")
    page.wait_for_load_state()
    work()
    page.reload()
    assert "已完成" in page.inner_text("main")
    look(page)


def accept_all(page: Page) -> None:
    page.goto("/filings/")
    look(page)
    page.click("main a:has-text('锦江区示例农贸市场')")
    look(page)
    page.click("button[value=accept_all]")
    page.wait_for_load_state()


def print_labels(page: Page, entity_id: int, path: Path) -> list[str]:
    """Print the market's labels and read their codes back with an independent decoder."""
    page.goto(f"/labels/?entity={entity_id}")
    if page.locator("button:has-text('赋码')").count():
        page.click("button:has-text('赋码')")
        page.wait_for_load_state()
    look(page)
    with page.expect_download() as download:
        page.click("button:has-text('生成 PDF')")
    download.value.save_as(path)
    picture = pypdfium2.PdfDocument(path)[0].render(scale=300 / 72).to_pil()
    return sorted({found.text for found in zxingcpp.read_barcodes(picture)})


def break_seal(page: Page, instrument: Instrument) -> None:
    page.goto(f"/instruments/{instrument.pk}/")
    look(page)
    page.goto(f"/instruments/{instrument.pk}/break-seal/")
    page.fill("textarea[name=reason]", "检查时发现铅封断开")
    page.check("input[name=sure]")
    look(page)
    page.click("main form button.btn-danger")
    page.wait_for_url(f"**/instruments/{instrument.pk}/")


def confirm(page: Page, instrument: Instrument) -> None:
    """The officer lays the certificate beside what the market declared, from the desk on."""
    page.goto("/desk/")
    page.click("text=自报检定待核实")
    look(page)
    page.click(f"main a:has-text('{instrument.serial_number}')")
    page.select_option("select[name=institute]", label="市计量院")
    page.fill("input[name=certificate_number]", f"川检{int(instrument.serial_number[-4:]):04d}")
    page.fill("input[name=valid_until]", str(instrument.valid_until))
    page.check("input[name=paper_seen]")
    look(page)
    page.click("main form button.btn-primary")
    page.wait_for_url(f"**/instruments/{instrument.pk}/")


def test_a_shopper_sees_green_and_after_the_seal_is_broken_red(
    people: People, open_page: OpenPage, tmp_path: Path
) -> None:
    write_ledger(tmp_path / "台账.xlsx", timezone.localdate())

    file_ten_scales(sign_in(open_page, people.operator), tmp_path / "台账.xlsx")
    officer = sign_in(open_page, people.officer, second_factor=True)
    accept_all(officer)
    with acting_in(EVERYTHING):
        scales = list(Instrument.objects.unscoped().order_by("pk"))
    assert [scale.state for scale in scales] == ["in_use"] * 10
    codes = print_labels(officer, scales[0].root_id, tmp_path / "labels.pdf")
    assert len(codes) == 10

    phone = open_page(urlsplit(codes[0]).path, width=PHONE)
    look(phone)
    assert "监管部门尚未核实" in phone.inner_text("main")
    with acting_in(EVERYTHING):
        scanned = Instrument.objects.unscoped().get(
            code=urlsplit(codes[0]).path.removeprefix("/s/").split(".")[0].replace("-", "")
        )
    confirm(officer, scanned)
    phone.reload()
    assert "检定合格，在有效期内" in phone.inner_text("main")
    assert "检定记录来源：监管部门录入" in phone.inner_text("main")
    with acting_in(EVERYTHING):
        log = Act.objects.unscoped().count()
    assert scanned.serial_number in phone.inner_text("body")
    assert f"QF{int(scanned.serial_number[-4:]):06d}" in phone.inner_text("body")

    break_seal(sign_in(open_page, people.inspector, second_factor=True), scanned)
    phone.reload()
    look(phone)
    answer = phone.inner_text("main")
    assert "请勿用于结算" in answer
    assert "铅封" in answer
    assert "检定合格，在有效期内" not in answer
    with acting_in(EVERYTHING):
        done = list(Act.objects.unscoped().order_by("pk").values_list("verb", flat=True))[log:]
        assert not User.objects.filter(must_change_password=True).exists()
    assert sorted(done) == ["seal_broken", "signed_in"]
