"""核对前先看一眼: how each column was taken, and the first rows as they were understood.

The rows hold names and telephone numbers: they are kept encrypted, and no longer than the upload.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from quanheng.apps.accounts.queries import area_names
from quanheng.apps.instruments.ledger_sheet import LedgerRow, LedgerSheet
from quanheng.apps.instruments.models import ImportRun
from quanheng.apps.instruments.services.imports.runs import save

SHOWN = 20
NO_FIELD = frozenset({"item", "other"})  # what was found out, and what is no field of the ledger


def keep_preview(run: ImportRun, sheet: LedgerSheet, first: Iterable[LedgerRow]) -> None:
    """Keep with the run what a clerk is shown before the commit."""
    rows = list(first)
    names = area_names({row.values["area"] for row in rows if row.values.get("area")})
    shown = [understood(row, names.get) for row in rows]
    save(
        run,
        columns=sheet.columns,
        first_rows=json.dumps(shown, ensure_ascii=False),
        notices=[{"fields": list(notice.fields), "text": notice.text} for notice in sheet.notices],
    )


def first_rows(run: ImportRun) -> list[dict[str, Any]]:
    """Return the first rows as understood: `row` is the clerk's number, then field → value."""
    return json.loads(run.first_rows) if run.first_rows else []


def understood(row: LedgerRow, area_name: Callable[[int], str | None]) -> dict[str, Any]:
    """Return a row as it was understood; what is empty or at fault is left out.

    Dates are ISO 8601, decimals text (masses in grams), an area is its full name.
    """
    faulty = set(row.fields)
    values = {name: value for name, value in row.values.items() if name not in NO_FIELD | faulty}
    if values.get("area") is not None:
        values["area"] = area_name(values["area"])
    told = {name: _plain(value) for name, value in values.items() if value not in (None, "")}
    return {"row": row.number, **told}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else value
