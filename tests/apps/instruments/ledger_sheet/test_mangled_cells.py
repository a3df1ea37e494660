"""What a spreadsheet program made of a number or a date is undone, or told where something was lost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from quanheng.apps.instruments.ledger_sheet.dates import day
from quanheng.apps.instruments.ledger_sheet.normalise import nozzle
from quanheng.apps.instruments.ledger_sheet.numbers import mass_in, serial_number
from quanheng.kit.sheets import Day1904, ErrorValue
from tests.apps.instruments.ledger_sheet.world import read_table

HEAD = ["使用单位", "器具名称", "出厂编号", "摊位号", "最大秤量", "检定分度值", "证书编号", "检定日期"]
ROW: list[Any] = ["东门市场", "电子计价秤", "A1", "B1", 30, 10, "川1", date(2026, 3, 1)]


def faults(**changed: Any) -> dict[str, str]:
    """Return field → reason of a row with other cells."""
    cells = [changed.get(title, cell) for title, cell in zip(HEAD, ROW, strict=True)]
    return {fault.field: fault.reason for fault in read_table([HEAD, cells])[0].faults}


def test_the_row_itself_is_in_order() -> None:
    assert faults() == {}


@pytest.mark.parametrize("title", ["出厂编号", "摊位号", "最大秤量", "检定分度值", "证书编号", "器具名称"])
def test_a_date_where_none_can_be_is_refused(title: str) -> None:
    told = faults(**{title: date(2026, 2, 1)})
    assert "被表格软件改成了日期" in "".join(told.values())


@pytest.mark.parametrize(
    "text", ["1-Feb", "2月1日", "Feb-01", "2026/2/1", "2026年2月1日", "2026-02-01 00:00:00"]
)
@pytest.mark.parametrize("title", ["出厂编号", "摊位号", "证书编号"])
def test_a_date_as_text_is_refused_too(title: str, text: str) -> None:
    assert "被表格软件改成了日期" in "".join(faults(**{title: text}).values())


def test_a_range_that_became_a_date_is_no_mass() -> None:
    assert "改成了日期" in mass_in("kg")("2026/6/15")[1]
    assert mass_in("kg")("6/15")[0] == 15_000


def test_an_error_value_is_a_fault_that_names_the_cell() -> None:
    told = faults(检定日期=ErrorValue("#REF!"), 器具名称=ErrorValue("#N/A"))
    assert told["verified_on"].startswith("单元格 H2 是公式错误值 #REF!")
    assert "B2" in told["catalogue_item"]


@pytest.mark.parametrize(
    "text",
    [
        "1001\n1002",
        "2001、2002、2003",
        "2001，2002",
        "3001~3005",
        "3001至3005",
        "4001/4002",
        "5001 5002",
        "A1;A2",
    ],
)
def test_several_serial_numbers_in_a_cell_are_told_and_never_joined(text: str) -> None:
    assert serial_number(text) == (
        None,
        f"“{' '.join(text.split()).replace('，', ',')}”：一格里有多个出厂编号，请一台一行分开填写。",
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("23/0456", "23/0456"),
        ("2023 0456", "20230456"),
        ("SN 12345", "SN12345"),
        ("2019-12-0034", "2019-12-0034"),
        ("A-1/2", "A-1/2"),
    ],
)
def test_one_serial_number_stays_one(text: str, number: str) -> None:
    assert serial_number(text) == (number, "")


@pytest.mark.parametrize("text", ["1,2", "3/4", "1、2", "1号、2号", "1\n2", "1~4", "1和2", "1 2"])
def test_several_nozzles_in_a_cell_are_told(text: str) -> None:
    assert "多把油枪" in nozzle(text)[1]


@pytest.mark.parametrize("text", ["1", "1-1", "12#", "1号枪", "A2"])
def test_one_nozzle_stays_one(text: str) -> None:
    assert nozzle(text) == (text, "")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2026-02-28T16:00:00.000Z", date(2026, 3, 1)),
        ("2026-02-28T16:00:00+00:00", date(2026, 3, 1)),
        ("2026-02-28T16:00Z", date(2026, 3, 1)),
        ("2026-03-01T00:00:00+08:00", date(2026, 3, 1)),
        ("2026-02-28 23:59:17", date(2026, 3, 1)),
        ("2026/2/28 23:59:17", date(2026, 3, 1)),
        ("2026-02-28 23:59:59", date(2026, 2, 28)),
        ("2026-03-01T15:59:59Z", date(2026, 3, 1)),
        ("Sun Mar 01 2026 00:00:00 GMT+0800 (中国标准时间)", date(2026, 3, 1)),
        ("1-Mar-2026", date(2026, 3, 1)),
        (Day1904(44620), date(2026, 3, 1)),
        (44620.0, date(2022, 2, 28)),
        ("26.3.1", date(2026, 3, 1)),
        ("26-03-15", date(2026, 3, 15)),
        ("26/3/1", date(2026, 3, 1)),
    ],
)
def test_a_date_is_read_as_it_was_meant(raw: Any, expected: date) -> None:
    assert day(raw) == (expected, "")


@pytest.mark.parametrize("text", ["01/06/24", "31/05/25", "05/06/24"])
def test_a_date_that_can_be_several_is_asked_about(text: str) -> None:
    found, reason = day(text)
    assert found is None
    assert "可以读作" in reason


@pytest.mark.parametrize("raw", [date(2126, 2, 28), date(1905, 7, 18), "2126-02-28", "1905-07-18"])
def test_a_year_that_cannot_be_is_told_of_text_and_cells_alike(raw: Any) -> None:
    assert "年份不合理" in day(raw)[1]
