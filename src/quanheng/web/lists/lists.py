"""One's own exports, as a list like any other."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quanheng.kit.lists import Choice, Column, DateRange, List
from quanheng.kit.models import ExportFormat, ExportJob, ExportState
from quanheng.kit.tones import State, Tone

TONES = {
    ExportState.WAITING: Tone.INFO,
    ExportState.RUNNING: Tone.INFO,
    ExportState.DONE: Tone.OK,
    ExportState.FAILED: Tone.BAD,
    ExportState.EXPIRED: Tone.QUIET,
}


def standing(job: ExportJob) -> State:
    """Return how an export stands now: a file whose time is over counts as expired before it is deleted."""
    over = job.expires_at is not None and job.expires_at <= timezone.now()
    state = ExportState.EXPIRED if over else ExportState(job.state)
    return State(state.label, TONES[state])


class ExportList(List[ExportJob]):
    """Only the requester's own: the scope of a person."""

    key = "exports"
    title = _("导出文件")
    intro = _("只有您自己能看到和下载；到期自动删除。")
    model = ExportJob
    columns = (
        Column("title", _("名称"), sort=True, lead=True),
        Column("format", _("格式")),
        Column("requested_at", _("申请时间"), sort=True),
        Column("state", _("状态"), value=standing),
        Column("rows_written", _("行数"), sort=True, numeric=True),
        Column("expires_at", _("过期时间"), sort=True),
    )
    filters = (
        Choice(key="state", label=_("状态"), choices=ExportState.choices),
        Choice(key="format", label=_("格式"), choices=ExportFormat.choices),
        DateRange(key="requested_at", label=_("申请日期"), on_time=True),
    )
    default_sort = "-requested_at"
    empty_title = _("还没有导出过文件")
    empty_text = _("在任何一个清单上点“导出”。")

    def rows(self, actor: Any) -> QuerySet[ExportJob]:
        return ExportJob.objects.visible_to(actor).filter(requested_by_id=actor.user_id)

    def row_url(self, row: ExportJob) -> str:
        return reverse("export_page", args=[row.pk])
