"""Imports of ledger spreadsheets: a run, the rows on their way in, what became of the ones that need
telling.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from itertools import starmap
from operator import or_
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quanheng.apps.instruments.enums import ASKING, ImportStage, RowAction
from quanheng.kit.fields import EncryptedTextField
from quanheng.kit.scope import ScopedManager
from quanheng.kit.tasks import AT_WORK, LongTask, Progress, TaskState

STATES_OF = {
    ImportStage.UPLOADED: AT_WORK,
    ImportStage.READING: {TaskState.RUNNING},
    ImportStage.NEEDS_COLUMNS: {TaskState.ASKS},
    ImportStage.PREVIEW: {TaskState.ASKS},
    ImportStage.COMMITTING: AT_WORK,
    ImportStage.DONE: {TaskState.DONE},
    ImportStage.UNDOING: AT_WORK,
    ImportStage.UNDONE: {TaskState.CANCELLED, TaskState.FAILED},  # as wished; as it could not be finished
    ImportStage.REFUSED: {TaskState.FAILED, TaskState.CANCELLED, TaskState.EXPIRED},
}
"""The states in which a run may be at each stage; the table holds it."""


def _at_stage(stage: str, states: Iterable[str]) -> models.Q:
    return models.Q(stage=stage, state__in=sorted(states))


class ImportRun(LongTask):
    """One uploaded file on its way into the ledger.

    A worker reads as the appointment that uploaded it and writes as the one that confirmed it, with the
    rights that it has at that moment; what a key of the API brought or confirmed, with the key's alone.
    Without an appointment it is the system's.
    """

    scope_fields = {"area": "area_id", "entity": "entity_id"}
    unit = _("行")
    done = total = None  # type: ignore[assignment]  # it counts what is read, and what has entered

    file_name = models.CharField(_("文件名"), max_length=200)
    file_hash = models.CharField(_("文件摘要"), max_length=64)
    area = models.ForeignKey("accounts.Area", models.PROTECT, verbose_name=_("行政区划"))
    entity = models.ForeignKey(
        "registry.Entity", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("主体")
    )
    uploader_name = models.CharField(_("上传人姓名"), max_length=60, default="")
    uploader_role = models.CharField(_("上传岗位"), max_length=40, blank=True)
    key_id = models.BigIntegerField(_("接口密钥"), null=True, help_text=_("经接口上传或确认时所用的密钥"))
    confirmed_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("确认人")
    )
    confirmed_appointment_id = models.BigIntegerField(_("确认岗位编号"), null=True)
    confirmed_at = models.DateTimeField(
        _("确认时间"), null=True, help_text=_("确认之后只有两个结局：全部导入，或整体撤销")
    )
    undo_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("撤销人")
    )
    undo_appointment_id = models.BigIntegerField(_("撤销岗位编号"), null=True)
    stage = models.CharField(_("办理环节"), max_length=16, choices=ImportStage, default=ImportStage.UPLOADED)
    premises = models.CharField(_("场所类型"), max_length=20, blank=True)
    mapping = models.JSONField(_("列对应"), default=dict, blank=True)
    questions = models.JSONField(_("待确认的列"), default=list, blank=True)
    columns = models.JSONField(_("各列的识别"), default=dict, blank=True)
    first_rows = EncryptedTextField(_("前几行的识别"), default="", blank=True)
    notices = models.JSONField(_("对整个文件的提示"), default=list, blank=True)
    commit_without_asking = models.BooleanField(_("无需预览"), default=False)
    staged_with = models.CharField(_("核对时的权限"), max_length=120, blank=True)
    rows_read = models.PositiveIntegerField(_("已读行数"), default=0)
    rows_new = models.PositiveIntegerField(_("新增"), default=0)
    rows_updated = models.PositiveIntegerField(_("更新"), default=0)
    rows_proposed = models.PositiveIntegerField(_("待审核"), default=0)
    rows_unchanged = models.PositiveIntegerField(_("无变化"), default=0)
    rows_rejected = models.PositiveIntegerField(_("有误"), default=0)
    rows_committed = models.PositiveIntegerField(
        _("已导入至"), default=0, help_text=_("最后一个已导入行的序号")
    )
    changed_at = models.DateTimeField(_("变更时间"), db_default=Now())

    objects = ScopedManager["ImportRun"]()

    class Meta(LongTask.Meta):
        verbose_name = _("导入批次")
        indexes = [*LongTask.Meta.indexes, models.Index(fields=["area", "-id"], name="import_in_area")]
        constraints = [
            models.CheckConstraint(
                name="import_state_of_its_stage",
                condition=reduce(or_, starmap(_at_stage, STATES_OF.items())),
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def name(self) -> str:
        return self.file_name

    @property
    def outcome(self) -> str:
        if self.stage == ImportStage.DONE:
            facts = {"new": self.rows_new, "updated": self.rows_updated, "rejected": self.rows_rejected}
            told = gettext("新增 %(new)d 台（件），更新 %(updated)d 台（件），有误 %(rejected)d 行") % facts
            asked = gettext("，提交监管部门审核 %(rows)d 行") % {"rows": self.rows_proposed}
            return told + asked if self.rows_proposed else told
        asks = {
            ImportStage.NEEDS_COLUMNS: gettext("部分列无法识别，请指定"),
            ImportStage.PREVIEW: gettext("核对完毕，请确认导入"),
        }
        return asks.get(ImportStage(self.stage), "")

    @property
    def has_result(self) -> bool:
        return False  # its result is the ledger

    @property
    def doing(self) -> str:
        stage = ImportStage(self.stage)
        doing = {ImportStage.COMMITTING: gettext("写入台账"), ImportStage.UNDOING: gettext("撤销导入")}
        return doing.get(stage, gettext("读取并核对"))

    def progress(self) -> Progress:
        if self.stage in {ImportStage.UPLOADED, ImportStage.READING}:
            return Progress(self.rows_read, None, self.started_at)
        if self.stage == ImportStage.UNDOING:
            return Progress(0, None, self.started_at)
        return Progress(self.rows_committed, self.rows_read, self.started_at)

    @classmethod
    def cancellable(cls) -> models.Q:
        """Return which may be given up: what has been decided ends in the ledger, or undone as a whole."""
        waits = models.Q(stage__in=[*ASKING, ImportStage.UPLOADED])
        reads = models.Q(stage=ImportStage.READING, confirmed_at=None, commit_without_asking=False)
        return waits | reads

    @classmethod
    def ending(cls) -> dict[str, Any]:
        return {"stage": ImportStage.REFUSED}

    @property
    def too_late(self) -> str:
        return gettext("该批次已开始导入，不能放弃；完成后可以整体撤销。")

    def is_cancellable(self) -> bool:
        decided = self.confirmed_at is not None or self.commit_without_asking
        reads = self.stage == ImportStage.READING and not decided
        return reads or self.stage in {*ASKING, ImportStage.UPLOADED}


class ImportRow(models.Model):
    """A row that needs telling: rejected (why), updated (what stood before), or with a notice.

    Rows that simply became new instruments are not repeated here: the instruments name the run.
    """

    run = models.ForeignKey(
        ImportRun, models.CASCADE, related_name="rows", verbose_name=_("导入批次"), db_index=False
    )
    position = models.PositiveIntegerField(_("序号"))
    number = models.PositiveIntegerField(_("行号"))
    sheet = models.CharField(_("工作表"), max_length=80, blank=True)
    action = models.CharField(_("处理"), max_length=10, choices=RowAction)
    label = models.CharField(_("器具"), max_length=120, blank=True)
    fields = ArrayField(models.CharField(max_length=40), default=list, verbose_name=_("问题项"))
    reason = models.TextField(_("原因"), blank=True)
    notice = models.TextField(_("提示"), blank=True)
    notice_fields = ArrayField(models.CharField(max_length=40), default=list, verbose_name=_("提示项"))
    previous = models.JSONField(_("更新前"), null=True)
    instrument_id = models.BigIntegerField(_("器具"), null=True)

    class Meta:
        verbose_name = _("导入行")
        constraints = [models.UniqueConstraint(fields=["run", "position", "action"], name="import_row_once")]
        indexes = [models.Index(fields=["run", "action", "position"], name="import_row_action")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.number}"


class StagedRow(models.Model):
    """A clean row between the sheet and the ledger. The table is UNLOGGED: after a crash it is empty, and the
    run reads its file again from the last committed row. Personal data in it is encrypted like everywhere.
    """

    run_id = models.BigIntegerField(_("导入批次"))
    position = models.PositiveIntegerField(_("序号"))
    number = models.PositiveIntegerField(_("行号"))
    sheet = models.CharField(_("工作表"), max_length=80)
    action = models.CharField(_("处理"), max_length=10)
    entity_name = models.CharField(_("主体名称"), max_length=120)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18)
    premises = models.CharField(_("场所类型"), max_length=20)
    area_id = models.BigIntegerField(_("区划"), null=True)
    stall = models.CharField(_("摊位号"), max_length=40)
    holder_name = models.BinaryField(_("经营者"))
    holder_phone = models.BinaryField(_("电话"))
    phone_hash = models.CharField(_("电话检索值"), max_length=32)
    dispenser = models.CharField(_("加油机编号"), max_length=40)
    nozzle = models.CharField(_("油枪号"), max_length=40)
    item_id = models.BigIntegerField(_("目录项"))
    name = models.CharField(_("器具名称"), max_length=80)
    model = models.CharField(_("型号/规格"), max_length=80)
    serial_number = models.CharField(_("出厂编号"), max_length=60)
    manufacturer = models.CharField(_("制造单位"), max_length=120)
    accuracy_class = models.CharField(_("准确度等级"), max_length=20)
    max_capacity_g = models.DecimalField(_("最大秤量（g）"), max_digits=14, decimal_places=3, null=True)
    e_g = models.DecimalField(_("检定分度值 e（g）"), max_digits=10, decimal_places=4, null=True)
    measuring_range = models.CharField(_("测量范围"), max_length=80)
    type_approval_number = models.CharField(_("型式批准证书编号"), max_length=60)
    use = models.CharField(_("用途"), max_length=12)
    place = models.CharField(_("安装位置"), max_length=80)
    longitude = models.DecimalField(_("经度"), max_digits=9, decimal_places=6, null=True)
    latitude = models.DecimalField(_("纬度"), max_digits=9, decimal_places=6, null=True)
    in_use_since = models.DateField(_("启用日期"), null=True)
    verified_on = models.DateField(_("检定日期"), null=True)
    valid_until = models.DateField(_("有效期至"), null=True)
    result = models.CharField(_("结论"), max_length=8)
    certificate_number = models.CharField(_("证书编号"), max_length=80)
    institute = models.CharField(_("检定机构"), max_length=120)
    seals = ArrayField(models.CharField(max_length=80), verbose_name=_("铅封"), help_text="position:number")
    state = models.CharField(_("导入状态"), max_length=20)
    details = models.JSONField(_("其他登记项"))
    code = models.CharField(_("器具码"), max_length=32, null=True)
    instrument_id = models.BigIntegerField(_("器具"))

    encrypted_columns = ("holder_name", "holder_phone")  # by the code that stages them (kit.rewriting)

    class Meta:
        verbose_name = _("暂存行")
        indexes = [models.Index(fields=["run_id", "position"], name="staged_in_order")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.position}"
