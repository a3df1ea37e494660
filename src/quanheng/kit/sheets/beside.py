"""What an xlsx says beside its values, which the parser does not tell: error values, number formats, 1904.

Read in the same limited child as the values. A part that cannot be read tells nothing, and hinders nothing.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any
from xml.etree import ElementTree as ET

from quanheng.kit.sheets.number_formats import BUILT_IN, shown, telling

BLOCK = 1 << 20
LONGEST_ROW = 16 * BLOCK
UNREADABLE = (
    KeyError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    ET.ParseError,
)
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
PLACE = re.compile(rb"""\br=["']([A-Z]{1,4})([0-9]{1,8})["']""")
STYLE = re.compile(rb"""\bs=["']([0-9]{1,6})["']""")
IS_ERROR = re.compile(rb"""\bt=["']e["']""")
IS_NUMBER = re.compile(rb"""\bt=["'](?!n["'])""")
VALUE = rb"""[^>]*)>\s*(?:<(?:\w+:)?f\b(?:[^>]*/>|.*?</(?:\w+:)?f>))?\s*<(?:\w+:)?v[^>]*>([^<]*)<"""


class Beside:
    """What a workbook tells beside its values."""

    def __init__(self, path: Path) -> None:
        self.counts_from_1904 = False
        self._formats: dict[int, str] = {}  # style → number format, of those that tell more
        self._parts: dict[str, str] = {}  # name of a sheet → its member
        self._file: zipfile.ZipFile | None = None
        try:
            self._file = zipfile.ZipFile(path)
            self._read_workbook(self._file)
            self._formats = dict(_telling_formats(_parsed(self._file, "xl/styles.xml")))
        except UNREADABLE:
            pass  # an old workbook, or one without styles

    def of(self, sheet: str) -> dict[int, dict[int, Any]]:
        """Return row → column → cell, from 0, where the clerk sees more than the value."""
        member = self._parts.get(sheet)
        if self._file is None or member is None:
            return {}
        found: dict[int, dict[int, Any]] = defaultdict(dict)
        try:
            with self._file.open(member) as part:
                for row, column, cell in self._odd_cells(part):
                    found[row][column] = cell
        except UNREADABLE:
            pass
        return found

    def _read_workbook(self, file: zipfile.ZipFile) -> None:
        book = _parsed(file, "xl/workbook.xml")
        about = book.find("{*}workbookPr")
        self.counts_from_1904 = about is not None and about.get("date1904") in {"1", "true"}
        targets = {
            relation.get("Id"): relation.get("Target", "")
            for relation in _parsed(file, "xl/_rels/workbook.xml.rels")
        }
        for sheet in book.iterfind("{*}sheets/{*}sheet"):
            target = targets.get(sheet.get(RELATION) or sheet.get(STRICT), "")
            self._parts[sheet.get("name", "")] = str(PurePosixPath("xl") / target).lstrip("/")

    def _odd_cells(self, part: IO[bytes]) -> Iterator[tuple[int, int, Any]]:
        wanted = [rb"""t=["']e["']"""]
        if self._formats:
            wanted.append(rb"""s=["'](?:%s)["']""" % b"|".join(b"%d" % style for style in self._formats))
        cell = re.compile(rb"<(?:\w+:)?c\s([^>]*?\b(?:" + b"|".join(wanted) + b")" + VALUE, re.DOTALL)
        for text in _whole_rows(part):
            for about, value in cell.findall(text):
                place = PLACE.search(about)
                if place and (told := self._told(about, value)) is not None:
                    yield int(place[2]) - 1, _column(place[1]) - 1, told

    def _told(self, about: bytes, value: bytes) -> Any:
        if IS_ERROR.search(about):
            return {"e": value.decode("utf-8", "replace")}
        style = STYLE.search(about)
        if IS_NUMBER.search(about) or style is None or int(style[1]) not in self._formats:
            return None
        return shown(float(value), self._formats[int(style[1])])


def _parsed(file: zipfile.ZipFile, member: str) -> ET.Element:
    return ET.fromstring(file.read(member))  # noqa: S314  (what it may use is limited, it opens nothing)


def _telling_formats(styles: ET.Element) -> Iterator[tuple[int, str]]:
    codes = {
        int(own.get("numFmtId", "0")): own.get("formatCode", "")
        for own in styles.iterfind("{*}numFmts/{*}numFmt")
    }
    for style, about in enumerate(styles.iterfind("{*}cellXfs/{*}xf")):
        number = int(about.get("numFmtId", "0"))
        code = codes.get(number) or BUILT_IN.get(number, "")
        if code and telling(code):
            yield style, code


def _whole_rows(part: IO[bytes]) -> Iterator[bytes]:
    """Yield a sheet in blocks that end with a row."""
    rest = b""
    while block := part.read(BLOCK):
        text = rest + block
        end = max(text.rfind(b"</row>"), text.rfind(b":row>"))
        if end >= 0:
            yield text[:end]
            text = text[end:]
        rest = text if len(text) < LONGEST_ROW else b""
    yield rest


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
