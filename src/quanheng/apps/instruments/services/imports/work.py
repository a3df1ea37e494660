"""What a worker does for a run: its steps, and what becomes of it where they cannot be done.

A confirmed run ends in one of two ways: everything that was clean is in, or it is taken back as a whole and
says why. A run that makes no progress is not tried for ever.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.queries import actor_behind
from quanheng.apps.accounts.services.cancel_task import cancel
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.enums import ASKING, ImportStage
from quanheng.apps.instruments.ledger_sheet.columns import FIELDS, plain_header
from quanheng.apps.instruments.models import ImportRun
from quanheng.apps.instruments.services.imports import staging
from quanheng.apps.instruments.services.imports.commit import commit_run
from quanheng.apps.instruments.services.imports.reading import read_run
from quanheng.apps.instruments.services.imports.rights import actor_of, staged_with
from quanheng.apps.instruments.services.imports.runs import advance, load, save, visible
from quanheng.apps.instruments.services.imports.undo import undo_run
from quanheng.kit.acts import check, may
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.kit.tasks import TaskState, finish, kind_of, running

log = logging.getLogger(__name__)


def resume_run(run_id: int, *, at: datetime) -> ImportRun:
    """Do what a run waits for; does nothing when another process holds it.

    Raises:
        Exception: what went wrong on the way; the run is tried again, or was given up for good.
    """
    running.resume_task(kind_of("import"), run_id, at=at)
    return load(run_id)


def do(run: ImportRun, at: datetime) -> None:
    """Do the steps that are left of a run."""
    if run.stage in {ImportStage.UPLOADED, ImportStage.READING}:
        read_run(run, at)
    if run.stage == ImportStage.COMMITTING:
        if _has_to_be_read_again(run, at):
            read_run(run, at)
        if run.stage == ImportStage.COMMITTING:
            commit_run(run, at)
    if run.stage == ImportStage.UNDOING:
        undo_run(run, _who_undoes(run, at), at)


def _has_to_be_read_again(run: ImportRun, at: datetime) -> bool:
    """A crash emptied the stage, or the rows were staged by the rights of somebody else, or of before."""
    if staged_with(*actor_of(run, timezone.localdate(at))) != run.staged_with:
        return run.rows_committed < run.rows_read
    with acting_in(EVERYTHING):
        lost = staging.staged_up_to(run) <= run.rows_committed and run.rows_committed < run.rows_read
    if lost:
        log.warning("import %s: the stage was lost, reading the file again", run.pk)
    return lost


def _who_undoes(run: ImportRun, at: datetime) -> Actor:
    """Whoever asked; the system where a run that could not be finished is taken back."""
    return actor_behind(run.undo_by_id, run.undo_appointment_id, timezone.localdate(at))


def fail(task: ImportRun, reason: str, at: datetime) -> None:
    """Give a run up for good, and say so: what had entered is taken back as a whole."""
    stands = load(task.pk)
    if stands.stage == ImportStage.UNDOING:
        entered = f"已入库的 {stands.rows_committed} 行仍在台账中。"
        message, ended = f"没有撤销：{reason}{entered}"[:500], stands.finished_at or at
        finish(task, ended, stage=ImportStage.DONE, message=message)
    elif stands.rows_committed == 0:
        drop(task)
        running.fail(task, reason, at)
    else:
        message = f"{reason}已入库的 {stands.rows_committed} 行已整体撤销，台账没有变化。"
        save(task, stage=ImportStage.UNDOING, message=message[:500], tries=0)
        running.try_once(kind_of("import"), task, at)


def drop(run: ImportRun) -> None:
    """Empty the stage of a run that will not enter."""
    with acting_in(EVERYTHING):
        staging.clear(run)


def is_bounded(run: ImportRun) -> bool:
    """Say whether a run that is stopped again and again is given up: one that is taken back is not."""
    return run.stage != ImportStage.UNDOING


def confirm(*, run_id: int, by: Actor, at: datetime, key_id: int | None = None) -> ImportRun:
    """Have a previewed run committed, by the rights of whoever confirms it; a worker does it.

    Args:
        key_id: the key of the API through which it is confirmed.

    Raises:
        RuleBroken: import_not_found, not_in_preview.
    """
    run = visible(run_id, by)
    check(acts.IMPORT_COMMITTED, by)
    confirmed = {
        "confirmed_by_id": by.user_id, "confirmed_appointment_id": by.appointment_id, "confirmed_at": at,
        "key_id": key_id, "tries": 0, "message": "", "started_at": None,
    }  # fmt: skip
    if not advance(run, {ImportStage.PREVIEW}, TaskState.WAITING, stage=ImportStage.COMMITTING, **confirmed):
        raise refusals.NOT_IN_PREVIEW()
    return run


def answer_columns(*, run_id: int, mapping: dict[str, str], by: Actor) -> ImportRun:
    """Take the clerk's answers about columns, and read the file again with them.

    Args:
        mapping: header → field, as `ledger_sheet/columns.py` calls it; '' leaves the column out.

    Raises:
        RuleBroken: import_not_found, unknown_columns, not_asked.
    """
    run = visible(run_id, by)
    check(acts.IMPORT_COMMITTED, by)
    unknown = [header for header, field in mapping.items() if field and field not in FIELDS]
    if unknown:
        refusal = refusals.UNKNOWN_COLUMNS(headers=unknown, known=sorted(FIELDS))
        raise refusal.with_faults(
            [{"field": f"columns.{header}", "message": refusal.message} for header in unknown]
        )
    mapping = {plain_header(header): field for header, field in mapping.items()}
    answered = {"mapping": mapping or {"": ""}, "questions": [], "tries": 0, "started_at": None}
    if not advance(run, ASKING, TaskState.WAITING, stage=ImportStage.UPLOADED, **answered):
        raise refusals.NOT_ASKED()
    return run


def give_up(*, run_id: int, by: Actor, at: datetime) -> None:
    """Drop a run that has not been committed; a worker clears up.

    Raises:
        RuleBroken: import_not_found, too_late_to_cancel.
        NotYours: the actor imports nothing.
    """
    run = visible(run_id, by)
    check(acts.IMPORT_COMMITTED, by)
    cancel(kind=kind_of("import"), task_id=run.pk, by=by, at=at, message="已放弃导入。")


def may_import(by: Actor) -> bool:
    """Answer a template."""
    return may(acts.IMPORT_COMMITTED, by)
