"""What the national platform for scales told us, and the alarms that the office has to look at."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from quanheng.apps.exchange.enums import AlarmState, EventKind, EventState, Finding, Link
from quanheng.kit.scope import InArea, ScopedManager


class ExchangeLink(models.Model):
    """How one way of the exchange stands: when it last worked, what was wrong, how far it has read."""

    link = models.CharField(_("通道"), max_length=16, choices=Link, primary_key=True)
    cursor = models.CharField(_("读取位置"), max_length=200, blank=True)
    tried_at = models.DateTimeField(_("最近一次"), null=True)
    worked_at = models.DateTimeField(_("最近成功"), null=True)
    error = models.CharField(_("最近错误"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("交换通道")

    def __str__(self) -> str:
        return str(Link(self.link).label)


class PlatformEvent(InArea, models.Model):
    """One event of the platform, known by the platform's own id; what cannot be placed waits for the office.

    `happened_at` is the platform's clock. `skew_seconds` says by how much it was ahead of ours when the event
    arrived; where events are put in order, an instant that has not come yet counts as that of the arrival.
    """

    scope_fields = {"area": "area_id"}

    event_id = models.CharField(_("平台事件编号"), max_length=80, unique=True)
    kind = models.CharField(_("事件"), max_length=10, choices=EventKind)
    happened_at = models.DateTimeField(_("发生时间"))
    counted_at = models.DateTimeField(_("排序时间"))
    received_at = models.DateTimeField(_("收到时间"))
    skew_seconds = models.IntegerField(_("时钟超前（秒）"), default=0)
    sequence = models.BigIntegerField(_("平台顺序号"), default=0)
    area = models.ForeignKey(
        "accounts.Area", models.PROTECT, related_name="+", verbose_name=_("行政区划"), db_index=False
    )
    instrument = models.ForeignKey(
        "instruments.Instrument", models.PROTECT, null=True, related_name="+", verbose_name=_("器具"),
        db_index=False,
    )  # fmt: skip
    code = models.CharField(_("器具码"), max_length=60, blank=True)
    production_code = models.CharField(_("生产码"), max_length=60, blank=True)
    serial_number = models.CharField(_("出厂编号"), max_length=60, blank=True)
    manufacturer = models.CharField(_("制造单位"), max_length=120, blank=True)
    detail = models.CharField(_("内容"), max_length=500, blank=True)
    raw = models.JSONField(_("原文"))
    state = models.CharField(_("处理"), max_length=12, choices=EventState)
    reason = models.CharField(_("原因"), max_length=300, blank=True)
    tried_at = models.DateTimeField(_("最近尝试"))

    objects = ScopedManager["PlatformEvent"]()

    class Meta:
        verbose_name = _("国家平台事件")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(instrument__isnull=False)
                | models.Q(state__in=[EventState.QUARANTINED, EventState.DISMISSED]),
                name="event_without_instrument_waits",
            ),
        ]
        indexes = [
            models.Index(fields=["area", "-id"], name="platform_event_in_area"),
            models.Index(
                fields=["area", "id"], name="platform_event_waiting",
                condition=models.Q(state=EventState.QUARANTINED),
            ),
            models.Index(
                fields=["tried_at", "id"], name="platform_event_again",
                condition=models.Q(state=EventState.QUARANTINED),
            ),
            models.Index(fields=["instrument", "counted_at"], name="platform_event_of_scale"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.event_id} {self.kind}"


class TamperAlarm(InArea, models.Model):
    """An anti-tamper alarm and what the office found. Entities do not see it: it is a suspicion of them."""

    scope_fields = {"area": "area_id"}

    event = models.OneToOneField(
        PlatformEvent, models.PROTECT, related_name="alarm", verbose_name=_("国家平台事件")
    )
    instrument = models.ForeignKey(
        "instruments.Instrument", models.PROTECT, related_name="+", verbose_name=_("器具")
    )
    area = models.ForeignKey(
        "accounts.Area", models.PROTECT, related_name="+", verbose_name=_("行政区划"), db_index=False
    )
    state = models.CharField(_("状态"), max_length=12, choices=AlarmState, default=AlarmState.NEW)
    taken_up_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("核查人")
    )
    taken_up_at = models.DateTimeField(_("开始核查"), null=True)
    finding = models.CharField(_("核查结论"), max_length=12, choices=Finding, blank=True)
    finding_text = models.CharField(_("核查情况"), max_length=500, blank=True)
    closed_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("办结人")
    )
    closed_at = models.DateTimeField(_("办结时间"), null=True)

    objects = ScopedManager["TamperAlarm"]()

    class Meta:
        verbose_name = _("国家平台报警")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state=AlarmState.CLOSED)
                | (models.Q(closed_at__isnull=False) & ~models.Q(finding="") & ~models.Q(finding_text="")),
                name="closed_alarm_has_a_finding",
            ),
            models.CheckConstraint(
                condition=models.Q(state=AlarmState.NEW) | models.Q(taken_up_at__isnull=False),
                name="looked_at_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["area", "state", "-id"], name="alarm_in_area")]

    def __str__(self) -> str:
        return f"{self.event_id} {self.state}"
