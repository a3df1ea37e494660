"""What every long task's row has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quanheng.kit.tasks.states import AT_WORK, OVER, TaskState
from quanheng.kit.tones import Text

TO_CLEAR = models.Q(state__in=[TaskState.CANCELLED, TaskState.EXPIRED], finished_at=None)
"""Ended from outside: a worker clears up what it left."""
TO_DO = models.Q(state__in=sorted(AT_WORK)) | TO_CLEAR
"""What a worker looks for."""


NO_ROOM = "服务器磁盘空间不足，任务已暂停，腾出空间后自动继续；已完成的部分不受影响。"
"""Before what a task has to say besides, while it waits for room."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a task has got.

    Args:
        done, total: in what the task counts (rows, labels); `total` is None while nobody knows it.
        since: when a worker first began; None while the task waits.
    """

    done: int
    total: int | None
    since: datetime | None


class LongTask(models.Model):
    """One run of something long. A subject's own table has these columns beside its own.

    A worker does it as the appointment that asked for it, with the rights of that moment. `tries` counts the
    starts since it last got on. An end that came from outside (cancelled, expired) has no `finished_at` until
    a worker has cleared up what the task left.

    A model that counts its progress in columns of its own says `done = total = None` and gives `progress`.
    """

    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("申请人"),
        db_index=False,
    )  # fmt: skip
    appointment = models.ForeignKey(
        "accounts.Appointment", models.PROTECT, null=True, related_name="+", verbose_name=_("岗位")
    )
    requested_at = models.DateTimeField(_("申请时间"))
    state = models.CharField(_("状态"), max_length=10, choices=TaskState, default=TaskState.WAITING)
    message = models.CharField(_("说明"), max_length=500, blank=True)
    tries = models.PositiveSmallIntegerField(_("未见进展的尝试次数"), default=0)
    done = models.PositiveIntegerField(_("已处理"), default=0)
    total = models.PositiveIntegerField(_("总数"), null=True)
    file_path = models.CharField(_("保存位置"), max_length=300, blank=True)
    started_at = models.DateTimeField(_("开始处理时间"), null=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True)
    expires_at = models.DateTimeField(_("过期时间"), null=True)

    unit: ClassVar[Text] = ""  # what is counted, behind the number

    class Meta:
        abstract = True
        indexes: ClassVar = [
            models.Index(fields=["requested_by", "-id"], name="%(class)s_of_person"),
            models.Index(fields=["id"], name="%(class)s_to_do", condition=TO_DO),
        ]

    @property
    def name(self) -> str:
        """What the task is called where it stands among others."""
        return str(self._meta.verbose_name)

    @property
    def doing(self) -> str:
        """What is being done, above how far it is."""
        return self.name

    @property
    def outcome(self) -> str:
        """What came of it, in words: of one that is done, or what is asked of somebody."""
        return ""

    @property
    def has_result(self) -> bool:
        """Whether `file_path` is a result, once the task is done."""
        return bool(self.file_path)

    @property
    def result_name(self) -> str:
        """The name under which its result is handed out."""
        return self.file_path

    @property
    def is_paused(self) -> bool:
        """Whether it waits for room on the disk."""
        return self.message.startswith(NO_ROOM)

    def progress(self) -> Progress:
        return Progress(self.done, self.total, self.started_at)

    @classmethod
    def cancellable(cls) -> models.Q:
        """Return which may still be cancelled, among those that are not over."""
        return models.Q()

    @classmethod
    def ending(cls) -> dict[str, Any]:
        """Return columns of its own that are set when a task ends without having been done."""
        return {}

    @property
    def too_late(self) -> str:
        """Why a task that is not over cannot be cancelled any more, and what can be done instead."""
        return gettext("该任务当前不能取消，请刷新页面查看进展。")

    def is_cancellable(self) -> bool:
        """Say whether the task at hand may be cancelled now, apart from whose it is."""
        return self.state not in OVER

    @classmethod
    def listed(cls) -> models.Q:
        """Return which are listed among a person's tasks."""
        return models.Q()
