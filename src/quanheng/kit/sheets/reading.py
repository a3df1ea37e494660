"""Rows of a spreadsheet, whatever its kind, as a stream in bounded memory."""

from __future__ import annotations

import codecs
import csv
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import count
from pathlib import Path
from threading import Timer
from typing import Any, NamedTuple, TextIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quanheng.kit.sheets.cells import ERROR_VALUES, Day1904, ErrorValue
from quanheng.kit.sheets.defusing import undefused
from quanheng.kit.sheets.limits import DEFAULT_LIMITS, Limits, SheetRefused
from quanheng.kit.sheets.precheck import check_workbook, kind_of

Cell = str | int | float | bool | date | None
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
SAMPLE = 1 << 20
SAMPLED_LINES = 200
LONGEST_NAME = 70  # what a spreadsheet program allows is 31


class SheetRow(NamedTuple):
    """One row: the sheet's name, the row's number as the clerk counts it (from 1), its cells."""

    sheet: str
    number: int
    cells: list[Any]


def read_rows(path: Path, limits: Limits = DEFAULT_LIMITS) -> Iterator[SheetRow]:
    """Stream the rows of an xlsx, xls or csv file. Dates come as dates, numbers as the program held them.

    Raises:
        SheetRefused: with a message for the clerk; nothing else escapes, whatever the file holds.
    """
    kind = kind_of(path)
    if kind == "csv":
        return _read_csv(path, limits)
    if kind == "xlsx":
        check_workbook(path, limits)
    return _read_workbook(path, limits)


def encoding_of(path: Path) -> str:
    """Return UTF-8, UTF-16 or GB 18030, whichever the file is written in."""
    with path.open("rb") as file:
        sample = file.read(SAMPLE)
        for mark, name in BOMS:
            if sample.startswith(mark):
                return name
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            decoder.decode(sample)
            while block := file.read(SAMPLE):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "gb18030"
    return "utf-8"


def _read_csv(path: Path, limits: Limits) -> Iterator[SheetRow]:
    """Read in this process: the csv module is bounded by the three limits on field, line and record."""
    csv.field_size_limit(limits.csv_field)
    with path.open(encoding=encoding_of(path), newline="") as file:
        try:
            delimiter = _delimiter(file.read(65_536))
            file.seek(0)
            lines = _BoundedLines(file, limits)
            for number, cells in enumerate(csv.reader(lines, delimiter=delimiter), 1):
                lines.taken = 0
                if len(cells) > limits.columns:
                    raise SheetRefused(
                        "far_cell",
                        _("第 %(row)d 行有 %(columns)d 列，请删除多余的分隔符后重新上传。")
                        % {"row": number, "columns": len(cells)},
                    )
                yield SheetRow(path.name, number, _as_written(cells))
        except UnicodeError as problem:
            raise SheetRefused(
                "encoding", _("文字编码无法识别，请另存为 UTF-8 编码的 csv 后上传。")
            ) from problem
        except csv.Error as problem:
            raise SheetRefused(
                "damaged",
                _("csv 中有单元格过长，多为引号没有成对；请用表格软件打开、检查后另存，再重新上传。"),
            ) from problem


class _BoundedLines:
    """Lines of a text file, none longer than allowed, and not too many in one record."""

    def __init__(self, file: TextIO, limits: Limits) -> None:
        self._file, self._limits = file, limits
        self.taken = 0  # lines of the record that is being read

    def __iter__(self) -> _BoundedLines:
        return self

    def __next__(self) -> str:
        line = self._file.readline(self._limits.csv_line)
        if not line:
            raise StopIteration
        self.taken += 1
        if len(line) == self._limits.csv_line or self.taken > self._limits.csv_record_lines:
            raise SheetRefused(
                "too_large",
                _("csv 中有一行过长，多为引号没有成对或不是表格；请用表格软件打开后另存，再重新上传。"),
            )
        return line


def _as_written(cells: list[str]) -> list[Any]:
    """Undo what keeps a text a text in a csv: ="00123", our own apostrophe; tell error values from words."""
    if not any(cell[:1] in MARKED for cell in cells):
        return cells
    return [_unmarked(cell) if cell[:1] in MARKED else cell for cell in cells]


