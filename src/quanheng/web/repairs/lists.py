"""What was sent to a named repairer: the repairer's work, and where one's instruments are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import ENTITY_ROLES, OFFICERS
from quanheng.apps.instruments.queries.repairs import STAGES, RepairStage, repairs, stage_of
from quanheng.kit.lists import Choice, Column, DateRange, List, Search
from quanheng.kit.tones import State, Text, Tone
from quanheng.web.addresses import page_of

if TYPE_CHECKING:
    from quanheng.apps.accounts.assignments import Assignment

STAGE_WORDS: dict[RepairStage, Text] = {
    RepairStage.WAITING: _("待接收"),
    RepairStage.RECEIVED: _("维修中"),
    RepairStage.OVER: _("已结束"),
}
STAGE_TONES = {
    RepairStage.WAITING: Tone.DUE, RepairStage.RECEIVED: Tone.INFO, RepairStage.OVER: Tone.QUIET,
}  # fmt: skip


def _state(row: Assignment) -> State:
    stage = stage_of(row)
    return State(STAGE_WORDS[stage], STAGE_TONES[stage])


def _in_stage(rows: QuerySet[Any], value: str, _actor: Any) -> QuerySet[Any]:
    return rows.filter(STAGES[RepairStage(value)])


class RepairList(List["Assignment"]):
    """Every sending of an instrument to a repairer that was named; what waits longest comes first."""

    key = "repairs"
    title = _("维修业务")
    intro = _("送到指定维修单位的器具。维修单位只在送修期间看到送来的器具；接收和维修情况由维修单位申报。")
    roles = OFFICERS | ENTITY_ROLES
    columns = (
        Column("subject", _("器具"), lead=True),
        Column("stage", _("进度"), value=_state),
        Column("user_name", _("使用单位")),
        Column("name", _("维修单位")),
        Column("valid_from", _("送修登记日期"), sort=True),
        Column("reason", _("送修原因")),
        Column("taken_up_at", _("接收时间")),
        Column("taken_up_by_name", _("接收人"), shown=False),
        Column("given_by_name", _("送修登记人"), shown=False),
        Column("ended_at", _("结束时间"), shown=False),
        Column("end_reason", _("退回原因"), shown=False),
    )
    filters = (
        Choice(key="stage", label=_("进度"), choices=list(STAGE_WORDS.items()), narrow=_in_stage),
        Search(label=_("器具名称或出厂编号"), contains=("subject",)),
        Search(key="repairer", label=_("维修单位"), contains=("name",)),
        DateRange(key="valid_from", label=_("送修登记日期"), first=False),
    )
    default_sort = "valid_from"
    empty_title = _("暂无送修的器具")
    empty_text = _("登记送修时选择了维修单位的器具都列在这里。")

    def rows(self, actor: Any) -> QuerySet[Assignment]:
        return repairs(actor)

    def row_url(self, row: Assignment) -> str:
        return page_of("instrument_page", row.row_id)
