"""What a row of a sheet for e-CQS says, field by field; which fields make a sheet is the mapping's."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from quanheng.apps.exchange import refusals
from quanheng.apps.exchange.enums import Content
from quanheng.apps.exchange.mapping import Column, FieldMapping

Row = Any  # an instrument (ledger) or a verification (results), as `instruments.queries.exchanged` reads them
Words = Callable[[str, str], str]


def columns_of(mapping: FieldMapping, content: Content) -> tuple[Column, ...]:
    """Return the columns of a sheet.

    Raises:
        RuleBroken: mapping_unreadable, where a column names a field that we do not have.
    """
    columns = mapping.columns(content)
    known = LEDGER if content == Content.LEDGER else RESULTS
    if strange := [column.field for column in columns if column.field not in known]:
        raise refusals.STRANGE_FIELDS(
            file=mapping.name, content=content.value, strange="、".join(strange)[:120]
        )
    return columns


def cells_of(row: Row, columns: Sequence[Column], content: Content, mapping: FieldMapping) -> list[str]:
    """Return the cells of a row, as text."""
    fields = LEDGER if content == Content.LEDGER else RESULTS
    return [_text(fields[column.field](row, mapping.word)) for column in columns]


def digest_of(cells: Sequence[str]) -> str:
    """Return what two rows have in common only when they say the same."""
    return hashlib.sha256("\x1f".join(cells).encode()).hexdigest()


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _user(it: Row) -> Row:
    """Whoever is named as the user: of a stall without a code its market, for its own name is a person's."""
    return it.entity if it.entity.credit_code else it.root


def _serial(it: Row) -> str:
    """A nozzle bears the serial number of its dispenser; the ledger adds #nozzle."""
    return str(it.serial_number.partition("#")[0] if it.parent_id else it.serial_number)


def _nozzle(it: Row) -> str:
    return str(it.serial_number.partition("#")[2] if it.parent_id else "")


def _location(it: Row) -> str:
    return str(it.details.get("location") or it.place)


LEDGER: dict[str, Callable[[Row, Words], Any]] = {
    "credit_code": lambda it, _: _user(it).credit_code,
    "entity_name": lambda it, _: _user(it).name,
    "name": lambda it, _: it.name,
    "category_group": lambda it, _: it.item.parent.name if it.item.parent else it.item.name,
    "category": lambda it, _: it.item.name,
    "model": lambda it, _: it.model,
    "measuring_range": lambda it, _: it.measuring_range,
    "accuracy_class": lambda it, _: it.accuracy_class,
    "serial_number": lambda it, _: _serial(it),
    "dispenser": lambda it, _: it.parent.place if it.parent else "",
    "nozzle": lambda it, _: _nozzle(it),
    "manufacturer": lambda it, _: it.manufacturer,
    "origin": lambda it, _: it.details.get("origin"),
    "location": lambda it, _: _location(it),
    "area": lambda it, _: it.area.full_name,
    "area_code": lambda it, _: it.area.code,
    "quantity": lambda _it, _: 1,
    "use": lambda it, word: word("use", it.use),
    "delivery": lambda it, _: it.details.get("delivery"),
    "code": lambda it, _: it.code,
    "status": lambda it, word: word("state", it.state),
    "type_approval_number": lambda it, _: it.type_approval_number,
    "production_code": lambda it, _: it.production_code,
}
RESULTS: dict[str, Callable[[Row, Words], Any]] = {
    "code": lambda row, _: row.instrument.code,
    "credit_code": lambda row, _: _user(row.instrument).credit_code,
    "entity_name": lambda row, _: _user(row.instrument).name,
    "name": lambda row, _: row.instrument.name,
    "serial_number": lambda row, _: _serial(row.instrument),
    "nozzle": lambda row, _: _nozzle(row.instrument),
    "manufacturer": lambda row, _: row.instrument.manufacturer,
    "certificate_number": lambda row, _: row.certificate_number,
    "institute": lambda row, _: row.institute,
    "kind": lambda row, word: word("kind", row.kind),
    "regulation": lambda row, _: row.regulation,
    "verified_on": lambda row, _: row.verified_on,
    "valid_until": lambda row, _: row.valid_until,
    "result": lambda row, word: word("result", row.result),
    "voided_on": lambda row, _: row.voided_on,
    "void_reason": lambda row, _: row.void_reason,
}
