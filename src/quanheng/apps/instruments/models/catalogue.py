"""What must be verified, and how often: dated rows with source and a verified flag, editable by the
office.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class CatalogueItem(models.Model):
    """A row of the catalogue of compulsorily managed instruments (SAMR notice 42 of 2020)."""

    slug = models.CharField(_("标识"), max_length=60, unique=True)
    name = models.CharField(_("器具名称"), max_length=80)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name=_("一级项目"))
    synonyms = ArrayField(models.CharField(max_length=80), default=list, verbose_name=_("俗称"))
    supervision = models.CharField(_("监管方式"), max_length=2, help_text="P, V, PV")
    mode = models.CharField(
        _("检定方式"), max_length=24, help_text="periodic, first_only, first_then_replace, calibration"
    )
    category = models.CharField(_("类别"), max_length=24, help_text="scale, fuel_dispenser, medical, other")
    medical_class = models.PositiveSmallIntegerField(_("医疗12类序号"), null=True, blank=True)
    valid_from = models.DateField(_("启用日期"))
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=200)
    verified = models.BooleanField(_("已核实"), default=False)

    class Meta:
        verbose_name = _("目录项")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class VerificationPeriod(models.Model):
    """How long a verification holds, by the verification regulation in force on the day."""

    item = models.ForeignKey(CatalogueItem, models.CASCADE, related_name="periods", verbose_name=_("目录项"))
    regulation = models.CharField(_("检定规程"), max_length=40)
    months = models.PositiveSmallIntegerField(_("周期（月）"), null=True)
    valid_from = models.DateField(_("启用日期"))
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=200)
    verified = models.BooleanField(_("已核实"), default=False)

    class Meta:
        verbose_name = _("检定周期")
        constraints = [
            models.UniqueConstraint(fields=["item", "regulation", "valid_from"], name="period_once")
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.regulation}"
