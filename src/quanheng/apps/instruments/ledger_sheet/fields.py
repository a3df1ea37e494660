"""How the cells of each field are read, and which cells are no value of their field at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from quanheng.apps.instruments.ledger_sheet import normalise, numbers
from quanheng.apps.instruments.ledger_sheet.dates import day
from quanheng.apps.instruments.ledger_sheet.text import MADE_A_DATE, Normalised
from quanheng.kit.sheets import ErrorValue

Normaliser = Callable[[Any], Normalised]
ITEM_COLUMNS = ("name", "category", "category_group")  # the first that the catalogue knows tells the item
MORE_THAN_TEXT = frozenset({date, ErrorValue})
DAYS = frozenset({"verified_on", "valid_until", "commissioned_on", "manufactured_on"})
TAKES_ANYTHING = frozenset({"remarks", "location", "address", "origin", "delivery"})
FIELD_AT_FAULT = dict.fromkeys(ITEM_COLUMNS, "catalogue_item")


def unreadable(cell: Any, name: str, column: int, row: int) -> str:
    """Say why a cell is no value of its field: an error value, or a date where none can be; or nothing."""
    if type(cell) is ErrorValue:
        where = f"{column_letters(column)}{row}"
        return f"单元格 {where} 是公式错误值 {cell}，请改正公式或直接填写内容。"
    if name in DAYS or name in TAKES_ANYTHING:
        return ""
    return f"“{cell.isoformat()}”{MADE_A_DATE}"


def column_letters(column: int) -> str:
    """Return a column, counted from 0, as spreadsheet programs call it: 27 is AB."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


MASS_DEFAULT = {"max_capacity": "kg", "min_capacity": "g", "e": "g", "d": "g"}
MASSES: dict[tuple[str, str], Normaliser] = {
    (name, unit): numbers.mass_in(unit, max if name == "max_capacity" else min)
    for name in MASS_DEFAULT
    for unit in ("kg", "g", "t", "mg")
}
# The others are text. Lengths are those of the ledger's columns.
NORMALISERS: dict[str, Normaliser] = {
    "entity_name": normalise.name_text,
    "holder_name": normalise.name_text,
    "manufacturer": normalise.name_text,
    "institute": normalise.name_text,
    "stall": normalise.mark_up_to(40),
    "dispenser": normalise.mark_up_to(40),
    "nozzle": normalise.nozzle,
    "asset_number": normalise.unique_text,
    "mainboard_number": normalise.unique_text,
    "model": normalise.text_up_to(80),
    "specification": normalise.text_up_to(40),
    "measuring_range": normalise.text_up_to(80),
    "location": normalise.text_up_to(80),
    "type_approval_number": normalise.text_up_to(60),
    "phone": numbers.phone,
    "accuracy_class": normalise.accuracy_class,
    "serial_number": numbers.serial_number,
    "quantity": numbers.count,
    "certificate_number": normalise.unique_text,
    "seal": normalise.unique_text,
    "seal_flow_adjuster": normalise.unique_text,
    "seal_encoder": normalise.unique_text,
    "seal_mainboard": normalise.unique_text,
    "verified_on": day,
    "valid_until": day,
    "commissioned_on": day,
    "manufactured_on": day,
    "conclusion": normalise.conclusion,
    "status": normalise.status,
    "use": normalise.use,
    "mode": normalise.mode,
}
