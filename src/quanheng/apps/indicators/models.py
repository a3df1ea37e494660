"""Figures of the plan as they stood on a day, frozen with the version of their formula."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class IndicatorDay(models.Model):
    """One figure of one area on one day, as it was published."""

    indicator = models.CharField(_("指标"), max_length=8)
    area = models.ForeignKey("accounts.Area", models.PROTECT, verbose_name=_("行政区划"))
    premises = models.CharField(_("场所类型"), max_length=20, blank=True)
    day = models.DateField(_("日期"))
    numerator = models.BigIntegerField(_("分子"))
    denominator = models.BigIntegerField(_("分母"))
    formula_version = models.CharField(_("口径版本"), max_length=20)
    variant = models.BigIntegerField(_("另一口径的分子"), null=True)
    variant_version = models.CharField(_("另一口径的版本"), max_length=20, blank=True, db_default="")
    frozen_at = models.DateTimeField(_("固化时间"))

    class Meta:
        verbose_name = _("指标日值")
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "area", "premises", "day"], name="indicator_day_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.area_id} {self.day}"


class RollupCheck(models.Model):
    """One recount of a rollup against the ledger. What was found wrong is kept, then mended."""

    indicator = models.CharField(_("指标"), max_length=8)
    checked_at = models.DateTimeField(_("复核时间"))
    seconds = models.FloatField(_("用时（秒）"))
    differences = models.PositiveIntegerField(_("差异行数"))
    examples = models.JSONField(_("差异举例"), default=list)

    class Meta:
        verbose_name = _("汇总复核")
        indexes = [models.Index(fields=["indicator", "-checked_at"], name="rollup_check_latest")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.checked_at:%Y-%m-%d} {self.differences}"
