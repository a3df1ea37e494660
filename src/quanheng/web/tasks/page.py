"""A long task as pages show it: its badge, how far it is, what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.my_tasks import MyTask
from quanheng.apps.accounts.services.cancel_task import may_cancel
from quanheng.kit.tasks import AT_WORK, OVER, Kind, LongTask, TaskState, tone_of
from quanheng.kit.tones import Text
from quanheng.web.parts import Link, Progress, State

OWN_PAGES = {"ecqs": "ecqs_run", "import": "import_page"}
"""Kinds with a page of their own, by the name of its address; the others are shown by `task_page`."""


@dataclass(frozen=True, slots=True)
class ShownTask:
    """A line among a person's tasks."""

    kind: Text
    name: str
    url: str
    state: State
    text: str
    requested_at: Any
    finished_at: Any
    file: str = ""


def shown(mine: MyTask, by: Actor) -> ShownTask:
    """Return a task as one of several."""
    task, kind = mine.task, mine.kind
    return ShownTask(
        kind.label, task.name, task_url(kind, task), badge(task), _text(kind, task),
        task.requested_at, task.finished_at, file_url(kind, task, by),
    )  # fmt: skip


def badge(task: LongTask) -> State:
    """Return how a task stands; a file whose time is over counts as expired before it is deleted."""
    state = _state_now(task)
    return State(state.label, tone_of(state))


def _state_now(task: LongTask) -> TaskState:
    over = task.expires_at is not None and task.expires_at <= timezone.now()
    return TaskState.EXPIRED if over and task.state == TaskState.DONE else TaskState(task.state)


def task_url(kind: Kind[Any], task: LongTask) -> str:
    """Return the address of a task's page."""
    own = OWN_PAGES.get(kind.key)
    return reverse(own, args=[task.pk]) if own else reverse("task_page", args=[kind.key, task.pk])


def file_url(kind: Kind[Any], task: LongTask, by: Actor) -> str:
    """Return the address of a task's file; empty where there is none, or not for this post."""
    if not may_download(kind, task, by):
        return ""
    return reverse("task_file", args=[kind.key, task.pk])


def may_download(kind: Kind[Any], task: LongTask, by: Actor) -> bool:
    """Say whether there is a file, made in the post in which the person acts now."""
    same_post = task.appointment_id == by.appointment_id
    return same_post and kind.has_result(task, timezone.now()) and kind.may_fetch(task, by)


def progress_of(kind: Kind[Any], task: LongTask, by: Actor) -> Progress:
    """Return how far a task is; while it runs the part asks for itself again."""
    got = task.progress()
    file = file_url(kind, task, by)
    return Progress(
        title=task.doing,
        done=got.done,
        total=got.total,
        unit=task.unit,
        url=reverse("task_progress", args=[kind.key, task.pk]),
        running=task.state in AT_WORK,
        text=_text(kind, task),
        state=badge(task),
        act=Link(_("下载"), file, "download", primary=True) if file else None,
        cancel=cancel_url(kind, task, by),
    )


def cancel_url(kind: Kind[Any], task: LongTask, by: Actor) -> str:
    """Return where a task is cancelled; empty where it is over, too late, or somebody else's."""
    if task.state in OVER or not may_cancel(kind, task, by) or not task.is_cancellable():
        return ""
    return reverse("task_cancel", args=[kind.key, task.pk])


def _text(kind: Kind[Any], task: LongTask) -> str:
    """Say since when and the how manieth try it is, what came of it, how long its file is kept."""
    if task.state in AT_WORK:
        return task.message if task.is_paused else _began(task)
    if _state_now(task) == TaskState.EXPIRED:
        return task.message or _("文件已过期删除，请重新办理")
    kept = _kept(task) if kind.has_result(task, timezone.now()) else ""
    outcome = task.outcome if task.state in {TaskState.DONE, TaskState.ASKS} else ""
    return _("，").join(filter(None, [task.message or outcome, kept]))


def _began(task: LongTask) -> str:
    since = task.progress().since
    if since is None:
        return ""
    began = _("%(time)s 开始") % {"time": date_format(timezone.localtime(since), "m-d H:i")}
    if task.tries > 1:
        return _("%(began)s，中途停止过，正在第 %(tries)d 次处理") % {"began": began, "tries": task.tries}
    return began


def _kept(task: LongTask) -> str:
    if task.expires_at is None:
        return ""
    left = max(1, round((task.expires_at - timezone.now()).total_seconds() / 3600))
    return ngettext("文件保留 %(hours)d 小时", "文件保留 %(hours)d 小时", left) % {"hours": left}
