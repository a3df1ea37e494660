"""Finding the header of a sheet under its titles and notes, in one row or two."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from quanheng.apps.instruments.ledger_sheet.columns import (
    FIELD_OF,
    TELLING,
    place_header,
    plain_header,
    suggestions,
)
from quanheng.apps.instruments.ledger_sheet.text import plain_text
from quanheng.kit.sheets import SheetRow

LOOKED_AT = 30
FEWEST = 3
CODE_IN_TITLE = re.compile(r"(?:信用代码|代码)[^0-9A-Za-z]{0,4}([0-9A-Za-z]{15,20})")
NAME_IN_TITLE = re.compile(
    r"(?:填报单位|使用单位|单位名称|医院名称|医疗机构名称|机构名称|市场名称|加油站名称|单位)"
    r"(?:\((?:盖章|公章)\))?[:：][ _]*([^\s:：_]{3,60})(?![^\s]*[:：])"
)
SELF_NAMED = re.compile(
    r"^([^\s:：0-9]{2,40}?(?:医院|卫生院|卫生服务中心|诊所|市场|超市|加油站|公司|门诊部|保健院))"
)
GENERIC = frozenset({"医疗机构", "农贸市场", "集贸市场", "加油站", "市场", "医院"})


@dataclass(frozen=True, slots=True)
class Question:
    """A column that could not be placed; the clerk is asked about this one only."""

    column: int
    header: str
    suggestions: list[str]
    example: str = ""


@dataclass(slots=True)
class Header:
    """Where each field stands.

    Args:
        last_row: the sheet row in which the header ends.
        columns: column index → field.
        units: column index → unit that the header names.
        titles: text above the header.
        height: in how many rows it stands.
    """

    last_row: int
    columns: dict[int, str]
    units: dict[int, str]
    names: dict[int, str]
    titles: list[str] = field(default_factory=list)
    height: int = 1
    unplaced: list[Question] = field(default_factory=list)

    def title_code(self) -> str:
        """Return the credit code that stands in a title, or nothing."""
        found = CODE_IN_TITLE.search(" ".join(self.titles))
        return found[1] if found else ""

    def title_name(self) -> str:
        """Return the entity that a title or the note line names, or nothing."""
        for title in self.titles:
            if found := NAME_IN_TITLE.search(title):
                return found[1].strip("_ ")
        for title in self.titles:
            found = SELF_NAMED.match(title)
            if found and found[1] not in GENERIC:
                return found[1]
        return ""


def find_header(rows: Sequence[SheetRow], mapping: dict[str, str] | None = None) -> Header | None:
    """Return the header among the first rows of a sheet; None where the sheet is no ledger.

    Args:
        mapping: header text → field, as the clerk answered before.
    """
    best: Header | None = None
    for index, row in enumerate(rows[:LOOKED_AT]):
        candidates = [_header_of(row.cells, row.number, mapping)]
        if index + 1 < len(rows):
            below = rows[index + 1]
            candidates.append(_header_of(_joined(row.cells, below.cells), below.number, mapping))
            candidates[-1].height = 2
        for candidate in candidates:
            if _better(candidate, best):
                best = candidate
                best.titles = [_line(above.cells) for above in rows[:index]]
    if best is not None:
        best.unplaced = list(_worth_asking(best, rows))
    return best


def _worth_asking(header: Header, rows: Sequence[SheetRow]) -> Iterator[Question]:
    """Yield the columns to ask about, each with an example; nobody is asked about an empty column."""
    for question in header.unplaced:
        below = (
            row.cells for row in rows if row.number > header.last_row and question.column < len(row.cells)
        )
        example = next((text for cells in below if (text := plain_text(cells[question.column]))), "")
        if example:
            yield replace(question, example=example[:40])


def _better(candidate: Header, best: Header | None) -> bool:
    known = set(candidate.columns.values()) - {"ignored"}
    if len(known) < FEWEST or not known & TELLING:
        return False
    if best is None:
        return True
    settled = len(set(best.columns.values()) - {"ignored"})
    return len(known) > settled or (len(known) == settled and candidate.height < best.height)


def _header_of(cells: Sequence[Any], number: int, mapping: dict[str, str] | None) -> Header:
    header = Header(number, {}, {}, {})
    for column, cell in enumerate(cells):
        name = plain_text(cell)
        if not name:
            continue
        header.names[column] = name
        placed, unit = place_header(name)
        if mapping and (answer := mapping.get(plain_header(name))) is not None:
            placed = answer or "ignored"
        if placed is not None and placed != "ignored" and placed in header.columns.values():
            placed = _settle_twins(header, placed, name)
        if placed is None:
            header.unplaced.append(Question(column, name, suggestions(name)))
        else:
            header.columns[column] = placed
            header.units[column] = unit
    return header


def _settle_twins(header: Header, placed: str, name: str) -> str:
    """Two columns for one field: the longer name keeps it (出厂编号 before 编号), the other is set aside."""
    first = next(index for index, taken in header.columns.items() if taken == placed)
    free = "asset_number" not in header.columns.values()
    spare = "asset_number" if placed == "serial_number" and free else "ignored"
    if len(plain_header(name)) > len(plain_header(header.names[first])):
        header.columns[first] = spare
        return placed
    return spare


def _joined(upper: Sequence[Any], lower: Sequence[Any]) -> list[str]:
    """Join two header rows: a title spread over several columns goes with each of them."""
    joined, spread = [], ""
    for column in range(max(len(upper), len(lower))):
        above = plain_text(upper[column]) if column < len(upper) else ""
        below = plain_text(lower[column]) if column < len(lower) else ""
        spread = above or (spread if below else "")
        joined.append(_as_one(spread, below) if spread and below and spread != below else below or above)
    return joined


def _as_one(above: str, below: str) -> str:
    """Return 检定 over 日期 as 检定日期; where that is no heading, the lower one alone (信用代码)."""
    forms = (above + below, f"{above}({below})", below)
    exact = (form for form in forms if plain_header(form) in FIELD_OF)
    return next(exact, None) or next((form for form in forms if place_header(form)[0]), forms[0])


def _line(cells: Sequence[Any]) -> str:
    return "  ".join(filter(None, (plain_text(cell) for cell in cells)))
