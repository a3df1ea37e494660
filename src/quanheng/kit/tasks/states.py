"""The states of a long task, and which follows which."""

from __future__ import annotations

from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from quanheng.kit.tones import Tone


class TaskState(TextChoices):
    """Where a long task stands."""

    WAITING = "waiting", _("排队中")
    RUNNING = "running", _("进行中")
    ASKS = "asks", _("待确认")
    DONE = "done", _("已完成")
    FAILED = "failed", _("未完成")
    CANCELLED = "cancelled", _("已取消")
    EXPIRED = "expired", _("已过期")


AT_WORK = frozenset({TaskState.WAITING, TaskState.RUNNING})
"""A worker goes on with it, also after a crash."""

OVER = frozenset({TaskState.DONE, TaskState.FAILED, TaskState.CANCELLED, TaskState.EXPIRED})
"""Nothing happens to it any more, but that a result's file goes, or that a whole import is taken back."""

FOLLOWS = MappingProxyType(
    {
        TaskState.WAITING: {TaskState.RUNNING, TaskState.FAILED, TaskState.CANCELLED, TaskState.EXPIRED},
        TaskState.RUNNING: {
            TaskState.RUNNING,  # another try, after a kill or a fault
            TaskState.ASKS,
            TaskState.DONE,
            TaskState.FAILED,
            TaskState.CANCELLED,
        },
        TaskState.ASKS: {TaskState.WAITING, TaskState.CANCELLED, TaskState.EXPIRED},
        TaskState.DONE: {TaskState.WAITING, TaskState.EXPIRED},  # waits again: to be taken back
        TaskState.FAILED: set[TaskState](),
        TaskState.CANCELLED: set[TaskState](),
        TaskState.EXPIRED: set[TaskState](),
    }
)
TONES = MappingProxyType(
    {
        TaskState.WAITING: Tone.INFO,
        TaskState.RUNNING: Tone.INFO,
        TaskState.ASKS: Tone.DUE,
        TaskState.DONE: Tone.OK,
        TaskState.FAILED: Tone.BAD,
        TaskState.CANCELLED: Tone.QUIET,
        TaskState.EXPIRED: Tone.QUIET,
    }
)


def before(state: TaskState) -> frozenset[TaskState]:
    """Return the states that this one may follow."""
    return frozenset(first for first, then in FOLLOWS.items() if state in then)


def tone_of(state: str) -> Tone:
    """Return the colour of a state."""
    return TONES[TaskState(state)]
