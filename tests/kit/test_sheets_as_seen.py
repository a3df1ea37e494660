"""What a clerk saw in a cell comes out: number formats, error values, the other calendar, midnight."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from quanheng.kit.sheets import Day1904, ErrorValue, SheetRefused, day_meant, defuse, read_rows, undefused
from quanheng.kit.sheets.number_formats import shown


def book(path: Path, cells: list[tuple[Any, str]], **facts: Any) -> Path:
    """Write a sheet of one row; each cell has its number format."""
    made = Workbook()
    made.epoch = facts.get("epoch", made.epoch)
    sheet = made.worksheets[0]
    for column, (value, code) in enumerate(cells, 1):
        sheet.cell(1, column, value).number_format = code
    made.save(path)
    return path


def cells_of(path: Path) -> list[Any]:
    return next(iter(read_rows(path))).cells


@pytest.mark.parametrize(
    ("number", "code", "seen"),
    [
        (12345, "00000000", "00012345"),
        (78, '"CD-"0000', "CD-0078"),
        (78, r"\C\D\-0000", "CD-0078"),
        (7, '"No."000;-0', "No.007"),
        (7, 'General"号"', "7号"),
        (30, '0"kg"', "30kg"),
        (2, "0台", "2台"),
        (12345678, "0000-0000", "1234-5678"),
        (123456789012, "0000-0000", "12345678-9012"),
        (13800000001, "000-0000-0000", "138-0000-0001"),
        (0.005, "0.0%", "0.5%"),
        (12.5, "000.0", "012.5"),
    ],
)
def test_a_number_comes_out_as_its_format_shows_it(
    number: float, code: str, seen: str, tmp_path: Path
) -> None:
    assert cells_of(book(tmp_path / "a.xlsx", [(number, code)])) == [seen]


@pytest.mark.parametrize(
    "code", ["General", "0", "0.00", "#,##0", "0_ ", r"0.00_);[Red]\(0.00\)", "@", "￥0"]
)
def test_a_format_that_tells_nothing_leaves_the_number(code: str, tmp_path: Path) -> None:
    assert cells_of(book(tmp_path / "a.xlsx", [(30, code)])) == [30]


@pytest.mark.parametrize("code", ["# ?/?", "0.0E+00", "[DBNum1]000", '[>100]"大"0;"小"0', "x" * 400])
def test_a_format_that_is_not_followed_leaves_the_number(code: str) -> None:
    assert shown(30.0, code) is None


def test_an_error_value_is_no_empty_cell_and_no_text_of_the_clerks(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [("#REF!", "General"), ("甲", "General"), ("#N/A", "General")])
    broken, text, absent = cells_of(path)
    assert (type(broken), broken, text) == (ErrorValue, "#REF!", "甲")
    assert type(absent) is ErrorValue


def test_an_error_value_in_a_csv_is_one_too(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("出厂编号,日期\nA1,#VALUE!\n", encoding="utf-8")
    assert type(list(read_rows(path))[1].cells[1]) is ErrorValue


def test_a_bare_number_of_a_1904_workbook_says_so(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [(44620, "General"), (30, "General")], epoch=CALENDAR_MAC_1904)
    day, other = cells_of(path)
    assert (type(day), type(other)) == (Day1904, float)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-02-28 23:59:17", "2026-03-01"),
        ("2026-02-28 23:59:00", "2026-03-01"),
        ("2026-02-28 23:59:59", "2026-02-28"),  # how programs write the end of a day
        ("2026-03-01 00:00:43", "2026-03-01"),
        ("2026-03-01 16:00:00", "2026-03-01"),
    ],
)
def test_a_few_minutes_before_midnight_are_the_next_day(written: str, day: str, tmp_path: Path) -> None:
    instant = dt.datetime.fromisoformat(written)
    assert day_meant(instant) == dt.date.fromisoformat(day)
    path = book(tmp_path / "a.xlsx", [(instant, "yyyy-mm-dd")])
    assert cells_of(path) == [dt.date.fromisoformat(day)]


def test_text_that_was_kept_as_a_formula_is_the_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('="00123","=""0012345""",=1+1\n', encoding="utf-8")
    assert cells_of(path) == ["00123", "0012345", "=1+1"]


@given(st.text())
def test_what_was_made_inert_comes_back_as_it_was(text: str) -> None:
    assert undefused(defuse(text)) == text


@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_the_separator_is_the_headers_whatever_the_remarks_hold(mark: str, tmp_path: Path) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=mark)
    writer.writerow(["器具名称", "出厂编号", "备注"])
    writer.writerows(
        [["电子秤", f"A{turn}", "磨损，缺一，可辨，偏轻，已复，换脚,a,b,c"] for turn in range(4)]
    )
    path = tmp_path / "a.csv"
    path.write_text(out.getvalue(), encoding="utf-8")
    assert cells_of(path) == ["器具名称", "出厂编号", "备注"]


def with_pictures(path: Path, pictures: int, *, sheets: int = 1) -> Path:
    """Add members to a workbook as pictures are kept."""
    made = Workbook()
    for _ in range(sheets - 1):
        made.create_sheet()
    made.worksheets[0].append(["出厂编号"])
    made.save(path)
    with zipfile.ZipFile(path, "a") as container:
        for number in range(pictures):
            container.writestr(f"xl/media/image{number}.png", b"\x89PNG")
    return path


def test_thousands_of_pictures_are_no_sheets(tmp_path: Path) -> None:
    assert cells_of(with_pictures(tmp_path / "a.xlsx", 3_000)) == ["出厂编号"]


def test_too_many_sheets_are_called_sheets(tmp_path: Path) -> None:
    with pytest.raises(SheetRefused, match="工作表过多"):
        read_rows(with_pictures(tmp_path / "a.xlsx", 0, sheets=60))
