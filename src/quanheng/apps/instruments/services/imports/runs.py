"""A run that is being worked on: its lock, its progress, its actor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from quanheng.apps.accounts.actors import SYSTEM, Actor
from quanheng.apps.accounts.queries import actor_for
from quanheng.apps.instruments.models import ImportRun
from quanheng.kit.refusal import NotYours, RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in

LOCK_SPACE = 7_310_002  # advisory locks (space, run): one process carries a run at a time
SQL = Path(__file__).parent / "sql"


def uploads_dir() -> Path:
    """Return the folder of uploaded files, made when it is missing."""
    folder = Path(settings.DATA_DIR) / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def holding(run_id: int) -> Iterator[bool]:
    """Hold a run's lock while the block runs; yields False when another process holds it.

    The lock belongs to the session: it vanishes with a killed process.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_SPACE, run_id])
        held = bool(cursor.fetchone()[0])
        try:
            yield held
        finally:
            if held and not connection.needs_rollback:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_SPACE, run_id])


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


def actor_of(run: ImportRun, on: date) -> Actor:
    """Return whoever uploaded the run, with the rights that they have on the day.

    Raises:
        NotYours: the appointment has ended since.
    """
    if run.appointment_id is None:
        return SYSTEM
    actor = actor_for(run.uploaded_by_id or 0, run.appointment_id, on)
    if actor is None or actor.appointment_id != run.appointment_id:
        raise NotYours("appointment_ended", "上传人的岗位已变更，请由现任人员重新上传。")
    return actor


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
