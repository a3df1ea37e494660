"""The focus list: of an office's areas, or the entity's own rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import OFFICERS
from quanheng.apps.focus.acts import LISTED_ONES
from quanheng.apps.focus.enums import ON_LIST, FocusState
from quanheng.apps.focus.queries.listings import (
    focus_listings,
    objections_waiting,
    visits_due,
    visits_late,
)
from quanheng.kit.lists import Choice, Column, DateRange, List, ListActor, Pick, Search
from quanheng.kit.tones import State, Text, Tone
from quanheng.web.filters import area_filter

if TYPE_CHECKING:
    from quanheng.apps.focus.models import FocusListing

READERS = OFFICERS | LISTED_ONES
TONES = {
    FocusState.PROPOSED: Tone.DUE, FocusState.LISTED: Tone.BAD, FocusState.EXIT_PROPOSED: Tone.DUE,
    FocusState.DECLINED: Tone.QUIET, FocusState.WITHDRAWN: Tone.QUIET, FocusState.LEFT: Tone.OK,
    FocusState.LIFTED: Tone.QUIET,
}  # fmt: skip
LATE = _("逾期未检查")
WAITING = [
    ("on_list", _("在名单上")),
    ("visit", _("待检查")),
    ("late", LATE),
    ("objection", _("异议待答复")),
    ("doubted", _("依据有变化")),
]


def focus_badge(listing: FocusListing) -> State:
    """Return how a row stands."""
    state = FocusState(listing.state)
    return State(state.label, TONES[state])


def visit_badge(listing: FocusListing) -> State | Text:
    """Return whether the next visit is overdue; empty where none is asked for."""
    return State(LATE, Tone.BAD) if listing.is_late(timezone.localdate()) else ""


def next_visit(listing: FocusListing) -> Any:
    """Return until when the next visit is due; empty for whoever is not on the list."""
    return listing.next_visit_by if listing.is_on_list else None


def _waiting(rows: QuerySet[Any], value: str, _actor: ListActor) -> QuerySet[Any]:
    today = timezone.localdate()
    if value == "visit":
        return visits_due(rows, today)
    if value == "late":
        return visits_late(rows, today)
    if value == "objection":
        return objections_waiting(rows)
    on_list = rows.filter(state__in=ON_LIST)
    return on_list.filter(is_doubted=True) if value == "doubted" else on_list


def _of_entity(rows: QuerySet[Any], value: str, _actor: ListActor) -> QuerySet[Any]:
    return rows.filter(Q(entity_id=int(value)) | Q(root_id=int(value)))


class FocusListingList(List["FocusListing"]):
    """Who is proposed, on the list, or was: the newest first."""

    key = "focus-listings"
    title = _("重点监管名单")
    intro = _("连续抽查不合格的，由系统提议，未参加检查的人员决定列入。名单不对外公开。")
    roles = READERS
    columns = (
        Column("entity__name", _("单位"), lead=True),
        Column("state", _("状态"), value=focus_badge),
        Column("entered_on", _("达到列入条件日期"), sort=True),
        Column("listed_on", _("列入日期"), sort=True),
        Column("next_visit_by", _("下次检查期限"), value=next_visit, sort=True),
        Column("late", _("是否逾期"), value=visit_badge),
        Column("reason", _("提议依据")),
        Column("number", _("记录编号"), code=True, shown=False),
        Column("decided_by_name", _("决定人"), shown=False),
        Column("ended_on", _("移出或撤销日期"), shown=False),
        Column("area__full_name", _("行政区划"), shown=False),
    )
    filters = (
        Choice(key="state", label=_("状态"), choices=FocusState.choices),
        Choice(key="waiting", label=_("待办理"), choices=WAITING, narrow=_waiting),
        area_filter(),
        Search(label=_("记录编号，或单位名称的开头"), equals=("number",), starts=("entity__name",)),
        Pick(key="entity", label=_("单位"), source="entities", narrow=_of_entity, first=False),
        DateRange(key="next_visit_by", label=_("下次检查期限"), first=False),
    )
    default_sort = "-entered_on"
    empty_title = _("暂无重点监管记录。")
    empty_text = _("同一站点连续抽查不合格达到规定次数的，系统自动提议。")

    def rows(self, actor: Any) -> QuerySet[FocusListing]:
        return focus_listings(actor)

    def row_url(self, row: FocusListing) -> str:
        return reverse("focus_page", args=[row.pk])
