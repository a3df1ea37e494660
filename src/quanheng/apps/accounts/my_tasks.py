"""A person's own long tasks, of every kind, the newest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from django.db.models import Q

from quanheng.apps.accounts.actors import Actor
from quanheng.kit.scope import ScopedQuerySet
from quanheng.kit.tasks import OVER, Kind, LongTask, kinds

TOLD_FOR = timedelta(days=3)  # so long the desk says how a task ended


@dataclass(frozen=True, slots=True)
class MyTask:
    """One task, with its kind."""

    kind: Kind[Any]
    task: LongTask

    @property
    def requested_at(self) -> datetime:
        return self.task.requested_at


def tasks_of(by: Actor, at_most: int) -> list[MyTask]:
    """Return the person's latest tasks, as far as their present post reaches them."""
    return _newest(by, Q(), at_most)


def tasks_to_tell(by: Actor, at_most: int, *, now: datetime) -> list[MyTask]:
    """Return what the desk tells: tasks that ask or are under way, and how those of the last days ended."""
    return _newest(by, ~Q(state__in=OVER) | Q(finished_at__gte=now - TOLD_FOR), at_most)


def _newest(by: Actor, which: Q, at_most: int) -> list[MyTask]:
    found = (mine for kind in kinds() if kind.admits(by) for mine in _of_kind(kind, by, which, at_most))
    return sorted(found, key=attrgetter("requested_at"), reverse=True)[:at_most]


def _of_kind(kind: Kind[Any], by: Actor, which: Q, at_most: int) -> Iterator[MyTask]:
    rows: ScopedQuerySet[Any] = ScopedQuerySet(kind.model).visible_to(by).filter(kind.model.listed(), which)
    mine = rows.filter(requested_by_id=by.user_id).order_by("-id")
    return (MyTask(kind, task) for task in mine[:at_most])
