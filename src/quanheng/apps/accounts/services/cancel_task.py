"""取消任务: whoever a long task belongs to ends it before it is done; a worker clears up what it left."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from quanheng.apps.accounts import acts, refusals
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.services import record
from quanheng.kit.scope import ScopedQuerySet
from quanheng.kit.tasks import Kind, LongTask, cancel_task


def cancel(*, kind: Kind[Any], task_id: int, by: Actor, at: datetime, message: str = "") -> LongTask:
    """Cancel a task that the actor sees and that belongs to them.

    Args:
        message: what is said of it afterwards, instead of "cancelled".

    Raises:
        RuleBroken: task_not_found, too_late_to_cancel.
        NotYours: it belongs to somebody else.
    """
    task: LongTask | None = ScopedQuerySet(kind.model).visible_to(by).filter(pk=task_id).first()
    if task is None:
        raise refusals.TASK_NOT_FOUND()
    if not may_cancel(kind, task, by):
        raise refusals.TASK_NOT_YOURS()
    stood = task.state
    with transaction.atomic():
        cancel_task(kind, task, message)
        record(
            acts.TASK_CANCELLED, by=by, at=at, area_id=getattr(task, "area_id", None),
            subject=str(task.name)[:80], before={"state": stood}, after={"kind": kind.key, "task": task.pk},
        )  # fmt: skip
    return task


def may_cancel(kind: Kind[Any], task: LongTask, by: Actor) -> bool:
    """Say whether a task belongs to the actor; the system's right ends every one."""
    return by.scope.everything or kind.belongs_to(task, by)
