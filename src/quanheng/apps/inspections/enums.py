"""What a campaign of inspections is about, how it stands, and what a check found."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FrameSubject(TextChoices):
    """What a campaign draws from: the units of its frame."""

    FUEL_DISPENSERS = "fuel_dispensers", _("在用燃油加油机")


class CampaignState(TextChoices):
    """How a campaign stands, in the order in which it goes."""

    WAITING = "waiting", _("待批准")
    RETURNED = "returned", _("已退回")
    APPROVED = "approved", _("已批准，待公布承诺")
    COMMITTED = "committed", _("已公布承诺，待抽取")
    DRAWN = "drawn", _("检查中")
    CLOSED = "closed", _("已结束并公开")
    ABANDONED = "abandoned", _("已放弃")


class TaskState(TextChoices):
    """How a task stands."""

    OPEN = "open", _("待检查")
    DONE = "done", _("已检查")
    LEFT = "left", _("未检查")


class Verdict(TextChoices):
    """What a check came to."""

    PASSED = "passed", _("合格")
    FAILED = "failed", _("不合格")
    UNABLE = "unable", _("无法检查")


class CorrectionState(TextChoices):
    """How a correction of what was found stands."""

    WAITING = "waiting", _("待复核")
    APPROVED = "approved", _("已更正")
    DECLINED = "declined", _("不予更正")
    WITHDRAWN = "withdrawn", _("已撤回")
