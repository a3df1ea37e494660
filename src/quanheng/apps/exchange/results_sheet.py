"""检定结果表: a sheet of verification results as e-CQS or an institute gives it, row by row.

What a cell says is read by the same rules as an office's ledger: dates in every form, words for a conclusion,
serial numbers that a spreadsheet program mangled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, groupby, islice
from typing import Any

from django.utils.translation import gettext as _

from quanheng.apps.exchange.enums import Content
from quanheng.apps.exchange.mapping import FieldMapping
from quanheng.apps.instruments.enums import Result, VerificationKind
from quanheng.apps.instruments.ledger_sheet.body import Body
from quanheng.apps.instruments.ledger_sheet.columns import plain_header
from quanheng.apps.instruments.ledger_sheet.dates import day
from quanheng.apps.instruments.ledger_sheet.header import LOOKED_AT, Header
from quanheng.apps.instruments.ledger_sheet.normalise import conclusion, name_text
from quanheng.apps.instruments.ledger_sheet.numbers import serial_number
from quanheng.apps.instruments.ledger_sheet.text import plain_text
from quanheng.kit.sheets import SheetRefused, SheetRow
from quanheng.regulation.identifiers import CreditCodeFault, parse_credit_code
from quanheng.regulation.instrument_code import CURRENT, CodeUnreadable, parse_code

NEEDED = ("certificate_number", "verified_on", "result", "institute")
TELLING = ("code", "serial_number")  # one of them says which instrument it is
FOR_READERS = frozenset({"entity_name", "name", "void_reason"})  # nothing hangs on these columns
LONGEST = {"certificate_number": 80, "regulation": 40, "nozzle": 9}
LONGEST_OTHER = 200
DASHES = frozenset({"/", "-", "--", "—", "——"})


@dataclass(frozen=True, slots=True)
class ReportedResult:
    """What a certificate says of an instrument; two rows about one certificate have to say the same."""

    verified_on: date | None = None
    result: str = ""
    valid_until: date | None = None
    kind: str = ""
    regulation: str = ""
    institute: str = ""


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One row: which instrument, which certificate, what it says, and what about it cannot be read.

    Args:
        number: of the row in its sheet, as the clerk counts.
        code: of ours; '' where the cell holds a number of another system.
        serial_number: as the ledger has it, with #nozzle where a nozzle is named.
    """

    position: int
    number: int
    sheet: str
    said: ReportedResult
    certificate_number: str = ""
    code: str = ""
    credit_code: str = ""
    serial_number: str = ""
    manufacturer: str = ""
    name: str = ""
    voided_on: date | None = None
    faults: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return f"{self.name} {self.serial_number or self.code}".strip()[:120]

    @property
    def instrument(self) -> tuple[str, ...]:
        """What says which instrument it is: two rows that agree in it mean the same."""
        return (self.code,) if self.code else (self.credit_code, self.manufacturer, self.serial_number)


def read_results(rows: Iterable[SheetRow], mapping: FieldMapping) -> Iterator[ResultLine]:
    """Yield every data row of every sheet that has the headings.

    Raises:
        SheetRefused: no_header, with the headings that are missing; twin_columns.
    """
    position, missing = 0, tuple(NEEDED)
    found = False
    for _sheet, rest in groupby(rows, key=lambda row: row.sheet):
        head = list(islice(rest, LOOKED_AT))
        header, lacks = _find_header(head, mapping)
        if header is None:
            missing = lacks or missing
            continue
        found = True
        body = Body(header)
        below = (row for row in head if row.number > header.last_row)
        for row in chain(below, rest):
            if body.is_data(row.cells):
                position += 1
                yield _line(row, position, header, mapping)
    if not found:
        raise SheetRefused("no_header", _no_header(missing, mapping))


def _no_header(missing: Sequence[str], mapping: FieldMapping) -> str:
    headings = {column.field: column.heading for column in mapping.columns(Content.RESULTS)}
    lacks = _("、").join(f"“{headings.get(field, field)}”" for field in missing)
    return _("未找到检定结果的表头，缺少%(lacks)s。请保留表头行；列名不同的，请联系系统管理员。") % {
        "lacks": lacks
    }


def _find_header(rows: Sequence[SheetRow], mapping: FieldMapping) -> tuple[Header | None, tuple[str, ...]]:
    """Return the row that names most columns, or which headings the best one lacks."""
    places = _places(mapping)
    best: Header | None = None
    for row in rows:
        candidate = _header_of(row, places)
        if best is None or len(candidate.columns) > len(best.columns):
            best = candidate
    if best is None or not best.columns:
        return None, ()
    fields = set(best.columns.values())
    lacks = tuple(field for field in NEEDED if field not in fields)
    if not fields & set(TELLING):
        lacks += (TELLING[1],)
    return (None, lacks) if lacks else (best, ())


def _places(mapping: FieldMapping) -> Mapping[str, tuple[str, bool]]:
    """Return heading → field, and whether it is the heading itself: that goes before an alias."""
    columns = mapping.columns(Content.RESULTS)
    aliases = {plain_header(alias): (column.field, False) for column in columns for alias in column.aliases}
    return aliases | {plain_header(column.heading): (column.field, True) for column in columns}


