"""One scale, one code; what shoppers scanned and reported."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from quanheng.apps.instruments.enums import CodeState, ReportFinding, ReportState, ShopperProblem
from quanheng.kit.scope import InArea, ScopedManager
from quanheng.kit.tasks import LongTask, TaskState


class InstrumentCode(models.Model):
    """A code that was printed or may be. An active instrument's code is copied to `Instrument.code`."""

    scope_fields = {"area": "area_id", "entity": "instrument__entity_id", "root": "instrument__root_id"}

    value = models.CharField(_("器具码"), max_length=32, primary_key=True)
    instrument = models.ForeignKey(
        "instruments.Instrument", models.PROTECT, null=True, related_name="codes", verbose_name=_("器具")
    )
    area = models.ForeignKey("accounts.Area", models.PROTECT, verbose_name=_("发放区划"))
    state = models.CharField(_("状态"), max_length=10, choices=CodeState)
    batch = models.CharField(_("空白码批次"), max_length=40, blank=True)
    issued_at = models.DateTimeField(_("赋码时间"))
    bound_at = models.DateTimeField(_("绑定时间"), null=True)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name=_("新码"), db_index=False
    )
    ended_at = models.DateTimeField(_("停用时间"), null=True)
    end_reason = models.CharField(_("停用原因"), max_length=200, blank=True)

    objects = ScopedManager["InstrumentCode"]()

    class Meta:
        verbose_name = _("器具码")
        constraints = [
            models.UniqueConstraint(
                fields=["instrument"], name="one_active_code", condition=models.Q(state="active")
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["blank", "void"]) | models.Q(instrument__isnull=False),
                name="used_code_has_instrument",
            ),
        ]
        indexes = [
            models.Index(fields=["area", "batch"], name="blank_code_batch", condition=models.Q(state="blank"))
        ]

    def __str__(self) -> str:
        return self.value


class ScanDay(models.Model):
    """How often an instrument's code was scanned on a day. Counted, never tracked: no address, no device."""

    instrument = models.ForeignKey("instruments.Instrument", models.CASCADE, verbose_name=_("器具"))
    day = models.DateField(_("日期"))
    count = models.PositiveIntegerField(_("次数"))

    class Meta:
        verbose_name = _("扫码次数")
        constraints = [models.UniqueConstraint(fields=["instrument", "day"], name="scan_day_once")]

    def __str__(self) -> str:
        return f"{self.instrument_id} {self.day}: {self.count}"


class ShopperReport(InArea, models.Model):
    """What a shopper says is wrong with a scale, and what the office found. No name, no phone is asked for.

    No entity reads it: it is a suspicion of them. One about a label that nobody issued is the province's. The
    hotline reads it and not the ledger: `code` and `about` are what the label said when it was scanned.
    """

    scope_fields = {"area": "area_id"}
    scope_subject = "reports"

    number = models.CharField(_("反映编号"), max_length=20, unique=True)
    instrument = models.ForeignKey(
        "instruments.Instrument", models.PROTECT, null=True, verbose_name=_("器具")
    )
    root = models.ForeignKey(
        "registry.Entity", models.PROTECT, null=True, related_name="+", verbose_name=_("顶层主体")
    )
    area = models.ForeignKey("accounts.Area", models.PROTECT, null=True, verbose_name=_("行政区划"))
    problem = models.CharField(_("问题"), max_length=24, choices=ShopperProblem)
    place = models.CharField(_("地点"), max_length=120, blank=True)
    words = models.TextField(_("说明"), max_length=1000, blank=True)
    photo = models.CharField(_("照片"), max_length=120, blank=True)
    code = models.CharField(_("器具码"), max_length=60, blank=True)
    about = models.CharField(_("反映对象"), max_length=400, blank=True)
    received_at = models.DateTimeField(_("收到时间"))
    state = models.CharField(_("状态"), max_length=10, choices=ReportState, default=ReportState.NEW)
    due_on = models.DateField(_("办理期限"), null=True)  # of the next step: to be looked at, to be closed
    taken_up_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("核查人")
    )
    taken_up_at = models.DateTimeField(_("开始核查"), null=True)
    finding = models.CharField(_("核查结论"), max_length=14, choices=ReportFinding, blank=True)
    found = models.CharField(_("核查情况"), max_length=500, blank=True)
    answer = models.CharField(_("答复"), max_length=500, blank=True)
    closed_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("办结人")
    )
    closed_at = models.DateTimeField(_("办结时间"), null=True)
    noted_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("12315 登记人员")
    )
    noted_at = models.DateTimeField(_("12315 登记时间"), null=True)
    note = models.CharField(_("12315 登记内容"), max_length=500, blank=True)
    passed_on_at = models.DateTimeField(_("12315 转办时间"), null=True)
    reply = models.CharField(_("12315 答复"), max_length=500, blank=True)
    replied_at = models.DateTimeField(_("12315 答复时间"), null=True)

    objects = ScopedManager["ShopperReport"]()

    class Meta:
        verbose_name = _("扫码反映")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state=ReportState.CLOSED)
                | (
                    models.Q(closed_at__isnull=False)
                    & ~models.Q(finding="")
                    & ~models.Q(found="")
                    & ~models.Q(answer="")
                ),
                name="closed_report_is_answered",
            ),
            models.CheckConstraint(
                condition=models.Q(state=ReportState.NEW) | models.Q(taken_up_at__isnull=False),
                name="report_taken_up_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["area", "state", "due_on"], name="report_in_area")]

    def __str__(self) -> str:
        return self.number


class LabelPrint(LongTask):
    """Labels that somebody asked for: which, on what paper, how far the task has got, where the file lies.

    `selection` is the question (an entity, an area, single instruments, a batch of blank codes); the rows are
    read again in the scope of the appointment under which it was asked. The file is its requester's alone.
    A small print is handed out at once and is no task for a worker: nobody ever starts it.
    """

    scope_fields = {"person": "requested_by_id"}
    unit = _("张")

    selection = models.JSONField(_("范围"))
    layout = models.CharField(_("纸张"), max_length=20)
    right_mm = models.FloatField(_("右移（mm）"), default=0)
    down_mm = models.FloatField(_("下移（mm）"), default=0)
    skip = models.PositiveSmallIntegerField(_("跳过的位置"), default=0)

    objects = ScopedManager["LabelPrint"]()

    class Meta(LongTask.Meta):
        verbose_name = _("标签打印")

    def __str__(self) -> str:
        return f"{self.layout} {self.total}"

    @property
    def name(self) -> str:
        return _("%(total)d 枚标签") % {"total": self.total}

    @property
    def result_name(self) -> str:
        return f"labels-{self.pk}.zip"

    @classmethod
    def listed(cls) -> models.Q:
        return models.Q(started_at__isnull=False) | ~models.Q(state=TaskState.DONE)