MARKED = frozenset("='#")


def _unmarked(cell: str) -> str:
    if kept := KEPT_AS_TEXT.fullmatch(cell):
        return kept[1].replace('""', '"')
    return ErrorValue(cell) if cell in ERROR_VALUES else undefused(cell)


KEPT_AS_TEXT = re.compile(r'="((?:[^"]|"")*)"\s*')


def _delimiter(sample: str) -> str:
    """Return the separator by which the most even table comes out: as many in each line as in the header.

    Remarks hold commas of their own, Chinese ones among them; a header holds its separator in every line.
    """
    lines = [QUOTED.sub("", line) for line in sample.splitlines()[:SAMPLED_LINES]]
    return max(
        ",\t;，|", key=lambda mark: (_evenness(lines, mark), mark in ",\t;", sample.count(mark), mark == ",")
    )


def _evenness(lines: list[str], mark: str) -> int:
    """Return how many lines have the same number of a mark as most have."""
    counts = Counter(count for line in lines if (count := line.count(mark)))
    return max(counts.values(), default=0)


QUOTED = re.compile(r'"[^"]*"')


def _read_workbook(path: Path, limits: Limits) -> Iterator[SheetRow]:
    command = [sys.executable, "-I", "-m", "quanheng.kit.sheets.child", str(path)]
    command += [str(limits.memory_bytes), str(limits.cpu_seconds)]
    with subprocess.Popen(  # noqa: S603  (our own module, the path is our own)
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, env={}
    ) as child:
        names = _Names()
        try:
            while line := _next_line(child, limits.wall_seconds):
                yield from _rows_of(json.loads(line), names)
            if child.wait() != 0:
                raise SheetRefused("too_heavy", str(TOO_HEAVY))
        except json.JSONDecodeError as problem:
            raise SheetRefused("too_heavy", str(TOO_HEAVY)) from problem
        finally:
            child.kill()


def _next_line(child: subprocess.Popen[bytes], seconds: float) -> bytes:
    """Return the child's next line, or nothing at its end; a child that keeps us waiting is killed.

    Only our waiting counts: whoever consumes the rows may take all the time they need.
    """
    assert child.stdout is not None  # noqa: S101  (PIPE was asked for)
    alarm = Timer(seconds, child.kill)
    alarm.start()
    try:
        return child.stdout.readline()
    finally:
        alarm.cancel()


TOO_HEAVY = gettext_lazy("表格无法在限定的内存和时间内读取，可能已损坏；请另存为 csv 或拆分后上传。")
REFUSALS = {
    "encrypted": gettext_lazy("文件设有密码，请在表格软件中取消密码后重新上传。"),
    "damaged": gettext_lazy("文件已损坏、不完整或不是表格，请用表格软件打开另存后重新上传。"),
}


def _rows_of(block: dict[str, Any], names: _Names) -> Iterator[SheetRow]:
    if "refused" in block:
        raise SheetRefused(block["refused"], str(REFUSALS[block["refused"]]))
    sheet = names.of(block["sheet"], starts=block["first"] == 1)
    for number, cells in enumerate(block["rows"], block["first"]):
        yield SheetRow(sheet, number, [_cell(cell) if type(cell) is dict else cell for cell in cells])


class _Names:
    """What the worksheets of a workbook are called: one line, nothing unseen in it, each another."""

    def __init__(self) -> None:
        self._given: set[str] = set()
        self._now = ""

    def of(self, raw: str, *, starts: bool) -> str:
        """Return the name of the sheet that a block is from; a sheet's first block starts it."""
        if starts:
            plain = " ".join("".join(c if c.isprintable() else " " for c in raw).split())[:LONGEST_NAME]
            self._now = plain
            for turn in count(2):
                if self._now not in self._given:
                    break
                self._now = f"{plain} ({turn})"
            self._given.add(self._now)
        return self._now


def _cell(cell: dict[str, Any]) -> Cell:
    if "d" in cell:
        return date.fromisoformat(cell["d"])
    if "e" in cell:
        return ErrorValue(cell["e"])
    return Day1904(cell["k"]) if "k" in cell else str(cell["t"])
