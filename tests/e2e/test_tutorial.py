"""The tutorial holds, word for word: a newcomer follows it in a demonstration, by clicks alone.

Every word that the tutorial prints in bold has to be clicked or read on the way; the only address that is
ever typed is the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pypdfium2
import pytest
import zxingcpp
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import DESK, PHONE, check_accessibility, check_width
from tests.runtime.platform import Up, environment, quanheng, running

TUTORIAL = Path(__file__).parents[2] / "docs/tutorial/from-a-spreadsheet-to-a-scan.md"
ENOUGH = "300"  # instruments of the province: the market and its county are there
LATE = 90_000  # milliseconds: the worker reads the sheet, whatever else the machine does
SERIALS = [f"9926{number:04d}" for number in range(1, 11)]


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """Run what `make demo` runs, with a smaller province."""
    home = tmp_path_factory.mktemp("demo")
    made = quanheng("demo", "--instruments", ENOUGH, env=environment(home))
    assert made.returncode == 0, made.stderr
    with running(home, "--demo") as platform:
        yield platform


@dataclass
class Newcomer:
    """Somebody with the tutorial in one hand: what they clicked and read is remembered."""

    page: Page
    followed: set[str] = field(default_factory=set)

    def sees(self, word: str) -> None:
        expect(self.page.get_by_text(word).locator("visible=true").first).to_be_visible(timeout=LATE)
        self.followed.add(word)

    def is_told(self, verdict: str) -> None:
        """Read what a scan says first, in large letters."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(verdict)
        self.followed.add(verdict)

    def looks(self) -> None:
        """Nothing sticks out, and everybody can read it."""
        check_accessibility(self.page)
        check_width(self.page)

    def opens(self, entry: str) -> None:
        """Choose an entry of the menu."""
        self._click(
            self.page.get_by_role("navigation", name="主导航").get_by_role("link", name=entry, exact=True)
        )
        self.followed.add(entry)

    def chooses(self, word: str, *, among: str = "button, a, summary") -> None:
        """Click the button or link that begins with the word."""
        found = self.page.locator("main, header").locator(among).filter(has_text=re.compile(rf"^\s*{word}"))
        self._click(found.first)
        self.followed.add(word)

    def ticks(self, word: str) -> None:
        self.page.get_by_label(word).check()
        self.followed.add(word)

    def fills(self, label: str, text: str) -> None:
        self.page.get_by_label(label).first.fill(text)
        self.followed.add(label)

    def signs_in(self, name: str, password: str) -> None:
        self.chooses("登录")
        self.fills("登录名", name)
        self.fills("密码", password)
        self.page.locator("main").get_by_role("button", name="登录", exact=True).click()
        self.page.wait_for_url("**/desk/")
        self.sees("演示数据")

    def signs_out(self) -> None:
        self.page.locator("header .qh-menu summary").last.click()  # one's name
        self.chooses("退出登录")

    def finds(self, typed: str) -> None:
        """Press "/" and type into the search of the header."""
        self.page.locator("body").press("/")
        self.page.keyboard.type(typed)
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(typed)

    def _click(self, found: Locator) -> None:
        found.click()
        self.page.wait_for_load_state()


@pytest.fixture
def desk(demonstration: Up, browser: Browser) -> Iterator[Newcomer]:
    yield from _newcomer(demonstration, browser, DESK)


@pytest.fixture
def phone(demonstration: Up, browser: Browser) -> Iterator[Newcomer]:
    yield from _newcomer(demonstration, browser, PHONE)


def _newcomer(platform: Up, browser: Browser, width: int) -> Iterator[Newcomer]:
    context = browser.new_context(
        base_url=f"http://127.0.0.1:{platform.port}", locale="zh-CN", viewport={"width": width, "height": 900}
    )
    page = context.new_page()
    page.goto("/")
    yield Newcomer(page)
    context.close()


@pytest.fixture
def password(demonstration: Up) -> str:
    return (demonstration.data_dir / "demo-accounts.txt").read_text().split()[2]


def fill_in(template: Path) -> None:
    """Put ten rows in place of the example; the last has no verification."""
    book = load_workbook(template)
    sheet = book.active
    assert sheet is not None
    heads = [str(cell.value) for cell in sheet[1]]
    example = dict(zip(heads, (cell.value for cell in sheet[2]), strict=True))
    sheet.delete_rows(2)
    verified = timezone.localdate() - timedelta(days=90)
    for number, serial in enumerate(SERIALS, start=1):
        row = example | {
            "市场统一社会信用代码": "", "市场名称": "", "所属区县": "", "检定机构": "",
            "摊位号": f"新{number}",
            "出厂编号": serial, "铅封编号": f"Q{serial}", "检定证书编号": f"川检{serial}",
            "检定日期": str(verified), "有效期至": str(verified + timedelta(days=364)),
        }  # fmt: skip
        if number == len(SERIALS):
            row |= dict.fromkeys(("检定证书编号", "检定日期", "有效期至", "检定结论"), "")
        sheet.append([row[head] for head in heads])
    book.save(template)


