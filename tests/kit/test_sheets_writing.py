"""What goes out runs nothing in a spreadsheet program, and numbers stay numbers (reliability F3)."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from quanheng.kit.sheets import defuse, read_rows, write_csv, write_xlsx

FORMULAS = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "＝1+1", "＋1", "－1+1", "＠A1", " =1+1",
    "\u3000=1+1", "\xa0=1", "\t=1+1",
    "\r=1+1", "\n=1", "=cmd|'/c calc'!A1", "|cmd", "%0A=1", "\t1",
]  # fmt: skip
PLAIN = ["电子计价秤", "A001", "a=b", "2026-06-30", "-5", "-5.25", "+86", "１２", "ACS-30", ""]


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_would_run_is_made_inert(text: str) -> None:
    assert defuse(text) == "'" + text


@pytest.mark.parametrize("value", [*PLAIN, -5, 1.5, Decimal("-0.2"), None, dt.date(2026, 6, 30), True])
def test_other_values_stay_what_they_are(value: object) -> None:
    assert defuse(value) is value


def test_a_workbook_holds_no_formula_and_keeps_numbers_and_dates(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    rows = [[text, -5, Decimal("1.25"), dt.date(2026, 6, 30), None, True] for text in FORMULAS]
    assert write_xlsx(path, ["=名称", "数", "量", "日", "空", "是"], rows) == len(FORMULAS)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    for row in sheet.iter_rows():
        assert all(cell.data_type != "f" for cell in row)
    number, amount, day, nothing, flag = [cell.value for cell in sheet[2]][1:]
    assert (number, amount, nothing, flag) == (-5, 1.25, None, True)
    assert str(day) == "2026-06-30 00:00:00"


def test_a_csv_opens_with_its_encoding_told_and_no_cell_that_runs(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    assert write_csv(path, ["=名称", "数"], [[text, -5] for text in FORMULAS]) == len(FORMULAS)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.reader(file))
    assert all(not row[0].lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")) for row in table)
    assert {row[1] for row in table[1:]} == {"-5"}


def test_what_was_written_can_be_read_back(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    write_xlsx(path, ["器具名称", "数量"], [["电子秤", 3]], sheet="导出")
    assert [(row.sheet, row.cells) for row in read_rows(path)] == [
        ("导出", ["器具名称", "数量"]),
        ("导出", ["电子秤", 3]),
    ]
