"""One's own exports, as a list like any other."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.tasks import EXPORT
from quanheng.kit.lists import Choice, Column, DateRange, List
from quanheng.kit.models import ExportFormat, ExportJob
from quanheng.kit.tasks import TaskState
from quanheng.web.tasks.page import badge, task_url


class ExportList(List[ExportJob]):
    """Only the requester's own: the scope of a person."""

    key = "exports"
    title = _("导出文件")
    intro = _("仅本人可以查看和下载；到期自动删除。")
    columns = (
        Column("title", _("名称"), sort=True, lead=True),
        Column("format", _("格式")),
        Column("requested_at", _("申请时间"), sort=True),
        Column("state", _("状态"), value=badge),
        Column("rows_written", _("行数"), value=lambda job: job.done, sort="done", numeric=True),
        Column("expires_at", _("过期时间"), sort=True),
    )
    filters = (
        Choice(key="state", label=_("状态"), choices=TaskState.choices),
        Choice(key="format", label=_("格式"), choices=ExportFormat.choices),
        DateRange(key="requested_at", label=_("申请日期"), on_time=True),
    )
    default_sort = "-requested_at"
    empty_title = _("暂无导出文件")
    empty_text = _("在任一清单点“导出”，文件在此列出。")

    def rows(self, actor: Any) -> QuerySet[ExportJob]:
        return ExportJob.objects.visible_to(actor).filter(requested_by_id=actor.user_id)

    def row_url(self, row: ExportJob) -> str:
        return task_url(EXPORT, row)
