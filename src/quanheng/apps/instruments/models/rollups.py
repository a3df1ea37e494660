"""Counted rollups of the ledger, kept exact by the acts themselves; the indicators read them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from quanheng.apps.instruments.enums import Grain


class RateChange(models.Model):
    """On this day the counts behind an indicator change by so much.

    The sum of all changes up to a day is the count on that day, past or future: an instrument adds one to
    `denominator` on the first day of use, one to `numerator` on the first day on which the indicator's rule
    holds (it is verified, it has a code), and takes it back on the day after the last; `variant` is the
    numerator of the formula beside it. Acts append FRESH rows at county level; a job folds them into one row
    per (indicator, area, premises, item) and day, month and year, at county, city and province, so reading
    never waits for writers and a figure is the sum of the years before, the months before and the days of the
    month (ADR 0007, 0026).
    """

    indicator = models.CharField(_("指标"), max_length=8)
    area = models.ForeignKey("accounts.Area", models.PROTECT, db_index=False, verbose_name=_("行政区划"))
    premises = models.CharField(_("场所类型"), max_length=20)
    item = models.ForeignKey(
        "instruments.CatalogueItem", models.PROTECT, db_index=False, verbose_name=_("目录项")
    )
    day = models.DateField(_("日期"), help_text=_("月、年汇总行为该月、该年第一天"))
    denominator = models.IntegerField(_("分母增减"))
    numerator = models.IntegerField(_("分子增减"))
    variant = models.IntegerField(_("另一口径分子增减"), default=0, db_default=0)
    grain = models.PositiveSmallIntegerField(_("汇总粒度"), choices=Grain, default=Grain.FRESH)

    class Meta:
        verbose_name = _("指标增减")
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "area", "grain", "day", "premises", "item"],
                include=["denominator", "numerator", "variant"],
                name="rate_change_folded_once",
                condition=~models.Q(grain=Grain.FRESH),
            ),
        ]
        indexes = [
            models.Index(
                fields=["indicator", "area", "day"],
                name="rate_change_fresh",
                condition=models.Q(grain=Grain.FRESH),
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.area_id} {self.day} {self.denominator:+d} {self.numerator:+d}"


class EntryCount(models.Model):
    """How many instruments of an item an area holds, and what they lack; scrapped ones left out.

    A trigger on the ledger appends the difference of every statement at the area the instrument stands in, so
    that no act can forget it; a job folds the differences into one row per area and item, and reading adds up
    both (ADR 0009). Counts only, no rows: there is no wall around it.
    """

    area = models.ForeignKey("accounts.Area", models.PROTECT, db_index=False, verbose_name=_("行政区划"))
    item = models.ForeignKey(
        "instruments.CatalogueItem", models.PROTECT, db_index=False, verbose_name=_("目录项")
    )
    folded = models.BooleanField(_("已汇总"), default=False)
    in_time = models.IntegerField(_("截止日前登记"))
    now = models.IntegerField(_("在册"))
    coded = models.IntegerField(_("有器具码"))
    filed = models.IntegerField(_("已备案"))
    no_serial = models.IntegerField(_("无出厂编号"))
    no_maker = models.IntegerField(_("无制造单位"))
    no_verification = models.IntegerField(_("无检定记录"))

    class Meta:
        verbose_name = _("建档汇总")
        constraints = [
            models.UniqueConstraint(
                fields=["area", "item"], name="entry_count_folded_once", condition=models.Q(folded=True)
            )
        ]
        indexes = [models.Index(fields=["area"], name="entry_count_fresh", condition=models.Q(folded=False))]

    def __str__(self) -> str:
        return f"{self.area_id} {self.item_id} {self.now:+d}"


class EntryClosing(models.Model):
    """How the entry of scales stood on its last day in one area, as the closing report has it: never changed.

    What was entered by then, of that what had a code and a bound code by then, and what of it was wrong or
    missing when the report was drawn up. Counts only, no rows: there is no wall around it.
    """

    area = models.OneToOneField("accounts.Area", models.PROTECT, related_name="+", verbose_name=_("行政区划"))
    frozen_at = models.DateTimeField(_("固化时间"))
    entered = models.IntegerField(_("截止日前录入"))
    coded = models.IntegerField(_("截止日前赋码"))
    bound = models.IntegerField(_("截止日前绑码"))
    doubled = models.IntegerField(_("出厂编号相同"))
    no_serial = models.IntegerField(_("无出厂编号"))
    no_maker = models.IntegerField(_("无制造单位"))
    no_verification = models.IntegerField(_("无检定记录"))

    class Meta:
        verbose_name = _("录入结束报告")

    def __str__(self) -> str:
        return f"{self.area_id} {self.entered}"
