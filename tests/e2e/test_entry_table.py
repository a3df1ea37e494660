"""The entry table in a browser: rows grow, columns are pasted, the limit stands beside what is typed."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from quanheng.apps.certificates.models import ApplicationLine
from quanheng.apps.instruments.models import Instrument
from tests.e2e.conftest import PHONE, OpenPage, check_accessibility, check_width
from tests.factories import make_area, make_entity, make_instrument
from tests.factories.verification import Bench, make_bench, make_line


@pytest.fixture
def bench(site: str) -> Bench:
    return make_bench(make_area("锦江区"))


@pytest.fixture
def scale(bench: Bench) -> Instrument:
    stall = make_entity("三号摊", kind="stall", area=bench.institute.area)
    return make_instrument(stall, accuracy_class="III", max_capacity_g=15000, e_g=5, serial_number="S1")


@pytest.fixture
def line(scale: Instrument, bench: Bench) -> ApplicationLine:
    return make_line(scale, bench.institute)


PASTE = """([name, row, text]) => {
  const cell = document.querySelectorAll(`.qh-entry [name=${name}]`)[row];
  const data = new DataTransfer();
  data.setData("text/plain", text);
  cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def cell(page: Page, name: str, row: int) -> Any:
    return page.locator(f".qh-entry [name={name}]").nth(row)


def test_rows_grow_and_the_limit_follows_what_is_typed(
    open_page: OpenPage, bench: Bench, line: ApplicationLine
) -> None:
    page = open_page(f"/examinations/{line.pk}/", actor=bench.verifier)
    check_accessibility(page)
    before = page.locator(".qh-entry tbody tr").count()
    page.get_by_role("button", name="增加 5 行").press("Enter")
    expect(page.locator(".qh-entry tbody tr")).to_have_count(before + 5)
    expect(cell(page, "test", before)).to_be_focused()
    cell(page, "test", before).select_option("weighing")
    for load, limit in (("2500", "±2.5 g"), ("2505", "±5 g"), ("15000", "±7.5 g"), ("15001", "")):
        cell(page, "load_g", before).fill(load)
        expect(page.locator("[data-limit]").nth(before)).to_have_text(limit)
    page.get_by_label("检定类别").select_option("in_service")
    cell(page, "load_g", before).fill("15000")
    expect(page.locator("[data-limit]").nth(before)).to_have_text("±15 g")
    check_accessibility(page)


def test_a_block_of_a_spreadsheet_goes_in_where_it_is_pasted(
    open_page: OpenPage, bench: Bench, line: ApplicationLine
) -> None:
    page = open_page(f"/examinations/{line.pk}/", actor=bench.verifier, width=PHONE)
    last = page.locator(".qh-entry tbody tr").count() - 1
    page.evaluate(PASTE, ["load_g", last, "100\t101\n2500\t2501\n"])
    expect(page.locator(".qh-entry tbody tr")).to_have_count(last + 2)
    assert [cell(page, "indication_g", row).input_value() for row in (last, last + 1)] == ["101", "2501"]
    check_width(page)
