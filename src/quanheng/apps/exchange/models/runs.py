"""Runs of the exchange by files: what was last exported, and what became of each row that came."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quanheng.apps.exchange.enums import Content, Direction, RowOutcome
from quanheng.kit.scope import ScopedManager
from quanheng.kit.tasks import TO_DO, LongTask, Progress


class ExchangeRun(LongTask):
    """One file that goes to e-CQS or comes from it.

    `position` is how far the run has got: of an export the last id that was written of the area `place`, of
    an import the last row that was decided. `file_bytes` is how much of the file belongs to it: what a killed
    worker wrote beyond that is cut off before the run goes on.
    """

    scope_fields = {"area": "area_id"}
    unit = _("行")
    done = total = None  # type: ignore[assignment]  # it counts in `rows`, and cannot say of how many

    direction = models.CharField(_("方向"), max_length=3, choices=Direction)
    content = models.CharField(_("内容"), max_length=8, choices=Content)
    area = models.ForeignKey(
        "accounts.Area", models.PROTECT, related_name="+", verbose_name=_("行政区划"), db_index=False
    )
    whole = models.BooleanField(_("全部重新导出"), default=False)
    mapping = models.CharField(_("所用字段对照"), max_length=80)
    mapping_digest = models.CharField(_("字段对照摘要"), max_length=64)
    file_name = models.CharField(_("文件名"), max_length=200, blank=True)
    file_hash = models.CharField(_("文件摘要"), max_length=64, blank=True)
    file_bytes = models.BigIntegerField(_("字节数"), default=0)
    position = models.BigIntegerField(_("进度"), default=0)
    place = models.BigIntegerField(_("进度所在区划"), default=0)
    rows = models.PositiveIntegerField(_("行数"), default=0)
    taken = models.PositiveIntegerField(_("已登记"), default=0)
    known = models.PositiveIntegerField(_("已有"), default=0)
    conflicts = models.PositiveIntegerField(_("冲突"), default=0)
    rejected = models.PositiveIntegerField(_("未登记"), default=0)

    objects = ScopedManager["ExchangeRun"]()

    class Meta(LongTask.Meta):
        verbose_name = _("交换批次")
        constraints = [
            models.UniqueConstraint(
                fields=["area", "content"], name="one_export_under_way",
                condition=models.Q(direction=Direction.OUT) & TO_DO,
            ),
        ]  # fmt: skip
        indexes = [*LongTask.Meta.indexes, models.Index(fields=["area", "-id"], name="exchange_run_in_area")]

    def __str__(self) -> str:
        return f"{self.direction} {self.content} #{self.pk}"

    @property
    def name(self) -> str:
        return self.file_name

    @property
    def doing(self) -> str:
        return gettext("写入文件") if self.direction == Direction.OUT else gettext("核对并登记")

    @property
    def outcome(self) -> str:
        if self.direction == Direction.OUT:
            return gettext("导出 %(rows)d 行") % {"rows": self.rows}
        facts = {"taken": self.taken, "conflicts": self.conflicts, "rejected": self.rejected}
        return gettext("已登记 %(taken)d 行，有冲突 %(conflicts)d 行，未登记 %(rejected)d 行") % facts

    @property
    def has_result(self) -> bool:
        return self.direction == Direction.OUT and bool(self.file_path)

    @property
    def result_name(self) -> str:
        return self.file_name

    def progress(self) -> Progress:
        return Progress(self.rows, None, self.started_at)


class ExportedRow(models.Model):
    """What an area last told about one thing: the digest of the row as it was written, and in which run.

    An export writes what differs from it. A digest, not a version: a row whose words changed with the mapping
    is told again, and one whose change no column shows is not.
    """

    scope_fields = {"area": "area_id"}

    area = models.ForeignKey(
        "accounts.Area", models.PROTECT, related_name="+", verbose_name=_("导出区划"), db_constraint=False,
        db_index=False,
    )  # fmt: skip
    content = models.CharField(_("内容"), max_length=8, choices=Content)
    subject_id = models.BigIntegerField(_("对象编号"))
    digest = models.CharField(_("行摘要"), max_length=64)
    run = models.ForeignKey(ExchangeRun, models.PROTECT, related_name="+", verbose_name=_("交换批次"))

    objects = ScopedManager["ExportedRow"]()

    class Meta:
        verbose_name = _("导出行")
        constraints = [
            models.UniqueConstraint(fields=["area", "content", "subject_id"], name="exported_row_once")
        ]

    def __str__(self) -> str:
        return f"{self.content} {self.subject_id}"


class ResultRow(models.Model):
    """What became of one row of verification results."""

    run = models.ForeignKey(
        ExchangeRun, models.CASCADE, related_name="results", verbose_name=_("交换批次"), db_index=False
    )
    position = models.PositiveIntegerField(_("次序"))
    number = models.PositiveIntegerField(_("行号"))
    sheet = models.CharField(_("工作表"), max_length=80, blank=True)
    outcome = models.CharField(_("结果"), max_length=8, choices=RowOutcome)
    code = models.CharField(_("原因代码"), max_length=40, blank=True)
    reason = models.CharField(_("原因"), max_length=300, blank=True)
    label = models.CharField(_("器具"), max_length=120, blank=True)
    certificate_number = models.CharField(_("证书编号"), max_length=80, blank=True)
    instrument = models.ForeignKey(
        "instruments.Instrument", models.SET_NULL, null=True, related_name="+", verbose_name=_("器具"),
        db_index=False, db_constraint=False,
    )  # fmt: skip

    class Meta:
        verbose_name = _("检定结果导入行")
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="result_row_once")]
        indexes = [models.Index(fields=["run", "outcome", "position"], name="result_rows_by_outcome")]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.position} {self.outcome}"