def file_ten(operator: Newcomer, password: str, sheet: Path) -> None:
    operator.signs_in("shichang", password)
    operator.opens("台账导入")
    operator.chooses("上传台账")
    with operator.page.expect_download() as blank:
        operator.chooses("下载空白模板")
    blank.value.save_as(sheet)
    fill_in(sheet)
    operator.page.set_input_files("input[type=file]", str(sheet))
    operator.chooses("上传并核对")
    operator.sees("确认导入")
    operator.sees("10 行可以导入")
    operator.looks()
    with operator.page.expect_download():
        operator.chooses("下载核对结果")
    operator.chooses("确认导入")
    operator.sees("已完成")
    operator.looks()
    operator.opens("备案")
    operator.sees("待备案审核")
    operator.signs_out()


def accept(officer: Newcomer, password: str) -> None:
    officer.signs_in("xian", password)
    officer.sees("备案待审核")
    officer.opens("备案")
    officer.chooses("[^ ]*农贸市场")
    officer.sees("退回选中的")
    officer.looks()
    officer.chooses("通过全部")
    officer.sees("已通过 10 台")


def print_labels(officer: Newcomer, paper: Path) -> dict[str, str]:
    """Print the ten labels; return the code of each serial number, as its file tells it."""
    officer.opens("计量器具")
    officer.fills("出厂编号（开头或末尾）、证书、铅封、器具码", SERIALS[0][:4])
    officer.chooses("筛选", among="button")
    officer.ticks("符合条件的全部")
    officer.chooses("打印标签", among="button")
    officer.chooses("打印标签（10 条）")
    officer.chooses("为 10 台（件）赋码")
    officer.looks()
    with officer.page.expect_download() as printed:
        officer.chooses("生成 PDF")
    printed.value.save_as(paper)
    picture = pypdfium2.PdfDocument(paper)[0].render(scale=300 / 72).to_pil()
    scanned = {found.text for found in zxingcpp.read_barcodes(picture)}
    assert len(scanned) == len(SERIALS)
    return {address: urlsplit(address).path for address in scanned}


def code_of(officer: Newcomer, serial: str) -> str:
    """Read the code of a scale where its file shows it."""
    officer.finds(serial)
    found = re.search(r"\bQ\d-[0-9A-Z-]{20,}", officer.page.locator("main").inner_text())
    assert found, officer.page.url
    return found[0]


def look_up(shopper: Newcomer, code: str) -> None:
    shopper.page.goto("/")
    shopper.fills("器具码", code)
    shopper.chooses("查询")


def confirm(officer: Newcomer, serial: str) -> None:
    officer.opens("待办")
    officer.chooses(".*自报检定待核实")
    officer.followed.add("自报检定待核实")
    officer.chooses(serial)
    officer.fills("证书或通知书编号", f"川检{serial}")
    officer.page.get_by_label("检定机构").select_option(index=1)
    officer.fills("有效期至", str(timezone.localdate() + timedelta(days=274)))
    officer.ticks("已核对检定证书")
    officer.looks()
    officer.chooses("核实检定记录", among="button")


def record(officer: Newcomer, serial: str) -> None:
    officer.finds(serial)
    officer.chooses("登记检定")
    officer.page.get_by_label("合格", exact=True).check()
    officer.page.get_by_label("已核对检定证书").check()
    officer.fills("检定日期", str(timezone.localdate()))
    officer.fills("证书或通知书编号", f"川检{serial}")
    officer.page.get_by_label("检定机构").select_option(index=1)
    officer.fills("有效期至", str(timezone.localdate() + timedelta(days=364)))
    officer.chooses("登记检定", among="button")


def break_seal(inspector: Newcomer, password: str, serial: str) -> None:
    inspector.signs_in("suo", password)
    inspector.finds(serial)
    inspector.chooses("办理其他事项")
    inspector.chooses("登记铅封破损")
    inspector.page.locator("input[name=seal]").first.check()
    inspector.fills("破损情况", "检查时发现铅封断开")
    inspector.ticks("已看清上述后果")
    inspector.looks()
    inspector.chooses("登记铅封破损", among="button")
    inspector.sees("全部记录")


def test_the_tutorial_holds_word_for_word(
    desk: Newcomer, phone: Newcomer, password: str, tmp_path: Path
) -> None:
    file_ten(desk, password, tmp_path / "台账.xlsx")
    accept(desk, password)
    assert len(print_labels(desk, tmp_path / "labels.pdf")) == len(SERIALS)
    first, last = code_of(desk, SERIALS[0]), code_of(desk, SERIALS[-1])

    look_up(phone, first)
    phone.sees("未核实")
    phone.looks()
    confirm(desk, SERIALS[0])
    phone.page.reload()
    phone.is_told("有效")
    phone.sees("监管部门录入")
    look_up(phone, last)
    phone.is_told("未经检定")
    record(desk, SERIALS[-1])
    phone.page.reload()
    phone.is_told("有效")

    desk.signs_out()
    break_seal(desk, password, SERIALS[0])
    look_up(phone, first)
    phone.sees("铅封破损")
    phone.looks()
    desk.sees("受检率")
    assert words_of_the_tutorial() - desk.followed - phone.followed == set()


def words_of_the_tutorial() -> set[str]:
    return set(re.findall(r"\*\*(.+?)\*\*", TUTORIAL.read_text()))
