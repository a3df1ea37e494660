"""The lists of campaigns and of the tasks that were drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import ENTITY_ROLES, OFFICERS, Role
from quanheng.apps.accounts.second_persons import come_to
from quanheng.apps.inspections import acts, queries
from quanheng.apps.inspections.enums import CampaignState, TaskState, Verdict
from quanheng.kit.acts import may
from quanheng.kit.lists import Choice, Column, DateRange, List, ListActor, Search
from quanheng.kit.tones import State, Tone
from quanheng.regulation.quarters import quarter_of
from quanheng.web.addresses import page_of
from quanheng.web.filters import area_filter
from quanheng.web.parts import Link

if TYPE_CHECKING:
    from quanheng.apps.inspections.models import Campaign, InspectionTask

READERS = OFFICERS
INSPECTED = ENTITY_ROLES - {Role.REPAIRER}
TONES = {
    CampaignState.WAITING: Tone.DUE, CampaignState.RETURNED: Tone.BAD, CampaignState.APPROVED: Tone.INFO,
    CampaignState.COMMITTED: Tone.INFO, CampaignState.DRAWN: Tone.DUE, CampaignState.CLOSED: Tone.OK,
    CampaignState.ABANDONED: Tone.QUIET,
}  # fmt: skip
VERDICTS = {Verdict.PASSED: Tone.OK, Verdict.FAILED: Tone.BAD, Verdict.UNABLE: Tone.QUIET}


def campaign_badge(campaign: Campaign) -> State:
    """Return how a campaign stands."""
    state = CampaignState(campaign.state)
    return State(state.label, TONES[state])


def task_badge(task: InspectionTask) -> State:
    """Return how a task stands: what was found, or until when it is to be checked."""
    if task.state == TaskState.DONE:
        verdict = Verdict(task.verdict)
        if task.doubted_at is not None:
            return State(gettext("%(verdict)s，更正待复核") % {"verdict": verdict.label}, Tone.DUE)
        if task.corrected_at is not None:
            return State(gettext("%(verdict)s（已更正）") % {"verdict": verdict.label}, VERDICTS[verdict])
        return State(verdict.label, VERDICTS[verdict])
    if task.state == TaskState.LEFT:
        return State(TaskState.LEFT.label, Tone.BAD)
    if task.due_on < timezone.localdate():
        return State(gettext("超期未检查"), Tone.BAD)
    return State(TaskState(task.state).label, Tone.DUE)


def quarter(campaign: Campaign) -> str:
    """Return a quarter as people say it."""
    return gettext("%(year)s 年第 %(quarter)s 季度") % {"year": campaign.year, "quarter": campaign.quarter}


def _turn(rows: QuerySet[Any], value: str, actor: ListActor) -> QuerySet[Any]:
    """Narrow to what this officer may decide: another's plan; or to their own."""
    waiting = rows.filter(state=CampaignState.WAITING)
    theirs = Q(planned_by_id=actor.user_id)
    scope = actor.scope
    if value == "mine":
        return rows.filter(theirs, state__in=(CampaignState.WAITING, CampaignState.RETURNED))
    own = Q(area_id__gte=scope.first or 0, area_id__lte=scope.last or 0)
    if value == "next":
        now = quarter_of(timezone.localdate())
        over = Q(state=CampaignState.DRAWN) & (
            Q(year__lt=now.year) | Q(year=now.year, quarter__lt=now.number)
        )
        return rows.filter(own, Q(state__in=(CampaignState.APPROVED, CampaignState.COMMITTED)) | over)
    return waiting.filter(own).exclude(theirs)


WAITING = (
    ("turn", _("待批准")),
    ("mine", _("我提出的，待批准或修改")),
    ("next", _("待公布承诺、抽取或结束")),
)


