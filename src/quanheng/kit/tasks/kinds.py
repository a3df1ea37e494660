"""The kinds of long tasks, each declared once, in `apps/<app>/tasks.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.utils.module_loading import autodiscover_modules

from quanheng.kit.lists.actors import ListActor
from quanheng.kit.tasks.model import LongTask
from quanheng.kit.tones import Text

T = TypeVar("T", bound=LongTask)


def _is_requester(task: LongTask, by: ListActor) -> bool:
    return task.requested_by_id is not None and task.requested_by_id == by.user_id


def _always(_task: LongTask, _by: ListActor) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """What kind of task it is.

    Args:
        key: in addresses and in the queue; never used again for another kind.
        label: what people call it.
        model: the table of its tasks.
        lock: a number of its own, of the advisory lock by which one process carries a task on.
        roles: who opens its pages; None for every role. Which rows they see is for the walls.
        folder: below the data folder, where the files of its results lie; empty when there are none.
        kept: how long a result's file is kept; None for ever.
        reads_upload: `file_path` is what somebody handed in (`kit.uploads`), where it is no result. A
            task that asks is given up when that file's term is over.
        belongs_to: who may cancel a task; the requester unless it is an office's.
        may_fetch: whether somebody who asked for a result may still have it.
    """

    key: str
    label: Text
    model: type[T]
    lock: int
    roles: frozenset[Any] | None = None
    folder: str = ""
    kept: timedelta | None = None
    reads_upload: bool = False
    belongs_to: Callable[[Any, Any], bool] = _is_requester
    may_fetch: Callable[[Any, Any], bool] = _always

    def admits(self, by: ListActor) -> bool:
        """Say whether somebody in this role opens pages of the kind."""
        return by.role is not None and (self.roles is None or by.role in self.roles)

    def result_file(self, task: LongTask) -> Path:
        """Return where the file of a task's result lies."""
        return Path(settings.DATA_DIR) / self.folder / task.file_path

    def has_result(self, task: LongTask, now: datetime) -> bool:
        """Say whether there is a file to hand out."""
        return bool(
            self.folder
            and task.has_result
            and task.state == "done"
            and (task.expires_at is None or task.expires_at > now)
        )


_DECLARED: dict[str, Kind[Any]] = {}


def declare(kind: Kind[T]) -> Kind[T]:
    """Make a kind known.

    Raises:
        ValueError: its key or its lock is another's.
    """
    for other in _DECLARED.values():
        if kind.key == other.key or kind.lock == other.lock:
            raise ValueError(f"Two kinds of tasks share a key or a lock: {kind.key} and {other.key}.")
    _DECLARED[kind.key] = kind
    return kind


def discover() -> None:
    """Load every app's `tasks.py`. Django must know its models."""
    autodiscover_modules("tasks")


def kinds() -> tuple[Kind[Any], ...]:
    """Return every kind that is declared."""
    return tuple(_DECLARED.values())


def kind_of(key: str) -> Kind[Any]:
    """Return a kind by its key. Raises KeyError where nobody declares it."""
    return _DECLARED[key]


def kind_of_task(task: LongTask) -> Kind[Any]:
    """Return the kind of a task."""
    return next(kind for kind in _DECLARED.values() if isinstance(task, kind.model))
