"""What people keep of lists: the columns they chose, views they saved, files they exported."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from quanheng.kit.lists.actors import ListActor
from quanheng.kit.scope import ScopedManager
from quanheng.kit.tasks import LongTask


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def for_list(self, key: str, actor: ListActor) -> SavedViewQuerySet:
        """Keep the actor's own views of a list, and those that colleagues share with the office."""
        mine = models.Q(owner_id=actor.user_id)
        if actor.agency_id is not None:
            mine |= models.Q(shared=True, agency_id=actor.agency_id)
        return self.filter(mine, list_key=key)


class SavedView(models.Model):
    """Filters, order and columns of a list under a name. It holds the question, never an answer."""

    list_key = models.CharField(_("清单"), max_length=60)
    name = models.CharField(_("名称"), max_length=60)
    query = models.CharField(_("条件"), max_length=2_000, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("保存人")
    )
    agency = models.ForeignKey(
        "accounts.Agency", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("机构")
    )
    shared = models.BooleanField(_("与本单位共享"), default=False)
    saved_at = models.DateTimeField(_("保存时间"))

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("保存的视图")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "list_key", "name"], name="view_name_once_per_person"),
            models.CheckConstraint(
                condition=models.Q(shared=False) | models.Q(agency__isnull=False),
                name="shared_view_has_agency",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "list_key"], name="shared_view_of_agency", condition=models.Q(shared=True)
            )
        ]

    def __str__(self) -> str:
        return self.name


class ColumnChoice(models.Model):
    """The columns of a list that a person wants to see, in their order."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("用户")
    )
    list_key = models.CharField(_("清单"), max_length=60)
    columns = models.JSONField(_("列"), default=list)

    class Meta:
        verbose_name = _("选定的列")
        constraints = [models.UniqueConstraint(fields=["user", "list_key"], name="columns_once_per_person")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.list_key}"


class SeenFile(models.Model):
    """A file that a person opened lately: which, never what stood in it. It is shown through the walls."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("用户")
    )
    list_key = models.CharField(_("清单"), max_length=60)
    row_id = models.BigIntegerField(_("行号"))
    seen_at = models.DateTimeField(_("最近查看"))

    class Meta:
        verbose_name = _("最近查看的档案")
        constraints = [
            models.UniqueConstraint(fields=["user", "list_key", "row_id"], name="file_seen_once_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.list_key} {self.row_id}"


class ExportFormat(models.TextChoices):
    CSV = "csv", "CSV"
    XLSX = "xlsx", "Excel (xlsx)"


class ExportJob(LongTask):
    """A list that somebody wants as a file: all rows of the filter, the chosen columns, in the shown order.

    The rows are read again in the scope of the appointment under which it was asked for. The file belongs to
    its requester alone and is deleted when it expires.
    """

    scope_fields = {"person": "requested_by_id"}
    unit = _("行")

    list_key = models.CharField(_("清单"), max_length=60)
    title = models.CharField(_("名称"), max_length=120)
    query = models.CharField(_("条件"), max_length=2_000, blank=True)
    columns = models.JSONField(_("列"), default=list)
    format = models.CharField(_("格式"), max_length=4, choices=ExportFormat)
    language = models.CharField(_("语言"), max_length=10, default="zh-hans")

    objects = ScopedManager["ExportJob"]()

    class Meta(LongTask.Meta):
        verbose_name = _("导出文件")

    def __str__(self) -> str:
        return f"{self.title} {self.requested_at:%Y-%m-%d %H:%M}"

    @property
    def name(self) -> str:
        return self.title

    @property
    def result_name(self) -> str:
        return f"{self.title}-{localtime(self.requested_at):%Y%m%d-%H%M}.{self.format}"
