"""Rows of a spreadsheet, whatever its kind, as a stream in bounded memory."""

from __future__ import annotations

import codecs
import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from threading import Timer
from typing import Any, NamedTuple

from quanheng.kit.sheets.limits import DEFAULT_LIMITS, Limits, SheetRefused
from quanheng.kit.sheets.precheck import check_workbook, kind_of

Cell = str | int | float | bool | date | None
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
SAMPLE = 1 << 20


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
    encoding = encoding_of(path)
    csv.field_size_limit(limits.csv_field)
    with path.open(encoding=encoding, newline="") as file:
        try:
            sample = file.read(65_536)
            file.seek(0)
            reader = csv.reader(file, delimiter=_delimiter(sample))
            for number, cells in enumerate(reader, 1):
                yield SheetRow(path.name, number, cells)
        except UnicodeDecodeError as problem:
            raise SheetRefused("encoding", "文字编码无法识别，请另存为 UTF-8 编码的 csv 后上传。") from problem
        except csv.Error as problem:
            raise SheetRefused("damaged", f"csv 内容无法读取（{problem}），请用表格软件另存后上传。") from problem


def _delimiter(sample: str) -> str:
    """Return the separator that occurs most in the first lines."""
    return max(",\t;，|", key=lambda mark: (sample.count(mark), mark == ","))


def _read_workbook(path: Path, limits: Limits) -> Iterator[SheetRow]:
    command = [sys.executable, "-I", "-m", "quanheng.kit.sheets.child", str(path)]
    command += [str(limits.memory_bytes), str(limits.cpu_seconds)]
    with subprocess.Popen(  # noqa: S603  (our own module, the path is our own)
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, env={}
    ) as child:
        alarm = Timer(limits.wall_seconds, child.kill)
        alarm.start()
        try:
            assert child.stdout is not None  # noqa: S101  (PIPE was asked for)
            for line in child.stdout:
                yield from _rows_of(json.loads(line))
            if child.wait() != 0:
                raise SheetRefused(
                    "too_heavy", "表格无法在限定的内存和时间内读取，可能已损坏；请另存为 csv 或拆分后上传。"
                )
        except json.JSONDecodeError as problem:
            raise SheetRefused("too_heavy", "表格读取中断，请另存为 csv 或拆分后上传。") from problem
        finally:
            alarm.cancel()
            child.kill()


def _rows_of(block: dict[str, Any]) -> Iterator[SheetRow]:
    if "refused" in block:
        raise SheetRefused("damaged", "文件已损坏、设有密码或不是表格，请用表格软件打开另存后重新上传。")
    for number, cells in enumerate(block["rows"], block["first"]):
        yield SheetRow(block["sheet"], number, [_cell(cell) if type(cell) is dict else cell for cell in cells])


def _cell(cell: dict[str, str]) -> Cell:
    return datetime.fromisoformat(cell["d"]).date() if "d" in cell else cell["t"]
