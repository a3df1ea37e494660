"""Carrying tasks on: whoever holds a task's lock does what is left of it, also after a crash.

A task that makes no progress is not tried for ever. A fault of what was handed in, or of ours, comes back
each time; a killed worker, a full disk and a database that goes away are nobody's fault and get more
patience.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import sql

from quanheng.kit.advisory_locks import holding
from quanheng.kit.free_space import NoRoom, stop_when_low
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, ScopedQuerySet, acting_in
from quanheng.kit.tasks.files import drop_result
from quanheng.kit.tasks.kinds import Kind, T
from quanheng.kit.tasks.model import NO_ROOM, TO_CLEAR, TO_DO, LongTask
from quanheng.kit.tasks.moving import TaskCancelled, advance, note, rows_of
from quanheng.kit.tasks.states import AT_WORK, TaskState

MOST_FAULTS, MOST_STARTS = 5, 30
log = logging.getLogger("quanheng.tasks")


class Fails(Protocol):
    """Ends a task that will not be done."""

    def __call__(self, task: Any, reason: str, at: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Work:
    """What a worker does for a kind.

    Args:
        do: does what is left of a task, and ends with `finish` (or has it ask).
        drop: takes back what an unfinished task left, and says what stays; nothing, unless said.
        fail: ends a task that was refused or tried too often; `fail`, unless said.
        is_bounded: whether a task that is stopped again and again is given up.
    """

    do: Callable[[Any, datetime], object]
    drop: Callable[[Any], str | None] | None = None
    fail: Fails | None = None
    is_bounded: Callable[[Any], bool] = lambda _task: True


_WORK: dict[str, Work] = {}


def done_by(kind: Kind[T], do: Callable[[T, datetime], object], **more: Any) -> None:
    """Say what a worker does for a kind; `more` are arguments of `Work`."""
    _WORK[kind.key] = Work(do, **more)


def resume_task(kind: Kind[T], task_id: int, *, at: datetime) -> T | None:
    """Do what is left of a task; nothing when another process holds it, or when it is over.

    Returns:
        the task as it stands then; None when there is no such task.

    Raises:
        Exception: what went wrong on the way; the task is tried again, or was given up for good.
    """
    with holding(kind.lock, task_id) as held:
        task = load(kind, task_id) if held else None
        if task is not None:
            try_once(kind, task, at)
    return load(kind, task_id)


def try_once(kind: Kind[T], task: T, at: datetime) -> None:
    """Do a task's work once. The start is counted before: a task that kills its worker is counted, too."""
    work = _WORK[kind.key]
    if task.state not in AT_WORK:
        return _clear(work, kind, task, at)
    if task.tries >= MOST_STARTS and work.is_bounded(task):
        reason = _("处理 %(times)d 次均中途停止，未成功。") % {"times": task.tries}
        return _end(work, kind, task, reason, at)
    tries, began = min(task.tries + 1, 30_000), task.started_at or timezone.now()
    said = task.message.removeprefix(NO_ROOM)
    if not advance(task, TaskState.RUNNING, tries=tries, started_at=began, message=said):
        return None  # it was cancelled in the meantime
    try:
        _do(work, task, at)
    except TaskCancelled:
        rest = load(kind, task.pk)
        if rest is not None:
            _clear(work, kind, rest, at)
    except RuleBroken as refused:
        _end(work, kind, task, refused.message, at)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        if task.tries >= MOST_FAULTS:
            _end(work, kind, task, _reason(task.tries), at)
        raise
    return None


def _do(work: Work, task: LongTask, at: datetime) -> None:
    """Do what is left; where the disk has no room the task waits for it and says so, which is no try."""
    try:
        stop_when_low()
        work.do(task, at)
    except NoRoom:
        log.warning("%s %s waits for room on the disk", task._meta.label, task.pk)
        note(task, message=f"{NO_ROOM}{task.message}"[:500], tries=0)


def load(kind: Kind[T], task_id: int) -> T | None:
    """Return a task as the system sees it."""
    with acting_in(EVERYTHING):
        return ScopedQuerySet(kind.model).filter(pk=task_id).first()


def waiting_tasks(kind: Kind[Any]) -> list[int]:
    """Return the tasks that wait for a worker: the ones that gave least trouble first, then the oldest."""
    with acting_in(EVERYTHING):
        rows: ScopedQuerySet[Any] = ScopedQuerySet(kind.model).filter(TO_DO)
        return list(rows.order_by("tries", "pk").values_list("pk", flat=True))


@contextmanager
def telling(task: T) -> Iterator[Callable[[int, int | None], None]]:
    """Tell how far a task is on a second connection, for work that reads in one long transaction.

    Yields:
        The function to tell how much is done, of how many. It raises TaskCancelled.
    """
    told = sql.SQL("UPDATE {} SET done = %s, total = %s WHERE id = %s RETURNING state").format(
        sql.Identifier(task._meta.db_table)
    )
    with closing(connection.copy()) as teller:

        def tell(done: int, total: int | None) -> None:
            with teller.cursor() as cursor:
                cursor.execute("SELECT set_config('quanheng.everything', '1', false)")
                cursor.execute(told, [done, total, task.pk])
                row = cursor.fetchone()
            if row is not None and row[0] != TaskState.RUNNING:
                raise TaskCancelled

        yield tell


def fail(task: T, reason: str, at: datetime) -> None:
    """Give a task up for good, and say why."""
    advance(task, TaskState.FAILED, message=reason[:500], finished_at=at, **task.ending())


def _end(work: Work, kind: Kind[T], task: T, reason: str, at: datetime) -> None:
    if work.fail is not None:
        return work.fail(task, reason, at)
    return fail(task, f"{reason}{_dropped(work, kind, task)}", at)


def _clear(work: Work, kind: Kind[T], task: T, at: datetime) -> None:
    """Clear up after a task that was ended from outside; its end is noted with it."""
    if task.state in {TaskState.CANCELLED, TaskState.EXPIRED} and task.finished_at is None:
        message = f"{task.message}{_dropped(work, kind, task)}"[:500]
        with acting_in(EVERYTHING):
            rows_of(task).filter(TO_CLEAR).update(finished_at=at, message=message)


def _dropped(work: Work, kind: Kind[T], task: T) -> str:
    """Take back what the task left; returns what stays, in words."""
    if kind.folder and work.drop is None:
        drop_result(kind, task)
    return (work.drop(task) or "") if work.drop else ""


def _reason(tries: int) -> str:
    """Say what happened to who cannot read a traceback; the log has it."""
    return _("处理 %(tries)d 次未成功。请检查后重试，或将任务编号告知系统管理员。") % {"tries": tries}
