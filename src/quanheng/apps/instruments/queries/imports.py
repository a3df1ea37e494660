"""What an import run can be asked."""

from __future__ import annotations

from typing import Any

from quanheng.apps.instruments.enums import RowAction
from quanheng.apps.instruments.models import ImportRow, ImportRun
from quanheng.kit.scope import EVERYTHING, acting_in


def faults_of(run: ImportRun) -> list[dict[str, Any]]:
    """Return the rejected rows in the order of the sheet: row as the clerk counts, fields, reason."""
    with acting_in(EVERYTHING):
        rows = ImportRow.objects.filter(run=run, action=RowAction.REJECTED).order_by("position")
        return [{"row": row.number, "fields": row.fields, "reason": row.reason} for row in rows]


def notices_of(run: ImportRun) -> list[dict[str, Any]]:
    """Return what is odd: about the file as a whole (row None), then row by row."""
    of_file: list[dict[str, Any]] = [{"row": None, **notice} for notice in run.notices]
    with acting_in(EVERYTHING):
        rows = ImportRow.objects.filter(run=run).exclude(notice="").order_by("position")
        return of_file + [
            {"row": row.number, "fields": row.notice_fields, "text": row.notice} for row in rows
        ]
