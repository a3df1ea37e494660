"""Spreadsheets in and out: read in a limited child process, written with formulas defused."""

from quanheng.kit.sheets.limits import Limits, SheetRefused
from quanheng.kit.sheets.reading import Cell, SheetRow, read_rows
from quanheng.kit.sheets.writing import defuse, write_csv, write_xlsx

__all__ = ["Cell", "Limits", "SheetRefused", "SheetRow", "defuse", "read_rows", "write_csv", "write_xlsx"]