class CampaignList(List["Campaign"]):
    """Campaigns of one's areas, and those above in which the office takes part."""

    key = "campaigns"
    title = _("抽查行动")
    intro = _("提出、批准、公布承诺、抽取、检查、公开。抽中名单在检查前仅分派的检查人员可见。")
    roles = READERS
    columns = (
        Column("name", _("行动名称"), lead=True),
        Column("number", _("抽查编号"), code=True, value=lambda row: row.number or ""),
        Column("state", _("状态"), value=campaign_badge),
        Column("quarter", _("季度"), value=quarter),
        Column("area__full_name", _("行政区划")),
        Column("frame_size", _("在用台数"), numeric=True, value=lambda row: row.frame_size or None),
        Column("quota", _("应抽台数"), numeric=True, value=lambda row: row.quota or None),
        Column("planned_by__name", _("提出人"), shown=False, value=lambda row: _name(row.planned_by)),
        Column("decided_by__name", _("批准人"), shown=False, value=lambda row: _name(row.decided_by)),
        Column("planned_at", _("提出时间"), sort=True, shown=False),
    )
    filters = (
        Choice(key="state", label=_("状态"), choices=CampaignState.choices),
        Choice(
            key="waiting", label=_("待我办理"), choices=WAITING, narrow=_turn, first=False,
        ),
        area_filter(),
        Search(label=_("行动名称或抽查编号"), starts=("name", "number")),
    )  # fmt: skip
    default_sort = "-planned_at"
    empty_title = _("暂无抽查行动")
    empty_text = _("每季度提出一次，由另一人批准后抽取。")

    def rows(self, actor: Any) -> QuerySet[Campaign]:
        return queries.campaigns(actor)

    def row_url(self, row: Campaign) -> str:
        return page_of("campaign_page", row.pk)

    def acts(self, actor: Any) -> list[Link]:
        if not may(acts.CAMPAIGN_PLANNED, actor):
            return []
        return [Link(_("提出抽查行动"), reverse("campaign_new"), "plus", primary=True)]


def _name(person: Any) -> str:
    return person.name if person else ""


def _waiting(rows: QuerySet[Any], value: str, actor: Any) -> QuerySet[Any]:
    """Narrow to what this officer has to inspect, has asked to be put right, or may decide of others'."""
    theirs = Q(lead_id=actor.user_id) | Q(second_id=actor.user_id)
    if value == "mine":
        return rows.filter(theirs, state=TaskState.OPEN)
    doubted = rows.filter(doubted_at__isnull=False)
    if value == "asked":
        return doubted.filter(doubted_by_id=actor.user_id)
    day = timezone.localdate()
    turn = come_to(actor, area="reader_area", asked_by="doubted_by_id", asked_at="doubted_at", day=day)
    return doubted.filter(turn).exclude(theirs | Q(recorded_by_id=actor.user_id))


WAITING_TASKS = (
    ("mine", _("分派给我，待检查")),
    ("turn", _("结果更正待复核")),
    ("asked", _("我申请的更正")),
)


class InspectionList(List["InspectionTask"]):
    """What was drawn: one's own tasks, and what was found of the others."""

    key = "inspections"
    title = _("抽查任务与结果")
    intro = _("待检查的只列分派给您的；已检查的，所在地监管部门和被检查单位都可以查看。")
    roles = READERS | INSPECTED
    columns = (
        Column("entity_name", _("被检查单位"), lead=True, sort=True),
        Column("state", _("状态"), value=task_badge),
        Column("instrument_name", _("器具名称")),
        Column("serial_number", _("出厂编号"), code=True),
        Column("place", _("安装位置")),
        Column("due_on", _("检查期限"), sort=True),
        Column("checked_on", _("检查日期"), sort=True, shown=False),
        Column("campaign_number", _("抽查编号"), code=True),
        Column("campaign_name", _("行动名称"), shown=False),
        Column("lead__name", _("主办"), shown=False, value=lambda row: row.lead.name),
        Column("second__name", _("协办"), shown=False, value=lambda row: row.second.name),
        Column("area__full_name", _("行政区划"), shown=False),
    )
    filters = (
        Choice(key="state", label=_("状态"), choices=TaskState.choices),
        Choice(key="verdict", label=_("检查结论"), choices=Verdict.choices),
        Choice(
            key="waiting", label=_("待我办理"), choices=WAITING_TASKS, narrow=_waiting, first=False,
        ),
        area_filter(),
        Search(
            label=_("单位、出厂编号或抽查编号"),
            starts=("entity_name", "serial_number"), equals=("campaign_number",),
        ),
        DateRange(key="checked_on", label=_("检查日期"), first=False),
    )  # fmt: skip
    default_sort = "due_on"
    empty_title = _("暂无抽查任务")
    empty_text = _("抽取后，分派的检查人员在此办理；检查后的结果也列在这里。")

    def rows(self, actor: Any) -> QuerySet[InspectionTask]:
        return queries.tasks(actor)

    def row_url(self, row: InspectionTask) -> str:
        return page_of("inspection_page", row.pk)
