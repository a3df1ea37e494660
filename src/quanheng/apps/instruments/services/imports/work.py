"""Carrying runs on: whoever holds a run's lock does its next step, also after a crash.

A confirmed run ends in one of two ways: everything that was clean is in, or it is taken back as a whole and
says why. A run that makes no progress is not tried for ever.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import DatabaseError, InterfaceError, OperationalError
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.queries import actor_behind
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.enums import ImportState
from quanheng.apps.instruments.models import ImportRun
from quanheng.apps.instruments.services.imports import staging
from quanheng.apps.instruments.services.imports.commit import commit_run
from quanheng.apps.instruments.services.imports.reading import read_run
from quanheng.apps.instruments.services.imports.rights import actor_of, staged_with
from quanheng.apps.instruments.services.imports.runs import LOCK_SPACE, advance, load, save, visible
from quanheng.apps.instruments.services.imports.undo import undo_run
from quanheng.kit.acts import check, may
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.kit.taking_turns import holding

AT_WORK = (ImportState.UPLOADED, ImportState.READING, ImportState.COMMITTING, ImportState.UNDOING)
# Starts without progress. A fault of the file, or of ours, comes back each time; a killed worker, a full disk
# and a database that goes away are nobody's fault and get more patience.
MOST_FAULTS, MOST_STARTS = 5, 30
log = logging.getLogger(__name__)


def carry_on(run_id: int, *, at: datetime) -> ImportRun:
    """Do what a run waits for; does nothing when another process holds it.

    Raises:
        Exception: what went wrong on the way; the run is tried again, or was given up for good.
    """
    with holding(LOCK_SPACE, run_id) as held:
        if held:
            run = load(run_id)
            if run.state in AT_WORK:
                _try(run, at)
    return load(run_id)


def _try(run: ImportRun, at: datetime) -> None:
    """Do the run's steps once. The start is counted before: a run that kills its worker is counted, too."""
    if run.tries >= MOST_STARTS and run.state != ImportState.UNDOING:
        return _end(run, f"处理 {run.tries} 次都在中途停止，没有进展。", at)
    save(run, tries=min(run.tries + 1, 30_000))
    try:
        _steps(run, at)
    except RuleBroken as refused:
        _end(run, refused.message, at)
    except (OperationalError, InterfaceError):
        raise
    except Exception as fault:
        if run.tries >= MOST_FAULTS:
            _end(run, _reason(fault, run.tries), at)
        raise
    return None


def _steps(run: ImportRun, at: datetime) -> None:
    if run.state in {ImportState.UPLOADED, ImportState.READING}:
        read_run(run, at)
    if run.state == ImportState.COMMITTING:
        if _has_to_be_read_again(run, at):
            read_run(run, at)
        if run.state == ImportState.COMMITTING:
            commit_run(run, at)
    if run.state == ImportState.UNDOING:
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


def _end(run: ImportRun, reason: str, at: datetime) -> None:
    """Give a run up for good, and say so: what had entered is taken back as a whole."""
    stands = load(run.pk)
    if stands.state == ImportState.UNDOING:
        entered = f"已入库的 {stands.rows_committed} 行仍在台账中。"
        message = f"没有撤销：{reason}{entered}"
        save(
            run, state=ImportState.DONE, message=message[:500], tries=0, finished_at=stands.finished_at or at
        )
    elif stands.rows_committed == 0:
        with acting_in(EVERYTHING):
            staging.clear(run)
        save(run, state=ImportState.REFUSED, message=reason[:500], finished_at=at)
    else:
        message = f"{reason}已入库的 {stands.rows_committed} 行已整体撤销，台账没有变化。"
        save(run, state=ImportState.UNDOING, message=message[:500], tries=0)
        _try(run, at)


def _reason(fault: Exception, tries: int) -> str:
    """Say what happened to who cannot read a traceback; the log has it."""
    kind = "数据库" if isinstance(fault, DatabaseError) else "程序"
    return (
        f"这个文件处理了 {tries} 次都没有成功（{kind}报告：{type(fault).__name__}），不再尝试。"
        "请检查文件内容，或把批次号告诉系统管理员。"
    )


def waiting_runs() -> list[int]:
    """Return the runs that wait for a worker: the ones that gave least trouble first, then the oldest."""
    with acting_in(EVERYTHING):
        runs = ImportRun.objects.unscoped().filter(state__in=AT_WORK).order_by("tries", "pk")
        return list(runs.values_list("pk", flat=True))


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
        "key_id": key_id, "tries": 0, "message": "",
    }  # fmt: skip
    if not advance(run, {ImportState.PREVIEW}, state=ImportState.COMMITTING, **confirmed):
        raise RuleBroken("not_in_preview", "这个导入批次不在待确认状态。")
    return run


def answer_columns(*, run_id: int, mapping: dict[str, str], by: Actor) -> ImportRun:
    """Take the clerk's answers about columns, and read the file again with them.

    Raises:
        RuleBroken: import_not_found, not_asked.
    """
    run = visible(run_id, by)
    check(acts.IMPORT_COMMITTED, by)
    answered = {"mapping": mapping or {"": ""}, "questions": [], "tries": 0}
    waited_in = {ImportState.NEEDS_COLUMNS, ImportState.PREVIEW}
    if not advance(run, waited_in, state=ImportState.UPLOADED, **answered):
        raise RuleBroken("not_asked", "这个导入批次现在不需要确认列。")
    return run


def give_up(*, run_id: int, by: Actor, at: datetime) -> ImportRun:
    """Drop a run that has not been committed.

    Raises:
        RuleBroken: import_not_found, already_committed.
    """
    run = visible(run_id, by)
    check(acts.IMPORT_COMMITTED, by)
    waited_in = {ImportState.PREVIEW, ImportState.NEEDS_COLUMNS, ImportState.UPLOADED}
    if not advance(run, waited_in, state=ImportState.REFUSED, message="已放弃导入。", finished_at=at):
        raise RuleBroken("already_committed", "这个导入批次已经开始入库，不能放弃；完成后可以整体撤销。")
    with acting_in(EVERYTHING):
        staging.clear(run)
    return run


def may_import(by: Actor) -> bool:
    """Answer a template."""
    return may(acts.IMPORT_COMMITTED, by)
