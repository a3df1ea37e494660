"""The list of shoppers' reports, with the clock that runs on each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import OFFICERS, Role
from quanheng.apps.instruments.enums import ReportFinding, ReportState, ShopperProblem
from quanheng.apps.instruments.queries.reports import reports
from quanheng.kit.lists import Choice, Column, DateRange, Flag, List, ListActor, Search
from quanheng.kit.tones import State, Tone
from quanheng.web.addresses import page_of
from quanheng.web.filters import area_filter

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import ShopperReport

READERS = OFFICERS | {Role.HOTLINE_AGENT}
TONES = {ReportState.NEW: Tone.BAD, ReportState.TAKEN_UP: Tone.DUE, ReportState.CLOSED: Tone.OK}


def report_badge(report: ShopperReport) -> State:
    """Return how a report stands."""
    state = ReportState(report.state)
    return State(state.label, TONES[state])


def clock(report: ShopperReport) -> State | str:
    """Return the last day of the next step, marked where it is over; nothing once it is closed."""
    if report.state == ReportState.CLOSED or report.due_on is None:
        return ""
    today = timezone.localdate()
    if report.due_on < today:
        return State(gettext("%(day)s 已超期") % {"day": report.due_on}, Tone.BAD)
    return State(str(report.due_on), Tone.DUE if report.due_on == today else Tone.QUIET)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue(Flag):
    """Whether the last day of the next step is over."""

    def apply(self, rows: QuerySet[Any], value: bool, actor: ListActor) -> QuerySet[Any]:  # noqa: ARG002 - as every filter
        late = rows.exclude(state=ReportState.CLOSED).filter(due_on__lt=timezone.localdate())
        return late if value else rows.exclude(pk__in=late.values("pk"))


AT_HOTLINE = (
    ("unnoted", _("12315 未登记")),
    ("passed_on", _("12315 已转办，待核查")),
    ("unanswered", _("已办结，12315 未答复")),
)


def _at_hotline(rows: QuerySet[Any], value: str, _actor: ListActor) -> QuerySet[Any]:
    """Narrow to what waits for the hotline, or for the office that it was passed on to."""
    if value == "unnoted":
        return rows.exclude(state=ReportState.CLOSED).filter(noted_at=None)
    if value == "passed_on":
        return rows.filter(state=ReportState.NEW, passed_on_at__isnull=False)
    return rows.filter(state=ReportState.CLOSED, reply="")


class ReportList(List["ShopperReport"]):
    """What shoppers reported; no entity sees it."""

    key = "shopper-reports"
    title = _("消费者反映")
    intro = _("反映只是线索：现场核查后写明结论和答复办结。经营者看不到本页；办结前公开记录不显示。")
    roles = READERS
    columns = (
        Column("number", _("反映编号"), lead=True, code=True),
        Column("problem", _("问题"), value=lambda row: ShopperProblem(row.problem).label),
        Column("state", _("状态"), value=report_badge),
        Column("due_on", _("办理期限"), sort=True, value=clock),
        Column("about", _("反映对象")),
        Column("instrument__name", _("器具名称"), shown=False),
        Column("instrument__serial_number", _("出厂编号"), code=True, shown=False),
        Column("instrument__entity__name", _("使用单位"), shown=False),
        Column("place", _("反映的地点"), shown=False),
        Column("received_at", _("收到时间"), sort=True),
        Column(
            "finding", _("核查结论"),
            value=lambda row: ReportFinding(row.finding).label if row.finding else "",
        ),
        Column("taken_up_by__name", _("核查人"), shown=False),
        Column("closed_at", _("办结时间"), shown=False),
        Column("area__full_name", _("行政区划"), shown=False),
    )  # fmt: skip
    filters = (
        Choice(key="state", label=_("状态"), choices=ReportState.choices),
        Overdue(key="overdue", label=_("已超期")),
        Choice(key="hotline", label=_("12315 办理"), choices=AT_HOTLINE, narrow=_at_hotline, first=False),
        Choice(key="finding", label=_("核查结论"), choices=ReportFinding.choices),
        Choice(key="problem", label=_("问题"), choices=ShopperProblem.choices),
        area_filter(),
        Search(
            label=_("反映编号、出厂编号或器具码"),
            equals=("number", "instrument__serial_number", "code"),
        ),
        DateRange(key="received_at", label=_("收到时间"), on_time=True, first=False),
    )
    default_sort = "-received_at"
    empty_title = _("暂无消费者反映")
    empty_text = _("消费者扫码后提交的反映列在这里。")

    def rows(self, actor: Any) -> QuerySet[ShopperReport]:
        return reports(actor)

    def row_url(self, row: ShopperReport) -> str:
        return page_of("report_page", row.pk)
