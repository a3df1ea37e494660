"""The list of imports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import ENTITY_ROLES, OFFICERS
from quanheng.apps.instruments.enums import ImportStage
from quanheng.apps.instruments.queries.imports import runs
from quanheng.apps.instruments.services.imports.work import may_import
from quanheng.kit.lists import Choice, Column, DateRange, List, Search
from quanheng.kit.tasks import TaskState, tone_of
from quanheng.kit.tones import State
from quanheng.web.addresses import page_of
from quanheng.web.parts import Link

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import ImportRun


def badge(run: ImportRun) -> State:
    """Return at which stage a run is, as a badge; of one that was given up, that it was."""
    given_up = run.stage == ImportStage.REFUSED and run.state != TaskState.FAILED
    label = TaskState(run.state).label if given_up else ImportStage(run.stage).label
    return State(label, tone_of(run.state))


class ImportList(List["ImportRun"]):
    """Imports, the newest first."""

    key = "imports"
    title = _("台账导入")
    intro = _("每次上传是一个批次；完成后在没有后续业务时可以整体撤销。")
    roles = OFFICERS | ENTITY_ROLES
    columns = (
        Column("file_name", _("文件名"), lead=True),
        Column("state", _("状态"), value=badge),
        Column("rows_read", _("行数")),
        Column("rows_new", _("新增")),
        Column("rows_updated", _("更新")),
        Column("rows_rejected", _("有误")),
        Column("uploader_name", _("上传人")),
        Column("uploaded_at", _("上传时间"), value=lambda run: run.requested_at, sort="requested_at"),
        Column("area__full_name", _("行政区划"), shown=False),
        Column("finished_at", _("完成时间"), sort=True, shown=False),
    )
    filters = (
        Search(label=_("文件名（开头）"), starts=("file_name",)),
        Choice(key="state", field="stage", label=_("状态"), choices=ImportStage.choices),
        DateRange(key="uploaded_at", field="requested_at", label=_("上传日期"), on_time=True),
    )
    empty_title = _("暂无导入记录")
    empty_text = _("请直接上传现有表格，无需套用模板；表头、日期、单位自动识别。")

    def rows(self, actor: Any) -> QuerySet[ImportRun]:
        return runs(actor)

    def row_url(self, row: ImportRun) -> str:
        return page_of("import_page", row.pk)

    def acts(self, actor: Any) -> Sequence[Link]:
        if not may_import(actor):
            return ()
        return (Link(_("上传台账"), reverse("import_new"), "upload", primary=True),)
