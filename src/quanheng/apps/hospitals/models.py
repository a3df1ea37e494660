"""The half-year reports of hospitals on their measuring instruments."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from quanheng.apps.hospitals.enums import WITH_HOSPITAL, HalfYearState, ManagerStanding
from quanheng.kit.scope import InLedger, ScopedManager
from quanheng.regulation.half_year_report import HalfYear


class HalfYearReport(InLedger, models.Model):
    """One hospital's report for one half-year.

    While it lies with the hospital its counts are the ledger's of the moment, and no column holds them; on
    submission they are frozen in `lines` (`figures.Line.as_json`: counts by class, with the ids of the
    instruments behind each) and their sums in the columns. In time is what was first submitted in time: a
    report that was returned does not become late by it.
    """

    scope_fields = {"area": "area_id", "entity": "entity_id", "root": "root_id"}

    number = models.CharField(_("报告编号"), max_length=32, unique=True)
    entity = models.ForeignKey(
        "registry.Entity", models.PROTECT, related_name="+", verbose_name=_("医疗机构"), db_index=False
    )
    root = models.ForeignKey(
        "registry.Entity", models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False,
        verbose_name=_("顶层主体"),
    )  # fmt: skip
    area = models.ForeignKey(
        "accounts.Area", models.PROTECT, related_name="+", verbose_name=_("行政区划"), db_index=False
    )
    year = models.PositiveSmallIntegerField(_("年度"))
    half = models.PositiveSmallIntegerField(_("半年"), help_text="1, 2")
    due_on = models.DateField(_("报送期限"))
    opened_at = models.DateTimeField(_("生成时间"))
    state = models.CharField(_("状态"), max_length=10, choices=HalfYearState, default=HalfYearState.DRAFT)
    words = models.TextField(_("情况说明"), blank=True)
    remarks = models.JSONField(_("分类备注"), default=dict, blank=True)
    full_time_managers = models.PositiveSmallIntegerField(_("专职计量管理人员（人）"), null=True, blank=True)
    counted_on = models.DateField(_("统计日期"), null=True, blank=True)
    lines = models.JSONField(_("分类数据"), default=list, blank=True)
    in_use = models.PositiveIntegerField(_("在用"), default=0)
    due = models.PositiveIntegerField(_("应检"), default=0)
    valid = models.PositiveIntegerField(_("检定有效"), default=0)
    unconfirmed = models.PositiveIntegerField(_("自报待核实"), default=0)
    overdue = models.PositiveIntegerField(_("未有效检定"), default=0)
    stopped = models.PositiveIntegerField(_("停用"), default=0)
    grade = models.CharField(_("医院等级"), max_length=10, blank=True)
    manager = models.CharField(_("专职计量管理人员"), max_length=14, choices=ManagerStanding, blank=True)
    first_submitted_on = models.DateField(_("首次报送日期"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("报送时间"), null=True, blank=True)
    submitted_by_id = models.BigIntegerField(_("报送人编号"), null=True, blank=True)
    submitted_by_name = models.CharField(_("报送人"), max_length=60, blank=True)
    decided_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    decided_by_name = models.CharField(_("审核人"), max_length=60, blank=True)
    return_reason = models.CharField(_("退回原因"), max_length=300, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)

    objects = ScopedManager["HalfYearReport"]()

    class Meta:
        verbose_name = _("医疗机构半年报告")
        constraints = [
            models.UniqueConstraint(fields=["entity", "year", "half"], name="one_report_for_a_half_year"),
            models.CheckConstraint(
                condition=models.Q(state=HalfYearState.DRAFT)
                | models.Q(counted_on__isnull=False, first_submitted_on__isnull=False),
                name="submitted_with_its_counts",
            ),
        ]
        indexes = [
            models.Index(fields=["area", "id"], name="half_year_in_area"),
            models.Index(fields=["root", "id"], name="half_year_of_root"),
            models.Index(fields=["state", "area"], name="half_year_by_state"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def period(self) -> HalfYear:
        return HalfYear(self.year, self.half)

    @property
    def is_with_hospital(self) -> bool:
        return self.state in WITH_HOSPITAL

    def is_overdue(self, day: date) -> bool:
        """Say whether it was never submitted and its last day is over."""
        return self.first_submitted_on is None and day > self.due_on

    @property
    def is_late(self) -> bool:
        """Whether it came, but after its last day."""
        return self.first_submitted_on is not None and self.first_submitted_on > self.due_on
