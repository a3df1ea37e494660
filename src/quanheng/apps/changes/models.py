"""What changed since: one narrow row for each row of the ledger that a statement wrote (ADR 0034)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from quanheng.apps.changes.enums import ChangeKind, ChangeWhat
from quanheng.kit.scope import ScopedManager


class Change(models.Model):
    """A row that was created, changed, or is gone, in one place; written by triggers alone.

    A row that moves leaves two: `deleted` where it was, `created` where it is. So a change has one place, one
    wall, and nobody learns where a row went that left them. `xid` is the transaction that wrote it. What is
    read, in the order of (`xid`, `number`), lies below every transaction that is still open, so that a late
    commit is never missed. No column points to another table: a tombstone outlives its row.
    """

    scope_fields = {"area": "area_id", "entity": "entity_id", "root": "root_id"}

    pk = models.CompositePrimaryKey("xid", "number")
    xid = models.BigIntegerField(_("事务号"))
    number = models.BigIntegerField(_("序号"))
    row_id = models.BigIntegerField(_("编号"))
    instrument_id = models.BigIntegerField(_("器具"), null=True)
    at = models.DateTimeField(_("时间"))
    area_id = models.BigIntegerField(_("行政区划"))
    root_id = models.BigIntegerField(_("顶层主体"), null=True)
    entity_id = models.BigIntegerField(_("主体"), null=True)
    kind = models.CharField(_("对象"), max_length=12, choices=ChangeKind)
    what = models.CharField(_("变更"), max_length=8, choices=ChangeWhat)

    objects = ScopedManager["Change"]()

    class Meta:
        verbose_name = _("变更记录")

    def __str__(self) -> str:
        return f"{self.kind} {self.row_id} {self.what}"


class FeedEpoch(models.Model):
    """Since when, and in which database, the changes are kept without a gap; the newest row counts.

    A database that was restored is another one (`database`): its transactions are numbered anew, and what was
    told after the copy was made is not in it. Every cursor of before then ends, and a new epoch begins.
    """

    begun_at = models.DateTimeField(_("完整保留自"))
    database = models.CharField(_("数据库标识"), max_length=80)
    floor = models.BigIntegerField(_("保留起点"), default=0, help_text=_("更早的变更已清理"))

    class Meta:
        verbose_name = _("变更记录时期")

    def __str__(self) -> str:
        return f"{self.pk} {self.begun_at:%Y-%m-%d}"


class FeedMark(models.Model):
    """An instant, and the transaction below which all had ended by then: an instant becomes a position."""

    at = models.DateTimeField(_("时间"), unique=True)
    xid = models.BigIntegerField(_("事务号"))

    class Meta:
        verbose_name = _("变更时刻标记")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.xid}"


# Django finds models in this module; these stand beside what belongs to them.
from quanheng.apps.changes.subscriptions import Delivery, Subscription  # noqa: E402, F401
