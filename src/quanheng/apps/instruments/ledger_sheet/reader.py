"""A ledger sheet, row by row: what each row says, and what a careful clerk would send back.

Faults (each with its reason in Chinese, told to the clerk):
serial number present and once per maker; credit code with both check characters; a division that exists; a
catalogue item; verification not in the future; validity a date, not before the verification; a conclusion one
can read; coordinates inside the province; a compulsory instrument that claims validity must say when it was
verified.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, groupby, islice
from typing import Any, Protocol

from django.utils.translation import gettext as _

from quanheng.apps.instruments.ledger_sheet import normalise, numbers
from quanheng.apps.instruments.ledger_sheet.body import Body
from quanheng.apps.instruments.ledger_sheet.catalogue import CatalogueIndex, Item
from quanheng.apps.instruments.ledger_sheet.check import (
    Fault,
    Identities,
    LedgerRow,
    Notice,
    check_dates,
    notice_oddities,
)
from quanheng.apps.instruments.ledger_sheet.fields import (
    FIELD_AT_FAULT,
    ITEM_COLUMNS,
    MASS_DEFAULT,
    MASSES,
    MORE_THAN_TEXT,
    NORMALISERS,
    Normaliser,
    unreadable,
)
from quanheng.apps.instruments.ledger_sheet.header import LOOKED_AT, Header, Question, find_header
from quanheng.apps.instruments.ledger_sheet.layout import Layout
from quanheng.apps.instruments.ledger_sheet.meanings import (
    KIND_OF_LIST,
    MISSPELT,
    OLD_XIAMEN,
    SCALE,
    checked_code,
    item_word,
    premises_of,
    range_as_capacity,
    tell_nearest_state,
    unknown_item,
)
from quanheng.apps.instruments.ledger_sheet.text import (
    NOTHING,
    is_nothing,
    plain_text,
    whole,
)
from quanheng.kit.sheets import SheetRefused, SheetRow
from quanheng.regulation.identifiers import is_of_old_xiamen

__all__ = ["AreaIndex", "Fault", "ImportContext", "LedgerRow", "LedgerSheet", "Notice", "Question"]

HELD_ASIDE = frozenset({"ignored", "area", "credit_code", *ITEM_COLUMNS})
DISPENSER_COLUMNS = frozenset({"nozzle", "dispenser", "fuel", "seal_encoder", "seal_flow_adjuster"})


class AreaIndex(Protocol):
    """Whatever can say which division a clerk means: its position, or why not."""

    def find(self, text: str, within: int | None = None) -> int | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportContext:
    """What the rules need from outside: the day, the divisions, the catalogue, the province's box.

    Args:
        area: the division that rows without one belong to.
        entity_known: the caller says which entity the rows belong to.
        by_an_officer: an office brings the sheet in: it may answer for what a check alone would refuse.
        mapping: header text → field ('' to leave the column out), as the clerk answered.
    """

    today: date
    areas: AreaIndex
    catalogue: CatalogueIndex
    area: int | None = None
    entity_known: bool = False
    by_an_officer: bool = False
    mapping: dict[str, str] = field(default_factory=dict)
    longitude: tuple[float, float] = (97.3, 108.6)
    latitude: tuple[float, float] = (26.0, 34.4)


class LedgerSheet:
    """Reads the rows of a file; keeps what has to be known across rows (serial numbers seen)."""

    def __init__(self, context: ImportContext) -> None:
        self.context = context
        self.questions: list[Question] = []
        self.columns: dict[str, list[str]] = {}
        self.notices: list[Notice] = []  # about the file rather than one row
        self.premises = ""
        self._identities = Identities()
        self._code_of: dict[str, str] = {}  # entity name → credit code as the file wrote it first
        self._above = ("", "")  # name and code of the row above, for sheets that fill them once per group
        self._areas: dict[str, tuple[int | None, str]] = {}
        self._codes: dict[str, tuple[str, str]] = {}
        self._position = 0
        longitude = numbers.degrees_between(*context.longitude, "经度")
        latitude = numbers.degrees_between(*context.latitude, "纬度")
        self._normalisers = NORMALISERS | {"longitude": longitude, "latitude": latitude}

    def read(self, rows: Iterable[SheetRow]) -> Iterator[LedgerRow]:
        """Yield every data row of every ledger sheet in the file.

        Raises:
            SheetRefused: no sheet has a header that can be told.
        """
        found = False
        for _sheet, rest in groupby(rows, key=lambda row: row.sheet):
            head = list(islice(rest, LOOKED_AT))
            header = find_header(head, self.context.mapping)
            if header is None:
                continue
            found = True
            self.questions += header.unplaced
            self.premises = self.premises or premises_of(header)
            self._tell_columns(header)
            self.notices += header.notices
            below = (row for row in head if row.number > header.last_row)
            yield from self._read_data(header, chain(below, rest))  # noqa: B031  (rest goes on)
        if not found:
            raise SheetRefused(
                "no_header",
                _("未找到表头。请保留含“出厂编号”“器具名称”等列名的一行，再重新上传。"),
            )

    def _tell_columns(self, header: Header) -> None:
        """Keep how each column is taken; what is no field of the ledger is kept as `other`."""
        taken = {column: name for column, name in header.columns.items() if column in header.names}
        taken |= {question.column: "other" for question in header.unplaced} | dict.fromkeys(
            header.aside, "other"
        )
        for column, name in sorted(taken.items()):
            titles = self.columns.setdefault(PART_OF.get(name, name), [])
            if (title := header.names[column]) not in titles:
                titles.append(title)

    def _read_data(self, header: Header, rows: Iterable[SheetRow]) -> Iterator[LedgerRow]:
        plan = self._plan(header)
        spare = [(question.column, question.header) for question in header.unplaced]
        spare += [(column, header.names[column]) for column in sorted(header.aside)]
        titles = header.title_name(), header.title_code()
        body, item = Body(header), self._item_of_sheet(header)
        status = next((column for column, name in header.columns.items() if name == "status"), None)
        asks_entity = bool({"entity_name", "credit_code"} & set(header.columns.values()))
        self._above = ("", "")
        for row, cells in _in_place(rows, header.layout):
            if not body.is_data(cells):
                continue
            self._position += 1
            out = LedgerRow(self._position, row.sheet, row.number, {}, [])
            raw = _fill(out, plan, cells)
            if spare:
                out.values["other"] = {
                    title: plain_text(cells[column])
                    for column, title in spare
                    if column < len(cells) and not is_nothing(cells[column])
                }
            if specification := out.values.pop("specification", ""):
                out.values["model"] = f"{out.values.get('model') or ''} {specification}".strip()
            self._entity(out, raw.get("credit_code"), titles, asks_entity)
            self._area(out, raw.get("area"))
            self._item(out, raw, item)
            range_as_capacity(out)
            if status is not None and status < len(cells):
                tell_nearest_state(out, plain_text(cells[status]))
            self._identities.check(out)
            check_dates(out, self.context.today)
            notice_oddities(out)
            yield out

    def _plan(self, header: Header) -> list[tuple[int, str, Normaliser | None]]:
        plan: list[tuple[int, str, Normaliser | None]] = []
        for column, name in sorted(header.columns.items()):
            if name == "ignored":
                continue
            if name in HELD_ASIDE:
                plan.append((column, name, None))
                continue
            normaliser = self._normalisers.get(name, normalise.text)
            if name in MASS_DEFAULT:
                normaliser = MASSES[name, header.units.get(column) or MASS_DEFAULT[name]]
            plan.append((column, name, normaliser))
        return plan

    def _item_of_sheet(self, header: Header) -> tuple[str, Item] | None:
        """Return the item that all rows are when no column names one: by the columns, or by the title."""
        names = set(header.columns.values())
        if names & set(ITEM_COLUMNS):
            return None
        titles = [KIND_OF_LIST.sub("", title.replace(" ", "")) for title in header.titles]
        for word in ["燃油加油机"] if names & DISPENSER_COLUMNS else titles:
            if item := self.context.catalogue.find(word):
                return ("燃油加油机" if names & DISPENSER_COLUMNS else item_word(word)), item
        return None

    def _entity(self, row: LedgerRow, cell: Any, titles: tuple[str, str], asks_entity: bool) -> None:
        """Name the entity: by the row, the title, or the row above (merged cells saved as csv)."""
        values = row.values
        name, text = values.get("entity_name") or "", plain_text(cell)
        if text.lower() in NOTHING:
            text = ""
        if not name and not text:
            name, text = titles
            if not (name or text) and asks_entity and any(self._above):
                name, text = self._above
                row.notice(f"未填单位，按上一行的“{name or text}”处理。", "entity_name")
        elif not text and (known := self._code_of.get(name)):
            text = known
            row.notice("未填信用代码，按本表同一单位的代码处理。", "credit_code")
        self._above = name, text
        if text not in self._codes:
            self._codes[text] = checked_code(text, on_an_officers_word=self.context.by_an_officer)
        code, problem = self._codes[text]
        values["credit_code"], values["entity_name"] = code, name
        if code and is_of_old_xiamen(code):
            row.notice(OLD_XIAMEN, "credit_code")
        if problem:
            row.faults.append(Fault("credit_code", problem))
        elif code and name not in self._code_of:
            self._code_of[name] = code
        if not (name or text or self.context.entity_known):
            row.faults.append(Fault("entity_name", "没有写明使用单位，请补填单位名称或统一社会信用代码。"))

    def _area(self, row: LedgerRow, cell: Any) -> None:
        text = plain_text(cell)
        if text.lower() in NOTHING:
            row.values["area"] = self.context.area
            return
        if text not in self._areas:
            self._areas[text] = self._look_up(text)
        position, problem = self._areas[text]
        row.values["area"] = position
        if problem:
            row.faults.append(Fault("area", problem))

    def _look_up(self, text: str) -> tuple[int | None, str]:
        text = whole(text)
        try:
            position = self.context.areas.find(text, self.context.area) or self.context.areas.find(text)
        except LookupError as doubt:
            return None, str(doubt) or f"“{text}”有多处同名区划，请写明市、县名称或填区划代码。"
        if position is None:
            return None, f"没有“{text}”这个行政区划，请填县（市、区）全称或现行区划代码。"
        return position, ""

    def _item(self, row: LedgerRow, raw: dict[str, Any], of_sheet: tuple[str, Item] | None) -> None:
        words = [word for column in ITEM_COLUMNS if (word := plain_text(raw.get(column)))]
        name, find = words[0] if words else "", self.context.catalogue.find
        found = next((item for word in words if (item := find(word))), None)
        if found is None and MISSPELT in name and (found := find(name.replace(MISSPELT, SCALE))):
            row.notice(f"“{name}”按“{name.replace(MISSPELT, SCALE)}”读取。", "name")
            name = name.replace(MISSPELT, SCALE)
        if of_sheet and not words:
            name, found = of_sheet
        row.values["item"] = found
        row.values["name"] = name
        if found is None and "catalogue_item" not in row.fields:
            row.faults.append(Fault("catalogue_item", unknown_item(name, self.context.catalogue.offer(name))))


def _in_place(rows: Iterable[SheetRow], layout: Layout) -> Iterator[tuple[SheetRow, Sequence[Any]]]:
    """Yield the rows with their cells where the header says; a row of two blocks comes twice."""
    for row in rows:
        if layout.is_plain:
            yield row, row.cells
        else:
            yield from ((row, cells) for cells in layout.rows(row.cells))


PART_OF = {"specification": "model"}


def _fill(
    row: LedgerRow, plan: list[tuple[int, str, Normaliser | None]], cells: Sequence[Any]
) -> dict[str, Any]:
    """Normalise the cells of a row into its values; returns the cells that need more than themselves."""
    raw: dict[str, Any] = {}
    values, width = row.values, len(cells)
    for column, name, normaliser in plan:
        cell = cells[column] if column < width else None
        if normaliser is None:
            raw[name] = cell
            if type(cell) in MORE_THAN_TEXT:
                raw[name] = None
                row.faults.append(
                    Fault(FIELD_AT_FAULT.get(name, name), unreadable(cell, name, column, row.number))
                )
            continue
        if type(cell) in MORE_THAN_TEXT and (problem := unreadable(cell, name, column, row.number)):
            value = None
        else:
            value, problem = normaliser(cell)
        values[name] = value
        if problem:
            row.faults.append(Fault(name, problem))
    return raw
