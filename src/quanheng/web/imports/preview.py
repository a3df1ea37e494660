"""What a clerk sees of a sheet before it enters: how each column was taken, the first rows as understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from quanheng.apps.instruments.enums import InstrumentState, Result
from quanheng.apps.instruments.ledger_sheet.columns import FIELDS, SYNONYMS
from quanheng.apps.instruments.services.imports.preview import first_rows

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import ImportRun

MASSES = frozenset({"max_capacity", "min_capacity", "e", "d"})


@dataclass(frozen=True, slots=True)
class Preview:
    """Pairs of header and what it was taken for; then a table of rows."""

    columns: Sequence[tuple[str, str]]
    heads: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str]]]

    def __bool__(self) -> bool:
        return bool(self.columns)


def preview_of(run: ImportRun) -> Preview:
    """Gather it from what the reading kept with the run; nothing where the run is older than that."""
    fields = [name for name in run.columns if name in FIELDS]
    read = first_rows(run)
    fields += [name for row in read for name in row if name in FIELDS and name not in fields]
    fields = list(dict.fromkeys(fields))
    return Preview(
        columns=[(title, column_word(name)) for name, titles in run.columns.items() for title in titles],
        heads=[column_word(name) for name in fields],
        rows=[(row["row"], [_shown(name, row.get(name)) for name in fields]) for row in read],
    )


def column_word(field: str) -> str:
    """Return what a field is called on the page."""
    words = {"ignored": _("不导入"), "other": _("未识别，原样留存")}
    return words.get(field) or SYNONYMS[field][0]


def _shown(field: str, value: Any) -> str:
    if value in (None, ""):
        return "—"
    if field == "conclusion":
        return str(Result(value).label)
    if field == "status":
        return str(InstrumentState(value).label)
    if field in MASSES:
        grams = Decimal(value)
        return f"{format((grams / 1000).normalize(), 'f')} kg" if grams >= 1000 else f"{value} g"
    return str(value)
