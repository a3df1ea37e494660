"""Carrying runs on: whoever holds a run's lock does its next step, also after a crash."""

from __future__ import annotations

import logging
from datetime import datetime

from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.queries import actor_behind
from quanheng.apps.audit.enums import Verb
from quanheng.apps.instruments import permissions
from quanheng.apps.instruments.enums import ImportState
from quanheng.apps.instruments.models import ImportRun
from quanheng.apps.instruments.services.imports import staging
from quanheng.apps.instruments.services.imports.commit import commit_run
from quanheng.apps.instruments.services.imports.reading import read_run
from quanheng.apps.instruments.services.imports.runs import LOCK_SPACE, load, save, visible
from quanheng.apps.instruments.services.imports.undo import undo_run
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.kit.taking_turns import holding

AT_WORK = (ImportState.UPLOADED, ImportState.READING, ImportState.COMMITTING, ImportState.UNDOING)
log = logging.getLogger(__name__)


def carry_on(run_id: int, *, at: datetime) -> ImportRun:
    """Do what a run waits for; does nothing when another process holds it."""
    with holding(LOCK_SPACE, run_id) as held:
        if held:
            run = load(run_id)
            try:
                _steps(run, at)
            except RuleBroken as refused:
                save(run, state=ImportState.REFUSED, message=refused.message, finished_at=at)
    return load(run_id)


def _steps(run: ImportRun, at: datetime) -> None:
    actor = actor_behind(run.uploaded_by_id, run.appointment_id, timezone.localdate(at))
    if run.state in {ImportState.UPLOADED, ImportState.READING}:
        read_run(run, actor, at)
    if run.state == ImportState.COMMITTING:
        with acting_in(EVERYTHING):
            lost = staging.staged_up_to(run) <= run.rows_committed and run.rows_committed < run.rows_read
        if lost:  # a crash emptied the stage: read the file again, then go on after the last committed row
            log.warning("import %s: the stage was lost, reading the file again", run.pk)
            read_run(run, actor, at)
            save(run, state=ImportState.COMMITTING)
        commit_run(run, actor, at)
    if run.state == ImportState.UNDOING:
        undo_run(run, actor, at)


def waiting_runs() -> list[int]:
    """Return the runs that wait for a worker, the oldest first."""
    with acting_in(EVERYTHING):
        return list(
            ImportRun.objects.unscoped().filter(state__in=AT_WORK).order_by("pk").values_list("pk", flat=True)
        )


def confirm(*, run_id: int, by: Actor) -> ImportRun:
    """Have a previewed run committed; a worker does it.

    Raises:
        RuleBroken: import_not_found, not_in_preview.
    """
    run = visible(run_id, by)
    permissions.check(Verb.IMPORT_COMMITTED, by)
    if run.state != ImportState.PREVIEW:
        raise RuleBroken("not_in_preview", "这个导入批次不在待确认状态。")
    save(run, state=ImportState.COMMITTING)
    return run


def answer_columns(*, run_id: int, mapping: dict[str, str], by: Actor) -> ImportRun:
    """Take the clerk's answers about columns, and read the file again with them.

    Raises:
        RuleBroken: import_not_found, not_asked.
    """
    run = visible(run_id, by)
    permissions.check(Verb.IMPORT_COMMITTED, by)
    if run.state not in {ImportState.NEEDS_COLUMNS, ImportState.PREVIEW}:
        raise RuleBroken("not_asked", "这个导入批次现在不需要确认列。")
    save(run, state=ImportState.UPLOADED, mapping=mapping or {"": ""}, questions=[])
    return run


def give_up(*, run_id: int, by: Actor, at: datetime) -> ImportRun:
    """Drop a run that has not been committed.

    Raises:
        RuleBroken: import_not_found, already_committed.
    """
    run = visible(run_id, by)
    if run.state not in {ImportState.PREVIEW, ImportState.NEEDS_COLUMNS, ImportState.UPLOADED}:
        raise RuleBroken("already_committed", "这个导入批次已经开始入库，不能放弃；完成后可以整体撤销。")
    save(run, state=ImportState.REFUSED, message="已放弃导入。", finished_at=at)
    with acting_in(EVERYTHING):
        staging.clear(run)
    return run


def may_import(by: Actor) -> bool:
    """Answer a template."""
    return permissions.may(Verb.IMPORT_COMMITTED, by)
