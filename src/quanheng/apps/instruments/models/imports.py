"""Imports of ledger spreadsheets: a run, its rows, what became of each."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from quanheng.apps.instruments.enums import ImportState, RowAction
from quanheng.kit.scope import ScopedManager


class ImportRun(models.Model):
    """One uploaded file on its way into the ledger."""

    scope_fields = {"area": "area_id", "entity": "entity_id"}

    file_name = models.CharField(_("文件名"), max_length=200)
    file_hash = models.CharField(_("文件摘要"), max_length=64)
    file_path = models.CharField(_("存放位置"), max_length=200)
    area = models.ForeignKey("accounts.Area", models.PROTECT, verbose_name=_("行政区划"))
    entity = models.ForeignKey(
        "registry.Entity", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("主体")
    )
    uploaded_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("上传人")
    )
    uploaded_role = models.CharField(_("上传岗位"), max_length=40, blank=True)
    uploaded_at = models.DateTimeField(_("上传时间"))
    state = models.CharField(_("状态"), max_length=16, choices=ImportState, default=ImportState.UPLOADED)
    mapping = models.JSONField(_("列对应"), default=dict, blank=True)
    questions = models.JSONField(_("待确认的列"), default=list, blank=True)
    message = models.CharField(_("说明"), max_length=500, blank=True)
    rows_read = models.PositiveIntegerField(_("已读行数"), default=0)
    rows_new = models.PositiveIntegerField(_("新增"), default=0)
    rows_updated = models.PositiveIntegerField(_("更新"), default=0)
    rows_unchanged = models.PositiveIntegerField(_("无变化"), default=0)
    rows_rejected = models.PositiveIntegerField(_("有误"), default=0)
    rows_committed = models.PositiveIntegerField(_("已入库行数"), default=0)
    finished_at = models.DateTimeField(_("完成时间"), null=True)

    objects = ScopedManager["ImportRun"]()

    class Meta:
        verbose_name = _("导入批次")
        indexes = [models.Index(fields=["area", "-id"], name="import_in_area")]

    def __str__(self) -> str:
        return self.file_name


class ImportRow(models.Model):
    """A row of the sheet as it was read, what is wrong with it, and what became of it.

    `values` holds the normalised fields, `original` the cells as they stood; `previous` is what an update
    overwrote, so that the import can be undone.
    """

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows", verbose_name=_("导入批次"))
    number = models.PositiveIntegerField(_("行号"))
    sheet = models.CharField(_("工作表"), max_length=80, blank=True)
    action = models.CharField(_("处理"), max_length=10, choices=RowAction)
    original = models.JSONField(_("原始内容"))
    values = models.JSONField(_("规范内容"))
    faults = models.JSONField(_("问题"), default=list)
    notices = models.JSONField(_("提示"), default=list)
    previous = models.JSONField(_("更新前"), null=True)
    instrument = models.ForeignKey(
        "instruments.Instrument", models.SET_NULL, null=True, related_name="+", verbose_name=_("器具")
    )
    committed = models.BooleanField(_("已入库"), default=False)

    class Meta:
        verbose_name = _("导入行")
        constraints = [models.UniqueConstraint(fields=["run", "sheet", "number"], name="import_row_once")]
        indexes = [models.Index(fields=["run", "action", "id"], name="import_row_action")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.number}"
