"""核对结果: the sheet as it came, its faults marked, the reasons beside them; and an empty sheet to start
with.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import chain, count, groupby, islice
from pathlib import Path
from typing import Any

import xlsxwriter

from quanheng.apps.instruments.enums import RowAction
from quanheng.apps.instruments.ledger_sheet.columns import SYNONYMS
from quanheng.apps.instruments.ledger_sheet.header import LOOKED_AT, find_header
from quanheng.apps.instruments.models import ImportRow, ImportRun
from quanheng.kit.sheets import SheetRefused, SheetRow, read_rows
from quanheng.kit.uploads import uploaded

WHOLE_UP_TO = 20_000  # a longer sheet comes back with its faulty rows only
FIELD_ALIASES = {"catalogue_item": ("name", "category")}
TEMPLATE = (
    "credit_code", "entity_name", "area", "stall", "holder_name", "phone", "name", "model", "accuracy_class",
    "max_capacity", "e", "serial_number", "manufacturer", "verified_on", "valid_until", "certificate_number",
    "institute", "conclusion", "seal", "status",
)  # fmt: skip
UNITS = {"max_capacity": "(kg)", "e": "(g)"}


def write_report(run: ImportRun, path: Path) -> None:
    """Write the run's sheets again, cell by cell; what is wrong is red, and told at the end of the row."""
    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    marked = MarkedBook(book, run)
    try:
        for name, rows in groupby(read_rows(uploaded(run.file_path)), key=lambda row: row.sheet):
            marked.write_sheet(name, rows)
    except SheetRefused as refused:
        book.add_worksheet("说明").write_string(0, 0, refused.message)
    book.close()


class MarkedBook:
    """A workbook that repeats an imported one with its faults marked."""

    def __init__(self, book: Any, run: ImportRun) -> None:
        self.book, self.run = book, run
        self.short = run.rows_read > WHOLE_UP_TO
        self.told = _told(run)
        self.tabs: set[str] = set()
        self.wrong = book.add_format({"bg_color": "#F8D7DA", "font_color": "#7A1020"})
        self.reason = book.add_format({"font_color": "#7A1020"})
        self.strong = book.add_format({"bold": True})

    def write_sheet(self, name: str, rows: Iterable[SheetRow]) -> None:
        """Write one sheet: every row at its place, or only the faulty ones of a long sheet."""
        rows = iter(rows)
        head = list(islice(rows, LOOKED_AT))
        header = find_header(head, self.run.mapping)
        last = header.last_row if header else 0
        columns = {field: column for column, field in header.columns.items()} if header else {}
        widest = max((len(row.cells) for row in head), default=0)
        page = self.book.add_worksheet(self._tab(name))
        line = -1
        for row in chain(head, rows):
            fields, words = self.told.get((name[:80], row.number), ([], ""))
            if self.short and row.number > last and not words:
                continue
            line = line + 1 if self.short else row.number - 1
            self._write_row(page, line, row, {columns[c] for c in _columns_of(fields) if c in columns})
            if row.number == last:
                page.write_string(line, widest, "核对结果", self.strong)
                page.write_string(line, widest + 1, "原行号", self.strong)
            if words:
                page.write_string(line, widest, words, self.reason)
                page.write_number(line, widest + 1, row.number)

    def _tab(self, name: str) -> str:
        """Return a name that a spreadsheet program takes: short, none of its marks, each another."""
        plain = name.translate(str.maketrans("[]:*?/\\'", "        ")).strip()[:24] or "台账"
        turns = chain([plain], (f"{plain} {turn}" for turn in count(2)))
        tab = next(tab for tab in turns if tab.lower() not in self.tabs)
        self.tabs.add(tab.lower())
        return tab

    def _write_row(self, page: Any, line: int, row: SheetRow, wrong: set[int]) -> None:
        for column, cell in enumerate(row.cells):
            mark = self.wrong if column in wrong else None
            if cell is None or cell == "":
                if mark is not None:
                    page.write_blank(line, column, None, mark)
            elif isinstance(cell, int | float):
                page.write_number(line, column, cell, mark)
            else:
                text = cell.isoformat() if isinstance(cell, date) else str(cell)
                page.write_string(line, column, text[:32_767], mark)


def _told(run: ImportRun) -> dict[tuple[str, int], tuple[list[str], str]]:
    told: dict[tuple[str, int], tuple[list[str], str]] = {}
    for row in ImportRow.objects.filter(run=run).exclude(action=RowAction.UPDATE):
        words = f"{row.reason} {'提示：' + row.notice if row.notice else ''}".strip()
        fields, before = told.get((row.sheet, row.number), ([], ""))
        told[row.sheet, row.number] = ([*fields, *row.fields], f"{before} {words}".strip())
    return told


def _columns_of(fields: list[str]) -> list[str]:
    return [column for field in fields for column in FIELD_ALIASES.get(field, (field,))]


def write_template(path: Path) -> None:
    """Write a sheet with the columns that a scale ledger needs and one example row."""
    example = (
        "", "示例农贸市场", "成都市锦江区", "A001", "张三", "13800000000", "电子计价秤", "ACS-30", "III",
        "30", "10", "20260001",
        "示例衡器有限公司", "2026-03-15", "2027-03-14", "川5101字第2026000001号", "成都市计量检定测试院",
        "合格", "QF000001", "在用",
    )  # fmt: skip
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet("台账")
    strong = book.add_format({"bold": True, "text_wrap": True})
    for column, (field, value) in enumerate(zip(TEMPLATE, example, strict=True)):
        page.write_string(0, column, SYNONYMS[field][0] + UNITS.get(field, ""), strong)
        page.write_string(1, column, value)
        page.set_column(column, column, max(12, len(value) + 4))
    page.freeze_panes(1, 0)
    book.close()
