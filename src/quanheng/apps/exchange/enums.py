"""What is exchanged with the national systems, and what became of it."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Direction(TextChoices):
    """Which way a run went."""

    OUT = "out", _("导出")
    IN = "in", _("导入")


class Content(TextChoices):
    """What a run carries."""

    LEDGER = "ledger", _("器具台账")
    RESULTS = "results", _("检定结果")


class RowOutcome(TextChoices):
    """What became of a row of verification results."""

    TAKEN = "taken", _("已登记")
    KNOWN = "known", _("已有，无变化")
    CONFLICT = "conflict", _("有冲突")
    REJECTED = "rejected", _("未登记")


class Link(TextChoices):
    """A way between the platform and a national system."""

    SCALES_PUSH = "scales_push", _("向国家计价秤平台报送")
    SCALES_PULL = "scales_pull", _("从国家计价秤平台领取")
    SCALES_HOOK = "scales_hook", _("国家计价秤平台推送")


class EventKind(TextChoices):
    """What the platform for scales told."""

    LOCKED = "locked", _("锁机")
    UNLOCKED = "unlocked", _("解锁")
    ALARM = "alarm", _("防作弊报警")
    UNKNOWN = "unknown", _("无法识别")


class EventState(TextChoices):
    """What became of it. Nothing that arrived is ever deleted."""

    ENTERED = "entered", _("已登记")
    NO_CHANGE = "no_change", _("无需登记")
    OVERTAKEN = "overtaken", _("已被更新的事件取代")
    QUARANTINED = "quarantined", _("待匹配")
    DISMISSED = "dismissed", _("不予登记")


class AlarmState(TextChoices):
    """How an alarm stands with the office."""

    NEW = "new", _("待核查")
    UNDER_REVIEW = "under_review", _("核查中")
    CLOSED = "closed", _("已办结")


class Finding(TextChoices):
    """What the office found behind an alarm."""

    TAMPERED = "tampered", _("确有作弊或改动")
    FAULTY = "faulty", _("器具故障")
    FALSE_ALARM = "false_alarm", _("误报")
    NOT_FOUND = "not_found", _("现场未找到该器具")
