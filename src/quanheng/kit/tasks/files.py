"""Files of tasks: results that are written anew with every try, and what goes when its term is over."""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from quanheng.kit.durable_files import open_private, private_folder
from quanheng.kit.scope import EVERYTHING, ScopedQuerySet, acting_in
from quanheng.kit.tasks.kinds import Kind, T, kinds
from quanheng.kit.tasks.moving import advance, queue_task, rows_of
from quanheng.kit.tasks.states import OVER, TaskState


def new_result(kind: Kind[T], task: T, ending: str) -> Path:
    """Return an empty file for a task's result, under a name that nobody guesses; one begun before goes."""
    drop_result(kind, task)
    task.file_path = f"{task.pk}-{secrets.token_hex(8)}.{ending}"
    with acting_in(EVERYTHING):
        rows_of(task).update(file_path=task.file_path)
    path = kind.result_file(task)
    private_folder(path.parent)
    open_private(path).close()
    return path


def drop_result(kind: Kind[T], task: T) -> None:
    """Delete the file of a task's result."""
    if task.file_path:
        kind.result_file(task).unlink(missing_ok=True)


def end_overdue(*, at: datetime) -> None:
    """Delete results whose term is over, and give up the tasks whose question nobody answered in time."""
    for kind in kinds():
        with acting_in(EVERYTHING):
            _expire_results(kind, at)
            if kind.reads_upload:
                _give_up_unanswered(kind, at - settings.UPLOADS_KEPT)


def uploads_in_use() -> set[str]:
    """Return the uploaded files of tasks that are not over."""
    with acting_in(EVERYTHING):
        return {
            name
            for kind in kinds()
            if kind.reads_upload
            for name in _rows(kind).exclude(state__in=OVER).values_list("file_path", flat=True)
        }


def _expire_results(kind: Kind[Any], at: datetime) -> None:
    for task in _rows(kind).filter(state=TaskState.DONE, expires_at__lte=at):
        drop_result(kind, task)
        advance(task, TaskState.EXPIRED)


def _give_up_unanswered(kind: Kind[Any], before: datetime) -> None:
    for task in _rows(kind).filter(state=TaskState.ASKS, requested_at__lt=before):
        words = _("超过保存期限未确认，已自动放弃。")
        if advance(task, TaskState.EXPIRED, message=words, **task.ending()):
            queue_task(kind, task)


def _rows(kind: Kind[Any]) -> ScopedQuerySet[Any]:
    return ScopedQuerySet(kind.model)
