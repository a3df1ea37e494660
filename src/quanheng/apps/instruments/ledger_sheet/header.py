"""Finding the header of a sheet under its titles and notes, in one row or two."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from quanheng.apps.instruments.ledger_sheet.check import Notice
from quanheng.apps.instruments.ledger_sheet.columns import (
    ANSWERED,
    FIELD_OF,
    TELLING,
    Placed,
    is_of_another,
    place_header,
    placed,
    plain_header,
    preference,
    suggestions,
)
from quanheng.apps.instruments.ledger_sheet.layout import Layout, layout_of
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
HAS_DIGIT = re.compile(r"\d")
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
        aside: columns that are kept as they are written: of another time or body, or a field's second one.
        layout: what of each row has to be put in its place first.
    """

    last_row: int
    columns: dict[int, str]
    units: dict[int, str]
    names: dict[int, str]
    titles: list[str] = field(default_factory=list)
    height: int = 1
    unplaced: list[Question] = field(default_factory=list)
    aside: set[int] = field(default_factory=set)
    notices: list[Notice] = field(default_factory=list)
    layout: Layout = field(default_factory=Layout)

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
            if sum(bool(plain_text(cell)) for cell in row.cells) > 1:  # one text alone is a title
                candidates.append(_header_of(_joined(row.cells, below.cells), below.number, mapping))
                candidates[-1].height = 2
        for candidate in candidates:
            if _better(candidate, best):
                best = candidate
                best.titles = [_line(above.cells) for above in rows[:index]]
    if best is not None:
        leave_out_of_own_list(best)
        best.unplaced = list(_worth_asking(best, rows))
    return best


def leave_out_of_own_list(header: Header) -> None:
    """Of a list that this platform exported, leave out what is said for readers: verdict, name of the stall.

    Its verifications are the ledger's own; a list names neither their conclusion nor their paper.
    """
    if OWN_LIST not in header.names.values():
        return
    for column, name in header.names.items():
        if name in SAID_FOR_READERS or header.columns.get(column) in VERIFICATION:
            header.columns[column] = "ignored"
            header.aside.discard(column)
        elif name == OWN_LIST:
            header.columns[column] = "entity_name"
            header.aside.discard(column)
    header.notices = [
        Notice("这是本平台导出的清单：检定信息以台账为准，不从清单读取。", ("verified_on", "valid_until"))
    ]


OWN_LIST = "市场或上级"
SAID_FOR_READERS = frozenset({"状态", "使用单位"})
VERIFICATION = frozenset({"verified_on", "valid_until", "certificate_number", "institute"})


def _worth_asking(header: Header, rows: Sequence[SheetRow]) -> Iterator[Question]:
    """Yield the columns to ask about, each with an example; nobody is asked about an empty column."""
    for question in header.unplaced:
        below = (
            row.cells for row in rows if row.number > header.last_row and question.column < len(row.cells)
        )
        example = next((text for cells in below if (text := plain_text(cells[question.column]))), "")
        if example:
            yield replace(question, suggestions=suggestions(question.header), example=example[:40])


def _better(candidate: Header, best: Header | None) -> bool:
    known = set(candidate.columns.values()) - {"ignored"}
    if len(known) < FEWEST or not known & TELLING:
        return False
    if best is None:
        return True
    return (_told(candidate), -candidate.height) > (_told(best), -best.height)


def _told(header: Header) -> int:
    """Return how much a header explains: its fields, dates in three columns, blocks side by side."""
    known = set(header.columns.values()) - {"ignored"}
    return len(known) + len(header.layout.days) + header.layout.blocks - 1


def _header_of(cells: Sequence[Any], number: int, mapping: dict[str, str] | None) -> Header:
    names = [plain_text(cell) for cell in cells]
    header = Header(number, {}, {}, {})
    header.layout = layout_of(names)
    surest: dict[int, Placed] = {}
    for column, name in enumerate(names):
        if not name or column in header.layout.repeated:
            continue
        header.names[column] = header.layout.title_of(column, name)
        if column in header.layout.parts:
            continue
        surest[column] = _answered(header.names[column], mapping) or placed(header.names[column])
        _place(header, column, surest)
    return header


def _answered(name: str, mapping: dict[str, str] | None) -> Placed | None:
    answer = (mapping or {}).get(plain_header(name))
    return None if answer is None else Placed(answer or "ignored", placed(name).unit, ANSWERED)


def _place(header: Header, column: int, surest: dict[int, Placed]) -> None:
    """Give a column its field, or set it aside, or ask about it."""
    name, found = header.names[column], surest[column].field
    if found is None:
        if is_of_another(name):
            header.aside.add(column)
        else:
            header.unplaced.append(Question(column, name, []))
        return
    header.units[column] = surest[column].unit
    twin = next((index for index, taken in header.columns.items() if taken == found), None)
    header.columns[column] = found
    if twin is not None and found != "ignored":
        _settle_twins(header, twin, column, surest)


def _settle_twins(header: Header, first: int, second: int, surest: dict[int, Placed]) -> None:
    """Two columns for one field: the surer heading keeps it, the other stays as it is, and that is told.

    A second number is the instrument's own at its place (设备编号), a specification belongs to the model.
    """
    name = header.columns[second]

    def fitness(column: int) -> tuple[int, int, int, int]:
        title = header.names[column]
        return surest[column].rank, preference(name, title), -len(plain_header(title)), column

    keeps, other = sorted((first, second), key=fitness)
    titles = f"“{header.names[keeps]}”和“{header.names[other]}”"
    if name == "serial_number" and "asset_number" not in header.columns.values():
        header.columns[other] = "asset_number"
        return
    if name == "model" and "specification" not in header.columns.values():
        header.columns[other] = "specification"
        header.notices.append(Notice(f"{titles}两列合并为规格型号。", ("model",)))
        return
    del header.columns[other]
    header.aside.add(other)
    header.notices.append(
        Notice(f"{titles}两列相近，按“{header.names[keeps]}”读取，另一列原样留存，请核对。", (name,))
    )


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
    if found := next(exact, None):
        return found
    if HAS_DIGIT.search(below):
        return forms[0]  # a value, no heading
    return next((form for form in forms if place_header(form)[0]), forms[0])


def _line(cells: Sequence[Any]) -> str:
    return "  ".join(filter(None, (plain_text(cell) for cell in cells)))
