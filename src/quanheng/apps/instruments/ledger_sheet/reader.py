"""A ledger sheet, row by row: what each row says, and what a careful clerk would send back.

Rules (each with its reason in Chinese, told to the clerk):
serial number present and once per maker; credit code with both check characters; a division that exists; a catalogue
item; verification not in the future; validity a date, not before the verification; a conclusion one can read;
coordinates inside the province; a compulsory instrument that claims validity must say when it was verified.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, groupby, islice
from typing import Any, Protocol

from quanheng.apps.instruments.ledger_sheet import normalise
from quanheng.apps.instruments.ledger_sheet.catalogue import CatalogueIndex, Item
from quanheng.apps.instruments.ledger_sheet.header import LOOKED_AT, Header, Question, find_header
from quanheng.kit.sheets import SheetRefused, SheetRow
from quanheng.regulation.identifiers import CreditCodeFault, parse_credit_code

__all__ = ["AreaIndex", "Fault", "ImportContext", "LedgerRow", "LedgerSheet", "Question"]

TOTALS = ("合计", "总计", "小计", "共计", "本页合计")
NOTES = ("注:", "注：", "说明", "备注:", "备注：", "填报", "填表", "审核", "制表", "单位负责人")
HELD_ASIDE = frozenset({"ignored", "area", "credit_code", "name", "category"})


class AreaIndex(Protocol):
    """Whatever can say which division a clerk means: its position, or why not."""

    def find(self, text: str, within: int | None = None) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Fault:
    """A field that is wrong, and how to put it right."""

    field: str
    reason: str


@dataclass(slots=True)
class LedgerRow:
    """One data row: its running position, where it stands, its values, what is wrong, what is odd."""

    position: int
    sheet: str
    number: int
    values: dict[str, Any]
    faults: list[Fault]
    notices: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportContext:
    """What the rules need from outside: the day, the divisions, the catalogue, the province's box.

    Args:
        area: the division that rows without one belong to.
        entity_known: the caller says which entity the rows belong to.
        mapping: header text → field ('' to leave the column out), as the clerk answered.
    """

    today: date
    areas: AreaIndex
    catalogue: CatalogueIndex
    area: int | None = None
    entity_known: bool = False
    mapping: dict[str, str] = field(default_factory=dict)
    longitude: tuple[float, float] = (97.3, 108.6)
    latitude: tuple[float, float] = (26.0, 34.4)


class LedgerSheet:
    """Reads the rows of a file; keeps what has to be known across rows (serial numbers seen)."""

    def __init__(self, context: ImportContext) -> None:
        self.context = context
        self.questions: list[Question] = []
        self.premises = ""
        self._seen: dict[int, int] = {}
        self._areas: dict[str, tuple[int | None, str]] = {}
        self._codes: dict[str, tuple[str, str]] = {}
        self._position = 0
        longitude = normalise.degrees_between(*context.longitude, "经度")
        latitude = normalise.degrees_between(*context.latitude, "纬度")
        self._normalisers = NORMALISERS | {"longitude": longitude, "latitude": latitude}

    def read(self, rows: Iterable[SheetRow]) -> Iterator[LedgerRow]:
        """Yield every data row of every ledger sheet in the file.

        Raises:
            SheetRefused: no sheet has a header that can be told.
        """
        found = False
        for _, sheet in groupby(rows, key=lambda row: row.sheet):
            head = list(islice(sheet, LOOKED_AT))
            header = find_header(head, self.context.mapping)
            if header is None:
                continue
            found = True
            self.questions += header.unplaced
            self.premises = self.premises or premises_of(header)
            data = chain((row for row in head if row.number > header.last_row), sheet)
            yield from self._read_data(header, data)
        if not found:
            raise SheetRefused(
                "no_header",
                "没有找到表头。请保留含“出厂编号”“器具名称”等列名的一行，再重新上传。",
            )

    def _read_data(self, header: Header, rows: Iterable[SheetRow]) -> Iterator[LedgerRow]:
        plan = self._plan(header)
        spare = {question.column: question.header for question in header.unplaced}
        title_code, title_name = header.title_code(), header.title_name()
        names = set(header.columns.values())
        repeated = [header.names.get(column) for column in sorted(header.names)][:4]
        item = self.context.catalogue.find("燃油加油机") if not names & {"name", "category"} else None
        for row in rows:
            cells = row.cells
            if is_no_data(cells, repeated, header):
                continue
            self._position += 1
            out = LedgerRow(self._position, row.sheet, row.number, {}, [])
            values, faults = out.values, out.faults
            raw = {}
            width = len(cells)
            for column, name, normaliser in plan:
                cell = cells[column] if column < width else None
                if normaliser is None:
                    raw[name] = cell
                    continue
                value, problem = normaliser(cell)
                values[name] = value
                if problem:
                    faults.append(Fault(name, problem))
            if spare:
                values["other"] = {
                    title: normalise.plain_text(cells[column])
                    for column, title in spare.items()
                    if column < width and not normalise.is_nothing(cells[column])
                }
            self._entity(out, raw.get("credit_code"), title_code, title_name)
            self._area(out, raw.get("area"))
            self._item(out, raw, item)
            self._serial(out)
            self._dates(out)
            self._oddities(out)
            yield out

    def _plan(self, header: Header) -> list[tuple[int, str, Callable[[Any], normalise.Normalised] | None]]:
        plan: list[tuple[int, str, Callable[[Any], normalise.Normalised] | None]] = []
        for column, name in sorted(header.columns.items()):
            if name == "ignored":
                continue
            if name in HELD_ASIDE:
                plan.append((column, name, None))
                continue
            normaliser = self._normalisers.get(name, normalise.text)
            if name in MASS_DEFAULT:
                normaliser = MASSES[header.units.get(column) or MASS_DEFAULT[name]]
            plan.append((column, name, normaliser))
        return plan

    def _entity(self, row: LedgerRow, cell: Any, title_code: str, title_name: str) -> None:
        text = normalise.plain_text(cell) or title_code
        if text not in self._codes:
            self._codes[text] = checked_code(text)
        code, problem = self._codes[text]
        row.values["credit_code"] = code
        if problem:
            row.faults.append(Fault("credit_code", problem))
        name = row.values.get("entity_name") or title_name
        row.values["entity_name"] = name
        if not (name or text or self.context.entity_known):
            row.faults.append(Fault("entity_name", "没有写明使用单位，请补填单位名称或统一社会信用代码。"))

    def _area(self, row: LedgerRow, cell: Any) -> None:
        text = normalise.plain_text(cell)
        if text in normalise.NOTHING:
            row.values["area"] = self.context.area
            return
        if text not in self._areas:
            self._areas[text] = self._look_up(text)
        position, problem = self._areas[text]
        row.values["area"] = position
        if problem:
            row.faults.append(Fault("area", problem))

    def _look_up(self, text: str) -> tuple[int | None, str]:
        try:
            position = self.context.areas.find(text, self.context.area) or self.context.areas.find(text)
        except LookupError as doubt:
            return None, str(doubt) or f"“{text}”有多处同名区划，请写明市、县名称或填区划代码。"
        if position is None:
            return None, f"没有“{text}”这个行政区划，请填县（市、区）全称或现行区划代码。"
        return position, ""

    def _item(self, row: LedgerRow, raw: dict[str, Any], default: Item | None) -> None:
        name = normalise.plain_text(raw.get("name"))
        category = normalise.plain_text(raw.get("category"))
        found = self.context.catalogue.find(name) or self.context.catalogue.find(category) or default
        row.values["item"] = found
        row.values["name"] = name or category or ("燃油加油机" if default else "")
        if found is None:
            row.faults.append(
                Fault(
                    "catalogue_item",
                    f"“{name or category}”不在强制管理计量器具目录中，请核对名称；非计量器具请删去此行。",
                )
            )

    def _serial(self, row: LedgerRow) -> None:
        values = row.values
        serial = values.get("serial_number")
        if serial == "" or (serial is None and not any(f.field == "serial_number" for f in row.faults)):
            row.faults.append(Fault("serial_number", "缺出厂编号，请对照铭牌补填。"))
            return
        nozzle = values.get("nozzle")
        if nozzle:
            place = (values["credit_code"] or values["entity_name"], values.get("dispenser"), nozzle)
            self._once(row, hash(place), "nozzle", f"油枪 {nozzle}")
        elif serial:
            self._once(row, hash((values.get("manufacturer"), serial)), "serial_number", f"出厂编号 {serial}")

    def _once(self, row: LedgerRow, key: int, name: str, label: str) -> None:
        first = self._seen.setdefault(key, row.number)
        if first != row.number:
            row.faults.append(Fault(name, f"{label}与本表第 {first} 行重复，请核对铭牌，删去重复行。"))

    def _dates(self, row: LedgerRow) -> None:
        values = row.values
        at_fault = {fault.field for fault in row.faults} if row.faults else ()
        verified, until = values.get("verified_on"), values.get("valid_until")
        if verified and verified > self.context.today:
            row.faults.append(Fault("verified_on", f"检定日期 {verified} 晚于今天，请核对证书。"))
        elif verified and until and until < verified:
            row.faults.append(Fault("valid_until", f"有效期至 {until} 早于检定日期 {verified}，请核对证书。"))
        elif (
            verified is None
            and until
            and "verified_on" not in at_fault
            and values.get("mode") != "calibration"
        ):
            row.faults.append(Fault("verified_on", "有有效期却没有检定日期，请按证书补填检定日期。"))
        made, used = values.get("manufactured_on"), values.get("commissioned_on")
        if made and used and used < made:
            row.notices.append("启用日期早于出厂日期。")

    def _oddities(self, row: LedgerRow) -> None:
        values = row.values
        top, e = values.get("max_capacity"), values.get("e")
        if top and e and values.get("accuracy_class") == "III" and not 100 <= top / e <= 10_000:
            row.notices.append(
                f"最大秤量与分度值之比为 {top / e:.0f}，不在 III 级的 100–10000 之内（OIML R 76）。"
            )
        if values.get("conclusion") == "failed" and values.get("valid_until"):
            row.notices.append("结论为不合格，却填了有效期。")


def is_no_data(cells: list[Any], repeated: list[str | None], header: Header) -> bool:
    """Say whether a row is blank, a total, a note at the foot, or the header once more."""
    filled = [cell for cell in cells if cell is not None and cell != ""]
    if not filled:
        return True
    first = filled[0]
    if isinstance(first, str):
        words = normalise.plain_text(first)
        if not words:
            return all(not normalise.plain_text(cell) for cell in filled)
        if words.replace(" ", "").startswith(TOTALS):
            return True
        if len(filled) <= 3 and words.startswith(NOTES):
            return True
        if (
            repeated[0] == words
            and [normalise.plain_text(cell) for cell in filled[:4]] == repeated[: len(filled[:4])]
        ):
            return True
    placed = sum(1 for column in header.columns if column < len(cells) and cells[column] not in (None, ""))
    return placed <= 1 and len(header.columns) > 3


def checked_code(text: str) -> tuple[str, str]:
    """Return the credit code in its normal form and what is wrong with it."""
    if text.lower() in normalise.NOTHING:
        return "", ""
    try:
        return parse_credit_code(text), ""
    except CreditCodeFault as fault:
        return "", str(fault)


def premises_of(header: Header) -> str:
    """Tell from the columns and titles what kind of place a sheet is about."""
    names, words = set(header.columns.values()), " ".join([*header.titles, *header.names.values()])
    if names & {"nozzle", "dispenser", "fuel"} or "加油" in words:
        return "filling_station"
    if "department" in names or any(word in words for word in ("医院", "医疗", "科室")):
        return "hospital"
    if "超市" in words or "商场" in words:
        return "supermarket"
    if "stall" in names or "市场" in words:
        return "market"
    return "restaurant" if "餐饮" in words else "other"


MASS_DEFAULT = {"max_capacity": "kg", "min_capacity": "g", "e": "g", "d": "g"}
MASSES = {unit: normalise.mass_in(unit) for unit in ("kg", "g", "t", "mg")}
NORMALISERS: dict[str, Callable[[Any], normalise.Normalised]] = {
    "entity_name": normalise.name_text,
    "holder_name": normalise.name_text,
    "manufacturer": normalise.name_text,
    "phone": normalise.phone,
    "accuracy_class": normalise.accuracy_class,
    "serial_number": normalise.serial_number,
    "certificate_number": normalise.unique_text,
    "seal": normalise.unique_text,
    "seal_flow_adjuster": normalise.unique_text,
    "seal_encoder": normalise.unique_text,
    "seal_mainboard": normalise.unique_text,
    "verified_on": normalise.day,
    "valid_until": normalise.day,
    "commissioned_on": normalise.day,
    "manufactured_on": normalise.day,
    "conclusion": normalise.conclusion,
    "status": normalise.status,
    "use": normalise.use,
    "mode": normalise.mode,
}
