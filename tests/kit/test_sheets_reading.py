"""Rows come out of every kind of sheet as the clerk sees them."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlwt
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from quanheng.kit.sheets import Limits, SheetRefused, read_rows

INSTANT = dt.datetime(2026, 6, 30, 8, 30)  # noqa: DTZ001  (sheets know no time zone)
TABLE = "摊位号,器具名称\nA001,电子计价秤\n"


def blank_book() -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    return book, sheet


def cells(path: Path) -> list[Sequence[object]]:
    return [row.cells for row in read_rows(path)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_a_csv_is_read_in_the_encoding_and_with_the_mark_it_was_saved_with(
    encoding: str, mark: str, tmp_path: Path
) -> None:
    path = tmp_path / "ledger.txt"
    path.write_bytes(TABLE.replace(",", mark).encode(encoding))
    assert cells(path) == [["摊位号", "器具名称"], ["A001", "电子计价秤"]]


def test_commas_breaks_and_quotes_inside_quotes_belong_to_the_cell(tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    path.write_text('a,b\n"x,""y""\nz",2\n', encoding="utf-8")
    assert cells(path) == [["a", "b"], ['x,"y"\nz', "2"]]


def test_a_csv_that_is_gb18030_only_far_down_is_read_as_gb18030(tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    path.write_bytes(b"a,b\n" * 400_000 + "秤,1\n".encode("gb18030"))
    assert cells(path)[-1] == ["秤", "1"]


def test_a_csv_streams_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{number},电子计价秤,ACS-30,2026-03-15\n" for number in range(300_000))
    rows = read_rows(path)
    assert next(iter(rows)).cells[0] == "0"
    (last,) = deque(rows, maxlen=1)
    assert (last.number, last.cells[0]) == (300_000, "299999")


def test_excel_dates_come_as_dates_and_numbers_as_numbers(tmp_path: Path) -> None:
    path = tmp_path / "ledger.xlsx"
    book, sheet = blank_book()
    sheet.append([dt.date(2026, 6, 30), INSTANT, 23143583, 0.5, "23143583", True, None, "末"])
    book.save(path)
    day, instant, whole, part, text, flag, nothing, last = cells(path)[0]
    assert (day, instant) == (dt.date(2026, 6, 30), dt.date(2026, 6, 30))
    assert (whole, part, text, flag, nothing, last) == (23143583, 0.5, "23143583", True, None, "末")


def test_rows_are_numbered_as_in_the_sheet_also_when_it_begins_further_down(
    tmp_path: Path,
) -> None:
    path = tmp_path / "ledger.xlsx"
    book, sheet = blank_book()
    sheet["C4"], sheet["D6"] = "编号", 7
    book.save(path)
    rows = {row.number: row.cells for row in read_rows(path)}
    assert rows[4][:4] == [None, None, "编号", None]
    assert rows[6][:4] == [None, None, None, 7]


def test_a_value_merged_over_rows_counts_for_each_of_them(tmp_path: Path) -> None:
    path = tmp_path / "ledger.xlsx"
    book, sheet = blank_book()
    for row in (["台账", None], ["市场", "编号"], ["东门市场", 1], [None, 2], [None, 3], ["西门市场", 4]):
        sheet.append(row)
    sheet.merge_cells("A1:B1")
    sheet.merge_cells("A3:A5")
    book.save(path)
    assert [row[0] for row in cells(path)] == ["台账", "市场", "东门市场", "东门市场", "东门市场", "西门市场"]
    assert cells(path)[0] == ["台账", None]


def test_merged_cells_of_an_old_workbook_count_too(tmp_path: Path) -> None:
    path = tmp_path / "ledger.xls"
    book = xlwt.Workbook()
    sheet = book.add_sheet("台账")
    sheet.write_merge(0, 2, 0, 0, "东门市场")
    for row in range(3):
        sheet.write(row, 1, row)
    book.save(str(path))
    assert [row[0] for row in cells(path)] == ["东门市场"] * 3


def test_hidden_sheets_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "ledger.xlsx"
    book, sheet = blank_book()
    sheet.append(["今年"])
    old = book.create_sheet("去年")
    old.append(["去年"])
    old.sheet_state = "hidden"
    book.save(path)
    assert cells(path) == [["今年"]]


def test_the_limits_can_be_set(tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    path.write_text("a,b,c\n", encoding="utf-8")
    with pytest.raises(SheetRefused):
        list(read_rows(path, Limits(columns=2)))
