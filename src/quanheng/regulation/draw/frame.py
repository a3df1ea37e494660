"""The frame of a draw: every unit that there is, frozen as canonical CSV so that one hash stands for it.

UTF-8, line feeds, no byte order mark, one heading line, rows sorted by id (by code points, which is also the
order of the UTF-8 bytes), a value in quotes only where it holds a comma or a quote. An excluded unit stays in
the frame with the reason: whoever reads it sees who was left out, and why.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NoReturn
from unicodedata import normalize

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell
from quanheng.regulation.draw.documents import digest

UNIT_COLUMNS = ("id", "stratum", "excluded")  # what a draw of units needs
INSPECTOR_COLUMNS = ("id", "strata", "conflicts", "excluded")
CLUSTER = "cluster"  # optional: what stands together, such as the station of a dispenser
KEYS = {"id", "stratum", CLUSTER}  # whose values name something
LARGEST_FRAME = 5_000_000
SEPARATOR = "\x1f"
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")
EDGES = re.compile(  # what no value may hold, in values joined by separators and line feeds
    "[\x00-\x09\x0b-\x1e\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]"
    r"|[^\S\n\x1f](?=[\n\x1f]|\Z)|(?:\A|(?<=[\n\x1f]))[^\S\n\x1f]"
)


@dataclass(frozen=True)
class Frame:
    """A frozen frame; build it with `freeze` or `parse_frame`.

    Args:
        columns: as in the heading.
        rows: sorted by id; every value a text.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @cached_property
    def text(self) -> str:
        """The canonical CSV."""
        return "".join(f"{_line(row)}\n" for row in (self.columns, *self.rows))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical CSV, in hexadecimal."""
        return digest(self.text)

    def column(self, name: str) -> tuple[str, ...]:
        """Return the values of a column. Raises CaseFault where there is none."""
        if name not in self.columns:
            raise CaseFault("frame", "column_missing", tell("抽样框缺少列 {name}。", name=name), column=name)
        return self._columns[name]

    @cached_property
    def _columns(self) -> dict[str, tuple[str, ...]]:
        return dict(zip(self.columns, zip(*self.rows, strict=True), strict=True))


def freeze(
    columns: Sequence[str], rows: Iterable[Sequence[str]], needed: Sequence[str] = UNIT_COLUMNS
) -> Frame:
    """Freeze a frame; the order of the rows that come in does not matter.

    Raises:
        CaseFault: a column that is needed is missing or stands twice; an id that is empty, stands twice or
            differs from another by width alone; a unit without a stratum; control characters, or blanks
            around a value. It names row and column.
    """
    _check_columns(columns, needed)
    held = [tuple(row) for row in rows]
    if not 0 < len(held) <= LARGEST_FRAME:
        raise CaseFault(
            "frame",
            "no_rows",
            tell(
                "抽样框应有 1 至 {largest_frame} 行，现为 {count} 行。",
                largest_frame=LARGEST_FRAME,
                count=len(held),
            ),
        )
    _check_values(columns, held)
    at = columns.index("id")
    held.sort(key=lambda row: row[at])
    _check_ids([row[at] for row in held])
    _check_alike(columns, held)
    frame = Frame(tuple(columns), tuple(held))
    if "stratum" in needed and not all(frame.column("stratum")):
        number = frame.column("stratum").index("")
        raise CaseFault("stratum", "empty", tell("{id} 没有所属层（如县区代码）。", id=held[number][at]))
    return frame


def parse_frame(text: str, needed: Sequence[str] = UNIT_COLUMNS, *, canonical: bool = True) -> Frame:
    """Read a frame from CSV.

    Args:
        canonical: refuse everything but the canonical form; False takes a table as offices write it: with a
            byte order mark, with carriage returns, in any order.

    Raises:
        CaseFault: see `freeze`; or not CSV; or not canonical.
    """
    lines = text.removesuffix("\n").split("\n")
    if not canonical:
        lines = [line.removesuffix("\r") for line in text.removeprefix("\ufeff").rstrip("\r\n").split("\n")]
    try:
        columns, *rows = csv.reader(lines, strict=True)
    except csv.Error as fault:
        raise CaseFault("frame", "not_csv", tell("不是正确的 CSV：{fault}", fault=fault)) from None
    frame = freeze(columns, rows, needed)
    if canonical and frame.text != text:
        raise CaseFault("frame", "not_canonical", "抽样框不是规范形式：应按 id 排序、UTF-8、换行为 LF。")
    return frame


def _check_columns(columns: Sequence[str], needed: Sequence[str]) -> None:
    for name in needed:
        if name not in columns:
            raise CaseFault("frame", "column_missing", tell("抽样框缺少列 {name}。", name=name), column=name)
    for name, count in Counter(columns).items():
        if count > 1 or not name or name != name.strip() or CONTROL.search(name):
            raise CaseFault("frame", "column_name", "列名不能为空、重复，或含有控制字符。", column=name)


def _check_values(columns: Sequence[str], rows: list[tuple[str, ...]]) -> None:
    """Look at everything in one pass; only when something is wrong, look again for where."""
    if any(len(row) != len(columns) for row in rows):
        number = next(number for number, row in enumerate(rows, 1) if len(row) != len(columns))
        raise CaseFault(
            "frame", "row_length", tell("第 {number} 行的列数与表头不同。", number=number), row=number
        )
    joined = "\n".join(map(SEPARATOR.join, rows))
    separators = len(rows) * (len(columns) - 1)
    plain = joined.count("\n") == len(rows) - 1 and joined.count(SEPARATOR) == separators
    if not plain or EDGES.search(joined):
        _refuse_first(columns, rows)


def _refuse_first(columns: Sequence[str], rows: list[tuple[str, ...]]) -> NoReturn:
    number, column = next(_faulty(columns, rows))
    raise CaseFault(
        column,
        "not_plain",
        tell("第 {number} 行 {column}：不能含控制字符，前后不能有空白。", number=number, column=column),
        row=number,
    )


def _faulty(columns: Sequence[str], rows: list[tuple[str, ...]]) -> Iterator[tuple[int, str]]:
    return (
        (number, column)
        for number, row in enumerate(rows, 1)
        for column, value in zip(columns, row, strict=True)
        if value != value.strip() or CONTROL.search(value)
    )


def _check_ids(ids: list[str]) -> None:
    """Raise CaseFault where an id is empty or stands twice; the ids are sorted."""
    if not ids[0]:
        raise CaseFault("id", "empty", "每行都应有 id。")
    if len(set(ids)) != len(ids):
        double = next(one for one, other in pairwise(ids) if one == other)
        raise CaseFault("id", "duplicate", tell("id {double} 出现不止一次。", double=double), id=double)


def _check_alike(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Raise CaseFault where two values of an id, a stratum or a cluster differ by width or form alone (NFKC).

    Whoever reads `Ａ-1` and `A-1` takes them for one; a unit that stands twice is drawn twice as often.
    """
    for column in KEYS & set(columns):
        at = columns.index(column)
        known: dict[str, str] = {}
        for value in sorted({row[at] for row in rows if not row[at].isascii()}):
            known.setdefault(normalize("NFKC", value), value)
        if not known:
            continue  # nothing but ASCII: what differs, differs to the eye
        for value in {row[at] for row in rows}:
            like = known.get(normalize("NFKC", value), value)
            if like != value:
                raise CaseFault(
                    column, "alike", tell("{column} 的“{like}”与“{value}”仅全角半角等写法不同，请统一。",
                         column=column, like=like, value=value),
                    value=value, like=like,
                )  # fmt: skip


def _line(row: Sequence[str]) -> str:
    line = ",".join(row)
    if '"' not in line and line.count(",") == len(row) - 1:
        return line
    return ",".join(_quoted(value) for value in row)


def _quoted(value: str) -> str:
    return f'"{value.replace(chr(34), chr(34) * 2)}"' if "," in value or '"' in value else value
