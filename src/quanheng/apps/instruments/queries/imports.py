"""What an import run can be asked."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.enums import RowAction
from quanheng.apps.instruments.models import ImportRow, ImportRun
from quanheng.kit.scope import EVERYTHING, ScopedQuerySet, acting_in


def runs(by: Actor) -> ScopedQuerySet[ImportRun]:
    """Return the imports that an actor sees."""
    return ImportRun.objects.visible_to(by).select_related("area")


def import_run(run_id: int, by: Actor) -> ImportRun | None:
    """Return one of them, or None."""
    return runs(by).filter(pk=run_id).first()


def told_rows(run: ImportRun) -> QuerySet[ImportRow]:
    """Return the rows of a run that need telling: rejected, updated, or with a notice."""
    return ImportRow.objects.filter(run=run)


def rejected_rows(run: ImportRun) -> QuerySet[ImportRow]:
    """Return the rejected rows in the order of the sheet."""
    return told_rows(run).filter(action=RowAction.REJECTED).order_by("position")


def noticed_rows(run: ImportRun) -> QuerySet[ImportRow]:
    """Return the rows with a notice in the order of the sheet."""
    return told_rows(run).exclude(notice="").order_by("position")


def faults_of(run: ImportRun) -> list[dict[str, Any]]:
    """Return the rejected rows in the order of the sheet: row as the clerk counts, fields, reason."""
    with acting_in(EVERYTHING):
        rows = rejected_rows(run)
        return [{"row": row.number, "fields": row.fields, "reason": row.reason} for row in rows]


def notices_of(run: ImportRun) -> list[dict[str, Any]]:
    """Return what is odd: about the file as a whole (row None), then row by row."""
    of_file: list[dict[str, Any]] = [{"row": None, **notice} for notice in run.notices]
    with acting_in(EVERYTHING):
        rows = ImportRow.objects.filter(run=run).exclude(notice="").order_by("position")
        return of_file + [
            {"row": row.number, "fields": row.notice_fields, "text": row.notice} for row in rows
        ]
