"""The small world in which ledger sheets are read: divisions of Sichuan, the shipped catalogue, one day."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from quanheng.apps.instruments.ledger_sheet import ImportContext, LedgerRow, LedgerSheet
from quanheng.apps.instruments.ledger_sheet.catalogue import Item, NameIndex
from quanheng.kit.sheets import SheetRow, read_rows
from quanheng.regulation.identifiers import body_check, code_check

LEDGERS = Path(__file__).parents[3] / "fixtures" / "ledgers"
TODAY = date(2026, 11, 23)
Verdicts = dict[int, list[str]]  # row → fields at fault


class Divisions:
    """Cities and counties of Sichuan by code, name, or both names; a name that several bear is a doubt."""

    def __init__(self) -> None:
        names = json.loads((LEDGERS / "divisions.json").read_text(encoding="utf-8"))
        self.found: dict[str, list[int]] = {}
        for code, name in names.items():
            in_city = names[code[:4]] + name if len(code) > 4 else name
            for form in {name, in_city, f"四川省{in_city}", code, code.ljust(6, "0")}:
                self.found.setdefault(form, []).append(int(code))

    def find(self, text: str, within: int | None = None) -> int | None:
        """Return the code of a division, or None."""
        hits = [
            code for code in self.found.get(text, ()) if within is None or str(code).startswith(str(within))
        ]
        if len(hits) > 1:
            raise LookupError(f"“{text}”有多处同名区划，请写明市、县。")
        return hits[0] if hits else None


@lru_cache(1)
def divisions() -> Divisions:
    """The divisions, read once."""
    return Divisions()


@lru_cache(1)
def catalogue() -> NameIndex:
    """The catalogue as it is shipped."""
    file = resources.files("quanheng.apps.instruments") / "data" / "catalogue.csv"
    names: dict[str, Item] = {}
    for key, row in enumerate(csv.DictReader(file.read_text(encoding="utf-8").splitlines()), 1):
        item = Item(key, row["slug"], "trade", row["category"], row["mode"] == "calibration")
        for name in (row["name"], *filter(None, row["synonyms"].split("|"))):
            names.setdefault(name, item)
    return NameIndex(names)


def context(**given: Any) -> ImportContext:
    """An import of today."""
    known: dict[str, Any] = {"today": TODAY, "areas": divisions(), "catalogue": catalogue()}
    return ImportContext(**known | given)


def read(path: Path, **given: Any) -> list[LedgerRow]:
    """Read a file's data rows."""
    return list(LedgerSheet(context(**given)).read(read_rows(path)))


def read_table(table: Iterable[Sequence[Any]], **given: Any) -> list[LedgerRow]:
    """Read a table that lies in memory, its first line being row 1."""
    rows = (SheetRow("台账", number, list(cells)) for number, cells in enumerate(table, 1))
    return list(LedgerSheet(context(**given)).read(rows))


def verdicts(rows: Iterable[LedgerRow]) -> Verdicts:
    """Return which fields are at fault in which row."""
    return {row.number: [fault.field for fault in row.faults] for row in rows}


def credit_code(number: int, kind: str = "92510105") -> str:
    """Make a credit code that both checks accept."""
    head = f"{kind}{number:08d}"
    head += body_check(head[8:])
    return head + code_check(head)
