"""Spreadsheets in and out: read in a limited child process, written with formulas defused."""

from quanheng.kit.sheets.cells import Day1904, ErrorValue, day_meant
from quanheng.kit.sheets.defusing import defuse, undefused
from quanheng.kit.sheets.limits import Limits, SheetRefused
from quanheng.kit.sheets.reading import Cell, SheetRow, read_rows
from quanheng.kit.sheets.writing import write_csv, write_xlsx

__all__ = [
    "Cell", "Day1904", "ErrorValue", "Limits", "SheetRefused", "SheetRow", "day_meant", "defuse", "read_rows",
    "undefused", "write_csv", "write_xlsx",
]  # fmt: skip
