"""Who asked for which instrument to be verified, at which institute, where and when."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from quanheng.apps.certificates.enums import HalfDay, LineState, PlaceOfWork
from quanheng.apps.certificates.models.institutes import OfInstitute
from quanheng.kit.scope import ScopedManager
from quanheng.regulation.verification_procedure import BOOKED, OPEN

OPEN_STATES = sorted(OPEN)
BOOKED_STATES = sorted(BOOKED)


class Application(models.Model):
    """One application of one entity to one institute; its instruments are its lines (检定申请)."""

    scope_fields = {"area": "area_id", "entity": "entity_id", "root": "root_id"}

    number = models.CharField(_("申请编号"), max_length=24, unique=True)
    entity = models.ForeignKey(
        "registry.Entity", models.PROTECT, related_name="+", verbose_name=_("申请单位")
    )
    root = models.ForeignKey(
        "registry.Entity", models.PROTECT, related_name="+", verbose_name=_("顶层主体"), db_constraint=False
    )
    area = models.ForeignKey("accounts.Area", models.PROTECT, related_name="+", verbose_name=_("行政区划"))
    institute = models.ForeignKey(
        "accounts.Agency", models.PROTECT, related_name="+", verbose_name=_("检定机构")
    )
    place_of_work = models.CharField(_("检定方式"), max_length=10, choices=PlaceOfWork)
    wanted_on = models.DateField(_("期望日期"))
    remarks = models.CharField(_("说明"), max_length=300, blank=True)
    slip_token = models.CharField(_("预约单凭证"), max_length=32, unique=True)
    applied_at = models.DateTimeField(_("申请时间"))
    applied_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("申请人")
    )
    changed_at = models.DateTimeField(_("变更时间"), db_default=Now())

    objects = ScopedManager["Application"]()

    class Meta:
        verbose_name = _("检定申请")
        indexes = [
            models.Index(fields=["institute", "id"], name="application_to_institute"),
            models.Index(fields=["entity", "id"], name="application_of_entity"),
            models.Index(fields=["area", "id"], name="application_in_area"),
        ]

    def __str__(self) -> str:
        return self.number


class ApplicationLine(OfInstitute, models.Model):
    """One instrument of an application, on its way to a certificate."""

    scope_fields = {"area": "area_id", "entity": "instrument__entity_id", "root": "root_id"}

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="lines", verbose_name=_("检定申请")
    )
    instrument = models.ForeignKey(
        "instruments.Instrument", models.PROTECT, related_name="+", verbose_name=_("器具"), db_index=False
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
    state = models.CharField(_("状态"), max_length=10, choices=LineState, default=LineState.APPLIED)
    booked_for = models.DateField(_("预约日期"), null=True, blank=True)
    half = models.CharField(_("时段"), max_length=10, choices=HalfDay, default=HalfDay.MORNING)
    slot = models.PositiveIntegerField(_("当日序号"), null=True, blank=True)
    receipt_number = models.CharField(_("受理编号"), max_length=24, blank=True)
    return_reason = models.CharField(_("退回原因"), max_length=300, blank=True)
    changed_at = models.DateTimeField(_("最近办理"))

    objects = ScopedManager["ApplicationLine"]()

    class Meta:
        verbose_name = _("申请检定的器具")
        constraints = [
            models.UniqueConstraint(
                fields=["instrument"], name="one_open_procedure", condition=models.Q(state__in=OPEN_STATES)
            ),
            models.UniqueConstraint(
                fields=["institute", "booked_for", "slot"], name="slot_held_once",
                condition=models.Q(state__in=BOOKED_STATES),
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=BOOKED_STATES)
                | models.Q(booked_for__isnull=False, slot__isnull=False),
                name="accepted_line_has_a_slot",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=LineState.RETURNED) | ~models.Q(return_reason=""),
                name="returned_line_has_a_reason",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["institute", "state", "booked_for"], name="line_worklist"),
            models.Index(fields=["instrument", "id"], name="line_of_instrument"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}/{self.instrument_id} {self.state}"
