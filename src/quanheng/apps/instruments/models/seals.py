"""The seals of the ledger."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from quanheng.apps.instruments.enums import SealEnd, SealPosition
from quanheng.kit.scope import ScopedManager


class Seal(models.Model):
    """A numbered seal on an instrument, who applied it, who broke or opened it, who witnessed.

    A number is in use once (`seal_key` in the database compares without width, case and blanks). Two that
    carried one number before this was asked are both kept; the later one is `number_disputed` until somebody
    corrects a number. `applied_at` and `ended_at` are when it was recorded, for the order of one day's acts;
    a seal from a sheet has none.
    """

    scope_fields = {"area": "area_id", "entity": "instrument__entity_id", "root": "root_id"}
    assigned_through = ("instrument", ("instrument_id",))

    instrument = models.ForeignKey(
        "instruments.Instrument", models.CASCADE, related_name="seals", verbose_name=_("器具")
    )
    # Copies of the instrument's, as above.
    root = models.ForeignKey(
        "registry.Entity", models.PROTECT, related_name="+", verbose_name=_("顶层主体"), db_index=False,
        db_constraint=False,
    )  # fmt: skip
    area = models.ForeignKey(
        "accounts.Area", models.PROTECT, verbose_name=_("行政区划"), db_index=False, db_constraint=False
    )
    number = models.CharField(_("铅封编号"), max_length=60)
    number_key = models.GeneratedField(
        expression=models.Func("number", function="seal_key"), output_field=models.TextField(),
        db_persist=True, verbose_name=_("铅封编号检索值"),
    )  # fmt: skip
    position = models.CharField(
        _("位置"), max_length=16, choices=SealPosition, default=SealPosition.SCALE_CASE
    )
    applied_on = models.DateField(_("施封日期"))
    applied_by = models.CharField(_("施封人"), max_length=60, blank=True)
    applied_witness = models.CharField(_("施封见证人"), max_length=60, blank=True)
    applied_at = models.DateTimeField(_("施封登记时间"), null=True, blank=True)
    number_disputed = models.BooleanField(_("编号重复待核对"), default=False, db_default=False)
    ended_as = models.CharField(_("破损或启封"), max_length=12, choices=SealEnd, blank=True, db_default="")
    ended_at = models.DateTimeField(_("启封或破损登记时间"), null=True, blank=True)
    broken_on = models.DateField(_("启封或破损日期"), null=True, blank=True)
    broken_by = models.CharField(_("启封人或发现人"), max_length=60, blank=True)
    broken_witness = models.CharField(_("启封见证人"), max_length=60, blank=True)
    break_reason = models.CharField(_("启封或破损原因"), max_length=200, blank=True)
    changed_at = models.DateTimeField(_("变更时间"), db_default=Now())

    objects = ScopedManager["Seal"]()

    class Meta:
        verbose_name = _("铅封")
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "position"],
                name="one_whole_seal_per_position",
                condition=models.Q(broken_on__isnull=True),
            ),
            models.CheckConstraint(
                condition=models.Q(broken_on__isnull=True) | models.Q(broken_on__gte=models.F("applied_on")),
                name="seal_not_broken_before_applied",
            ),
            models.CheckConstraint(
                condition=models.Q(broken_on__isnull=True, ended_as="")
                | models.Q(broken_on__isnull=False, ended_as__in=SealEnd.values),
                name="seal_ended_somehow",
            ),
            models.UniqueConstraint(
                models.Func("number", function="seal_key"),
                name="seal_number_in_use_once",
                condition=models.Q(broken_on__isnull=True, number_disputed=False),
            ),
        ]
        indexes = [
            models.Index(fields=["number"], name="seal_number"),
            models.Index(
                fields=["number_key"], name="seal_number_key", condition=models.Q(broken_on__isnull=True)
            ),
            models.Index(
                fields=["area", "instrument"],
                name="seal_number_disputed",
                condition=models.Q(number_disputed=True),
            ),
        ]

    def __str__(self) -> str:
        return self.number
