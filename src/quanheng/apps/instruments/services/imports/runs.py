"""A run that is being worked on: its lock and its progress."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.enums import ImportState
from quanheng.apps.instruments.models import ImportRun
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in

LOCK_SPACE = 7_310_002  # of `holding`: one process carries a run at a time
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


def advance(run: ImportRun, waited_in: Collection[ImportState], **values: Any) -> bool:
    """Set columns of a run that still stands where it was seen; of two who decide, one is too late."""
    with acting_in(EVERYTHING):
        moved = ImportRun.objects.unscoped().filter(pk=run.pk, state__in=waited_in).update(**values)
    if moved:
        for name, value in values.items():
            setattr(run, name, value)
    return bool(moved)


def visible(run_id: int, by: Actor) -> ImportRun:
    """Return a run that the actor may see.

    Raises:
        RuleBroken: import_not_found.
    """
    run = ImportRun.objects.visible_to(by).filter(pk=run_id).first()
    if run is None:
        raise RuleBroken("import_not_found", "没有找到这个导入批次，或它不在您的管辖范围内。")
    return run


def statement(name: str) -> str:
    """Return the SQL of a step."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")
