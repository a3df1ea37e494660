"""A task moves from state to state: every change asks in the same statement whether it may."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from quanheng.kit import refusals
from quanheng.kit.queue import defer
from quanheng.kit.scope import EVERYTHING, ScopedQuerySet, acting_in
from quanheng.kit.tasks.kinds import Kind, T, kind_of_task
from quanheng.kit.tasks.model import LongTask
from quanheng.kit.tasks.states import OVER, TaskState, before

task_over = Signal()
"""Sent with `task` and `at` when a task is done, failed or asks, in the transaction that moved it."""
TOLD = frozenset({TaskState.DONE, TaskState.FAILED, TaskState.ASKS})


class TaskCancelled(Exception):
    """The task was cancelled, or is over, while a worker was at it: the worker stops and clears up."""


def rows_of(task: LongTask) -> ScopedQuerySet[Any]:
    """Return the row of a task as a queryset."""
    return ScopedQuerySet(type(task)).filter(pk=task.pk)


def advance(task: LongTask, to: TaskState, *, when: Q | None = None, **values: Any) -> bool:
    """Set a task's state, and columns with it, if it stands where that may follow.

    Args:
        when: what else has to hold of the row; of two who decide, one is too late.

    Returns:
        whether it moved; the object at hand is as the row then.
    """
    with acting_in(EVERYTHING):
        rows = rows_of(task).filter(when or Q(), state__in=before(to))
        moved = rows.update(state=to, **values)
        if moved:
            for name, value in {"state": to, **values}.items():
                setattr(task, name, value)
            if to in TOLD:
                task_over.send(sender=type(task), task=task, at=values.get("finished_at") or timezone.now())
    return bool(moved)


def note(task: LongTask, **values: Any) -> None:
    """Set columns of a task that a worker is at, such as how far it is.

    Raises:
        TaskCancelled: it was cancelled.
    """
    with acting_in(EVERYTHING):
        if not rows_of(task).filter(state=TaskState.RUNNING).update(**values):
            raise TaskCancelled
    for name, value in values.items():
        setattr(task, name, value)


def finish(task: LongTask, at: datetime, **values: Any) -> None:
    """End a task well. Its result is kept for the term of its kind.

    Raises:
        TaskCancelled: it was cancelled before.
    """
    kept = kind_of_task(task).kept
    if kept is not None:
        values["expires_at"] = at + kept
    if not advance(task, TaskState.DONE, finished_at=at, tries=0, **values):
        raise TaskCancelled


def queue_task(kind: Kind[T], task: T) -> None:
    """Have a worker carry a task on, once what is under way here has been committed."""
    defer("tasks.work", kind=kind.key, task_id=task.pk)


def cancel_task(kind: Kind[T], task: T, message: str = "") -> None:
    """Cancel a task that is not over; a worker clears up what it left. The right was asked before.

    Raises:
        RuleBroken: too_late_to_cancel.
    """
    words = message or _("已取消。")
    model = kind.model
    if not advance(task, TaskState.CANCELLED, when=model.cancellable(), message=words, **model.ending()):
        why = _("该任务已结束。") if task.state in OVER else task.too_late
        raise refusals.TOO_LATE_TO_CANCEL(why=why, state=task.state)
    queue_task(kind, task)
