"""The list of files that went to e-CQS or came from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import OFFICERS
from quanheng.apps.exchange import acts
from quanheng.apps.exchange.enums import Content, Direction
from quanheng.apps.exchange.queries import ecqs_runs
from quanheng.kit.acts import may
from quanheng.kit.lists import Choice, Column, DateRange, List, Search
from quanheng.kit.tasks import TaskState
from quanheng.web.addresses import page_of
from quanheng.web.parts import Link
from quanheng.web.tasks.page import badge

if TYPE_CHECKING:
    from quanheng.apps.exchange.models import ExchangeRun


class RunList(List["ExchangeRun"]):
    """Exports and imports, the newest first."""

    key = "ecqs-runs"
    title = _("e-CQS 数据交换")
    intro = _("与 e-CQS 按文件交换。e-CQS 台账在“台账导入”上传，检定结果在此导入。")
    roles = OFFICERS
    columns = (
        Column("file_name", _("文件名"), lead=True),
        Column("direction", _("方向"), value=lambda run: Direction(run.direction).label),
        Column("content", _("内容"), value=lambda run: Content(run.content).label),
        Column("state", _("状态"), value=badge),
        Column("rows", _("行数")),
        Column("taken", _("已登记")),
        Column("conflicts", _("冲突")),
        Column("rejected", _("未登记")),
        Column("started_by__name", _("经办人"), value=lambda run: run.requested_by and run.requested_by.name),
        Column("started_at", _("申请时间"), value=lambda run: run.requested_at),
        Column("area__full_name", _("行政区划"), shown=False),
        Column("known", _("已有"), shown=False),
        Column("mapping", _("所用字段对照"), shown=False),
        Column("file_hash", _("文件摘要"), code=True, shown=False),
        Column("finished_at", _("完成时间"), shown=False),
    )
    filters = (
        Search(label=_("文件名（开头）"), starts=("file_name",)),
        Choice(key="direction", label=_("方向"), choices=Direction.choices),
        Choice(key="state", label=_("状态"), choices=TaskState.choices),
        DateRange(key="started_at", field="requested_at", label=_("申请日期"), on_time=True, first=False),
    )
    empty_title = _("暂无交换文件")
    empty_text = _("导出的文件可以导入 e-CQS；e-CQS 导出的检定结果可以在这里导入。")

    def rows(self, actor: Any) -> QuerySet[ExchangeRun]:
        return ecqs_runs.runs(actor)

    def row_url(self, row: ExchangeRun) -> str:
        return page_of("ecqs_run", row.pk)

    def acts(self, actor: Any) -> Sequence[Link]:
        if not may(acts.EXCHANGE_RUN, actor):
            return ()
        return (
            Link(_("导入检定结果"), reverse("ecqs_import"), "upload", primary=True),
            Link(_("导出"), reverse("ecqs_export"), "download"),
        )
