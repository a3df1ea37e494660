"""Telling who waits for a long task that it is over, or that it asks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import Role
from quanheng.apps.notices.addresses import Address
from quanheng.apps.notices.kinds import NoticeKind, kind
from quanheng.apps.notices.models import Notice
from quanheng.apps.notices.services.write import News, tell
from quanheng.kit.scope import seeing_everything
from quanheng.kit.tasks import LongTask, TaskState
from quanheng.kit.tasks.kinds import kind_of_task
from quanheng.kit.tones import Tone

EVERYBODY = frozenset(Role)
TASK_DONE = kind(
    "task_done",
    _("任务完成"),
    who=EVERYBODY,
    text=_("任务已完成：%(subject)s"),
    many=_("任务已完成：%(count)s 项"),
    of="tasks",
    tone=Tone.OK,
)
TASK_FAILED = kind(
    "task_failed",
    _("任务未能完成"),
    who=EVERYBODY,
    text=_("任务未能完成：%(subject)s"),
    many=_("任务未能完成：%(count)s 项"),
    of="tasks",
    tone=Tone.BAD,
)
TASK_ASKS = kind(
    "task_asks",
    _("任务等待确认"),
    who=EVERYBODY,
    text=_("任务等待您确认：%(subject)s"),
    many=_("任务等待您确认：%(count)s 项"),
    of="tasks",
    tone=Tone.DUE,
)
KINDS: dict[TaskState, NoticeKind] = {
    TaskState.DONE: TASK_DONE, TaskState.FAILED: TASK_FAILED, TaskState.ASKS: TASK_ASKS,
}  # fmt: skip


def tell_of_task(*, task: LongTask, at: datetime, **_signal: Any) -> None:
    """Write to whoever asked for the task (receiver of `task_over`); what nobody asked for tells nobody."""
    told, person = KINDS.get(TaskState(task.state)), task.requested_by_id
    if told is None or person is None:
        return
    of = kind_of_task(task).key  # in the place of an act: it says to which page of tasks it leads
    news = News(
        kind=told, to=Address(person_id=person), at=at, verb=of, subject=task.name, row_id=task.pk,
        key=f"{of} {task.pk} {at.isoformat()}",
    )  # fmt: skip
    with seeing_everything():
        asked = Notice.objects.unscoped().filter(kind=TASK_ASKS.key, row_id=task.pk, verb=of, settled_at=None)
        asked.update(settled_at=at)
    tell([news])
