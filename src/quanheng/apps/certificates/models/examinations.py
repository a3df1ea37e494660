"""The record of one verification: conditions, points, verdict, and the three people behind it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from quanheng.apps.certificates.enums import ExaminationState
from quanheng.apps.certificates.models.applications import ApplicationLine
from quanheng.apps.instruments.enums import Result, VerificationKind
from quanheng.kit.scope import ScopedManager


class Examination(models.Model):
    """One record of a verification (检定原始记录). What was sent back stays; the next attempt is a new row.

    `readings` is what the verifier sent, `points` one object for each point drawn from it: quantity,
    nominal, indication, error, limits, verdict; for a dispenser each names its nozzle. `packs` cites the
    rule packs the verdicts were drawn from. `allowance` names the clause by which it holds less than its
    template asks.
    """

    scope_fields = {"area": "area_id", "entity": "instrument__entity_id", "root": "root_id"}

    line = models.ForeignKey(
        ApplicationLine, models.PROTECT, related_name="examinations", verbose_name=_("申请检定的器具"),
        db_index=False,
    )  # fmt: skip
    attempt = models.PositiveSmallIntegerField(_("次数"), default=1)
    instrument = models.ForeignKey(
        "instruments.Instrument", models.PROTECT, related_name="+", verbose_name=_("器具")
    )
    root = models.ForeignKey(
        "registry.Entity", models.PROTECT, related_name="+", verbose_name=_("顶层主体"), db_constraint=False
    )
    area = models.ForeignKey(
        "accounts.Area", models.PROTECT, related_name="+", verbose_name=_("行政区划"), db_constraint=False
    )
    institute = models.ForeignKey(
        "accounts.Agency", models.PROTECT, related_name="+", verbose_name=_("检定机构"), db_index=False
    )
    state = models.CharField(
        _("状态"), max_length=10, choices=ExaminationState, default=ExaminationState.RECORDED
    )
    kind = models.CharField(_("检定类别"), max_length=12, choices=VerificationKind)
    regulation = models.CharField(_("检定依据"), max_length=40)
    standard = models.ForeignKey(
        "certificates.MeasurementStandard", models.PROTECT, related_name="+", verbose_name=_("计量标准")
    )
    verified_on = models.DateField(_("检定日期"))
    temperature_c = models.DecimalField(_("温度（℃）"), max_digits=5, decimal_places=2, null=True, blank=True)
    humidity_percent = models.DecimalField(
        _("相对湿度（%）"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    readings = models.JSONField(_("原始数据"), default=dict)
    allowance = models.JSONField(_("少检条款"), default=dict, blank=True)
    points = models.JSONField(_("检定数据"), default=list)
    packs = models.JSONField(_("所用规则"), default=list)
    seals = models.JSONField(_("施封"), default=list)
    result = models.CharField(_("结论"), max_length=8, choices=Result)
    remarks = models.CharField(_("说明"), max_length=300, blank=True)
    entry_key = models.UUIDField(_("录入标识"), null=True, blank=True, unique=True)
    verifier = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("检定员"))
    checker = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("核验员")
    )
    approver = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("批准人")
    )
    recorded_at = models.DateTimeField(_("录入时间"))
    checked_at = models.DateTimeField(_("核验时间"), null=True)
    approved_at = models.DateTimeField(_("批准时间"), null=True)
    sent_back_reason = models.CharField(_("退回原因"), max_length=300, blank=True)

    objects = ScopedManager["Examination"]()

    class Meta:
        verbose_name = _("检定记录单")
        constraints = [
            models.UniqueConstraint(fields=["line", "attempt"], name="attempt_once"),
            models.CheckConstraint(
                condition=~models.Q(verifier=models.F("checker"))
                & ~models.Q(verifier=models.F("approver"))
                & ~models.Q(checker=models.F("approver")),
                name="three_different_people",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ExaminationState.APPROVED)
                | models.Q(checker__isnull=False, approver__isnull=False),
                name="approved_by_two_more",
            ),
        ]
        indexes = [models.Index(fields=["institute", "state", "id"], name="examination_worklist")]

    def __str__(self) -> str:
        return f"{self.line_id}#{self.attempt} {self.result}"
