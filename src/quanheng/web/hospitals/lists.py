"""The list of half-year reports: the hospital's own, or those of an office's areas."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import OFFICERS
from quanheng.apps.hospitals.acts import HOSPITAL_STAFF
from quanheng.apps.hospitals.enums import HalfYearState, ManagerStanding
from quanheng.apps.hospitals.queries.reports import half_year_reports, never_submitted
from quanheng.kit.lists import Choice, Column, DateRange, List, ListActor, Search
from quanheng.kit.tones import State, Text, Tone
from quanheng.web.addresses import page_of
from quanheng.web.filters import area_filter

if TYPE_CHECKING:
    from quanheng.apps.hospitals.models import HalfYearReport

READERS = OFFICERS | HOSPITAL_STAFF
TONES = {
    HalfYearState.DRAFT: Tone.DUE, HalfYearState.SUBMITTED: Tone.INFO, HalfYearState.RETURNED: Tone.BAD,
    HalfYearState.ACCEPTED: Tone.OK,
}  # fmt: skip
MANAGER_TONES = {
    ManagerStanding.MET: Tone.OK, ManagerStanding.NONE: Tone.BAD, ManagerStanding.NOT_ON_FILE: Tone.DUE,
    ManagerStanding.GRADE_UNKNOWN: Tone.DUE, ManagerStanding.NOT_NEEDED: Tone.QUIET,
}  # fmt: skip
OVERDUE, LATE, IN_TIME, WAITING = _("逾期未报"), _("逾期报送"), _("按时报送"), _("未到期限")
TIMING = [("overdue", OVERDUE), ("late", LATE), ("in_time", IN_TIME), ("waiting", WAITING)]
YEARS = [(str(year), str(year)) for year in range(2026, 2041)]
HALVES = [("1", _("上半年")), ("2", _("下半年"))]


def half_year_badge(report: HalfYearReport) -> State:
    """Return how a report stands."""
    state = HalfYearState(report.state)
    return State(state.label, TONES[state])


def timing(report: HalfYearReport) -> State:
    """Return whether it came in time; by its first submission."""
    if report.is_overdue(timezone.localdate()):
        return State(OVERDUE, Tone.BAD)
    if report.first_submitted_on is None:
        return State(WAITING, Tone.QUIET)
    return State(LATE, Tone.DUE) if report.is_late else State(IN_TIME, Tone.OK)


def period_name(report: HalfYearReport) -> str:
    """Return the half-year in words."""
    text = gettext("%(year)s 年上半年") if report.half == 1 else gettext("%(year)s 年下半年")
    return text % {"year": report.year}


def manager_badge(standing: str) -> State | Text:
    """Return whether the full-time manager is there; empty before it was submitted."""
    if not standing:
        return ""
    found = ManagerStanding(standing)
    return State(found.label, MANAGER_TONES[found])


def _timing(rows: QuerySet[Any], value: str, _actor: ListActor) -> QuerySet[Any]:
    today = timezone.localdate()
    if value == "overdue":
        return never_submitted(rows, today)
    if value == "waiting":
        return rows.filter(first_submitted_on=None, due_on__gte=today)
    late = rows.filter(first_submitted_on__gt=F("due_on"))
    return late if value == "late" else rows.filter(first_submitted_on__lte=F("due_on"))


def _counted(name: str) -> Callable[[HalfYearReport], int | None]:
    """Return what shows a count of a report: none until it is submitted, for none is frozen before."""
    return lambda row: None if row.is_with_hospital else getattr(row, name)


class HalfYearReportList(List["HalfYearReport"]):
    """Reports, the newest half-year first."""

    key = "half-year-reports"
    title = _("医疗机构半年报告")
    intro = _("半年结束后自动生成，数据取自台账。医疗机构核对、说明后报送，监管部门审核。")
    roles = READERS
    columns = (
        Column("number", _("报告编号"), lead=True, code=True),
        Column("entity__name", _("医疗机构")),
        Column("year", _("半年"), value=period_name, sort=True),
        Column("state", _("状态"), value=half_year_badge),
        Column("due_on", _("报送期限"), sort=True),
        Column("timing", _("是否按时"), value=timing),
        Column("in_use", _("在用"), value=_counted("in_use"), numeric=True),
        Column("due", _("应检"), value=_counted("due"), numeric=True),
        Column("valid", _("检定有效"), value=_counted("valid"), numeric=True),
        Column("unconfirmed", _("自报待核实"), value=_counted("unconfirmed"), numeric=True, shown=False),
        Column("overdue", _("未有效检定"), value=_counted("overdue"), numeric=True),
        Column("stopped", _("停用"), value=_counted("stopped"), numeric=True, shown=False),
        Column("manager", _("专职计量管理人员"), value=lambda row: manager_badge(row.manager)),
        Column("first_submitted_on", _("首次报送日期"), shown=False),
        Column("area__full_name", _("行政区划"), shown=False),
    )
    filters = (
        Choice(key="state", label=_("状态"), choices=HalfYearState.choices),
        Choice(key="timing", label=_("是否按时"), choices=TIMING, narrow=_timing),
        Choice(key="year", label=_("年度"), choices=YEARS, first=False),
        Choice(key="half", label=_("半年"), choices=HALVES),
        Choice(key="manager", label=_("专职计量管理人员"), choices=ManagerStanding.choices, first=False),
        area_filter(),
        Search(label=_("报告编号，或医疗机构名称的开头"), equals=("number",), starts=("entity__name",)),
        DateRange(key="due_on", label=_("报送期限"), first=False),
    )
    default_sort = "-due_on"
    empty_title = _("暂无半年报告。")
    empty_text = _("每个半年结束后，为档案已确认的医疗机构生成报告。")

    def rows(self, actor: Any) -> QuerySet[HalfYearReport]:
        return half_year_reports(actor)

    def row_url(self, row: HalfYearReport) -> str:
        return page_of("half_year_page", row.pk)
