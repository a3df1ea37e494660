"""Changes that somebody asked the office for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import ENTITY_ROLES, OFFICERS
from quanheng.apps.instruments.enums import ProposalState
from quanheng.apps.instruments.queries.proposals import proposals, turn_of
from quanheng.kit.lists import Choice, Column, DateRange, List, Search
from quanheng.kit.tones import State, Tone
from quanheng.web.addresses import page_of
from quanheng.web.filters import area_filter

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import ProposedChange

LATELY = 30  # days that a decision stays on the desk of whoever asked
TONES = {
    ProposalState.WAITING: Tone.DUE,
    ProposalState.ACCEPTED: Tone.OK,
    ProposalState.RETURNED: Tone.BAD,
    ProposalState.OVERTAKEN: Tone.QUIET,
    ProposalState.WITHDRAWN: Tone.QUIET,
}


def proposal_badge(row: ProposedChange) -> State:
    """Return how a proposal stands."""
    state = ProposalState(row.state)
    return State(state.label, TONES[state])


def _decided_lately(rows: QuerySet[Any], value: str, _actor: Any) -> QuerySet[Any]:
    return rows.filter(state=value, decided_at__gte=timezone.now() - timedelta(days=LATELY))


def _my_turn(rows: QuerySet[Any], _value: str, actor: Any) -> QuerySet[Any]:
    return rows.filter(turn_of(actor, timezone.localdate()))


class ProposalList(List["ProposedChange"]):
    """Changes of filed instruments that wait for the office, and what became of them."""

    key = "proposals"
    title = _("变更申请")
    intro = _("使用单位申请更改已备案器具的铭牌信息、检定或铅封的，列在这里；审核前台账不变。")
    roles = OFFICERS | ENTITY_ROLES
    columns = (
        Column("instrument__serial_number", _("出厂编号"), lead=True, code=True),
        Column("instrument__name", _("器具名称")),
        Column("state", _("状态"), value=proposal_badge),
        Column("instrument__entity__name", _("使用单位")),
        Column("proposed_at", _("申请时间")),
        Column("decided_at", _("审核时间"), shown=False),
        Column("asked_because", _("申请理由"), shown=False),
        Column("reason", _("退回或撤回原因")),
        Column("import_run__file_name", _("导入批次"), shown=False),
        Column("area__full_name", _("行政区划"), shown=False),
    )
    filters = (
        Choice(key="state", label=_("状态"), choices=ProposalState.choices),
        Choice(
            key="decided",
            label=_("近 30 天审核"),
            choices=[("accepted", _("已同意")), ("returned", _("已退回"))],
            narrow=_decided_lately,
        ),
        Choice(
            key="waiting", label=_("待办"), choices=[("turn", _("待我审核"))], narrow=_my_turn, first=False
        ),
        area_filter(),
        Search(label=_("出厂编号"), equals=("instrument__serial_number",)),
        DateRange(key="proposed_at", label=_("申请日期"), on_time=True, first=False),
    )
    empty_title = _("暂无变更申请")
    empty_text = _("修改已备案器具的铭牌信息，或导入的台账与登记不同的，须审核的内容在此列出。")

    def rows(self, actor: Any) -> QuerySet[ProposedChange]:
        return proposals(actor)

    def row_url(self, row: ProposedChange) -> str:
        return page_of("proposal_page", row.pk)