def _header_of(row: SheetRow, places: Mapping[str, tuple[str, bool]]) -> Header:
    header = Header(row.number, {}, {}, {})
    taken: dict[str, tuple[int, bool]] = {}
    for column, cell in enumerate(row.cells):
        name = plain_text(cell)
        field, is_own = places.get(plain_header(name), ("", False))
        if not field:
            continue
        if field in taken:
            first, first_is_own = taken[field]
            if first_is_own == is_own and field not in FOR_READERS:
                raise SheetRefused(
                    "twin_columns",
                    _("“%(one)s”和“%(other)s”两列对应同一项，请删去或改名其中一列后重新上传。")
                    % {"one": header.names[first], "other": name},
                )
            if first_is_own or not is_own:
                continue
            del header.columns[first], header.names[first]
        taken[field] = column, is_own
        header.columns[column], header.names[column] = field, name
    return header


def _line(row: SheetRow, position: int, header: Header, mapping: FieldMapping) -> ResultLine:
    cells = _Cells(row.cells, header)
    result = cells.result(mapping)
    said = ReportedResult(
        verified_on=cells.day("verified_on", "没有检定日期，请照证书补填。"),
        result=result,
        valid_until=cells.day("valid_until") if result == Result.PASSED else None,
        kind=cells.kind(mapping),
        regulation=cells.text("regulation"),
        institute=cells.name("institute"),
    )
    line = ResultLine(
        position, row.number, row.sheet[:80], said,
        certificate_number=cells.text("certificate_number"),
        code=cells.code(), credit_code=cells.credit_code(), serial_number=cells.serial_number(),
        manufacturer=cells.name("manufacturer"),
        name=cells.text("name"), voided_on=cells.day("voided_on"),
    )  # fmt: skip
    if not (line.code or line.serial_number or cells.faults):
        cells.faults.append("没有平台器具码，也没有出厂编号，不能确定是哪台器具。")
    return replace(line, faults=tuple(cells.faults))


class _Cells:
    """The cells of a row by field; what cannot be read is gathered in `faults`."""

    def __init__(self, cells: Sequence[Any], header: Header) -> None:
        self._cells = cells
        self._columns = {field: column for column, field in header.columns.items()}
        self._headings = {field: header.names[column] for column, field in header.columns.items()}
        self.faults: list[str] = []

    def text(self, field: str) -> str:
        """Return a cell as text; dashes say that there is nothing."""
        text = plain_text(self._raw(field))
        if len(text) > LONGEST.get(field, LONGEST_OTHER):
            self.faults.append(f"“{self._headings[field]}”内容过长，请核对是否串列。")
            return ""
        return "" if text in DASHES else text

    def name(self, field: str) -> str:
        """Return the name of a company, as the ledger writes it."""
        value, problem = name_text(self._raw(field))
        self._tell(problem)
        return value or ""

    def serial_number(self) -> str:
        """Return the serial number as the ledger has it."""
        value, problem = serial_number(self._raw("serial_number"))
        self._tell(problem)
        nozzle = self.text("nozzle")
        return f"{value}#{nozzle}" if value and nozzle else value or ""

    def day(self, field: str, missing: str = "") -> date | None:
        """Return a date; `missing` is what is told where there is none."""
        value, problem = day(self._raw(field))
        self._tell(problem or (missing if value is None else ""))
        return value if isinstance(value, date) else None

    def result(self, mapping: FieldMapping) -> str:
        """Return passed or failed."""
        ours, problem = mapping.our_word("result", self.text("result")), ""
        if ours is None:
            ours, problem = conclusion(self._raw("result"))
        self._tell(problem or ("" if ours else "没有检定结论，请按证书填“合格”或“不合格”。"))
        return ours if ours in Result.values else ""

    def kind(self, mapping: FieldMapping) -> str:
        """Return the kind of verification; '' where the sheet does not say it."""
        text = self.text("kind")
        ours = mapping.our_word("kind", text) if text else ""
        if ours is None or ours not in {"", *VerificationKind.values}:
            self.faults.append(
                f"检定类别“{text[:20]}”无法辨认，请填首次检定、后续检定、使用中检查或仲裁检定。"
            )
            return ""
        return ours

    def code(self) -> str:
        """Return a code of ours; what another system calls so is left aside, a mistyped one is told."""
        text = self.text("code").rpartition("/s/")[2].partition(".")[0]
        try:
            return parse_code(text) if text else ""
        except CodeUnreadable as fault:
            self._tell(fault.message if text.upper().startswith(CURRENT.prefix) else "")
            return ""

    def credit_code(self) -> str:
        """Return a credit code whose check characters hold."""
        text = self.text("credit_code")
        try:
            return parse_credit_code(text, on_an_officers_word=True) if text else ""  # it is only looked up
        except CreditCodeFault as fault:
            self._tell(str(fault))
            return ""

    def _raw(self, field: str) -> Any:
        column = self._columns.get(field, len(self._cells))
        return self._cells[column] if column < len(self._cells) else None

    def _tell(self, problem: str) -> None:
        if problem:
            self.faults.append(problem)
