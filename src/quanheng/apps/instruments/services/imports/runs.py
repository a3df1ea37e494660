"""A run that is being worked on: its progress, and where it stands."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from django.db.models import Q

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import refusals
from quanheng.apps.instruments.enums import ImportStage
from quanheng.apps.instruments.models import ImportRun
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.kit.tasks import TaskState
from quanheng.kit.tasks import advance as move

SQL = Path(__file__).parent / "sql"


def load(run_id: int) -> ImportRun:
    """Return a run as the system sees it."""
    with acting_in(EVERYTHING):
        return ImportRun.objects.unscoped().select_related("area").get(pk=run_id)


def save(run: ImportRun, **values: Any) -> None:
    """Set columns of a run, now."""
    for name, value in values.items():
        setattr(run, name, value)
    with acting_in(EVERYTHING):
        ImportRun.objects.unscoped().filter(pk=run.pk).update(**values)


def advance(run: ImportRun, waited_in: Collection[ImportStage], to: TaskState, **values: Any) -> bool:
    """Move a run on that still stands where it was seen; of two who decide, one is too late."""
    return move(run, to, when=Q(stage__in=waited_in), **values)


def visible(run_id: int, by: Actor) -> ImportRun:
    """Return a run that the actor may see.

    Raises:
        RuleBroken: import_not_found.
    """
    run = ImportRun.objects.visible_to(by).filter(pk=run_id).first()
    if run is None:
        raise refusals.IMPORT_NOT_FOUND()
    return run


def statement(name: str) -> str:
    """Return the SQL of a step."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")
