"""Sheets that go out: nothing in them runs, numbers stay numbers, constant memory."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from quanheng.kit.sheets.defusing import defuse


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write UTF-8 with a byte order mark (spreadsheet programs ask for it); returns the number of rows."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([defuse(title) for title in header])
        for row in rows:
            writer.writerow([defuse(_text(value)) for value in row])
            count += 1
    return count


def write_xlsx(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]], *, sheet: str = "清单"
) -> int:
    """Write a workbook row by row in constant memory; text is stored as text, never as a formula."""
    count = 0
    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    page = book.add_worksheet(sheet[:31])
    strong, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    page.freeze_panes(1, 0)
    for column, title in enumerate(header):
        page.write_string(0, column, title, strong)
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            _write_cell(page, number, column, value, day)
        count = number
    book.close()
    return count


def _write_cell(page: Any, row: int, column: int, value: Any, day: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        page.write_boolean(row, column, value)
    elif isinstance(value, int | float | Decimal):
        page.write_number(row, column, float(value))
    elif isinstance(value, datetime):
        page.write_string(row, column, value.isoformat(" ", "seconds"))
    elif isinstance(value, date):
        page.write_datetime(row, column, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
    else:
        page.write_string(row, column, str(value)[:32_767])


def _text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    return "" if value is None else value
