"""The list of applications for verification: one row for each instrument."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import ENTITY_ROLES, INSTITUTE_STAFF, OFFICERS
from quanheng.apps.certificates import acts
from quanheng.apps.certificates.enums import HalfDay, LineState, PlaceOfWork
from quanheng.apps.certificates.queries.lines import lines_for
from quanheng.apps.certificates.queries.search import lines_with_number
from quanheng.apps.certificates.services.accept_applications import accept_applications
from quanheng.apps.certificates.services.cancel_application import cancel_application
from quanheng.apps.certificates.services.receive_application import return_application
from quanheng.kit.acts import Verb, may
from quanheng.kit.lists import (
    BulkAct,
    Choice,
    Column,
    DateRange,
    List,
    Outcome,
    Refused,
    Search,
    one_by_one,
)
from quanheng.kit.tones import State, Tone
from quanheng.regulation.verification_procedure import Move, Step, possible_moves
from quanheng.web.addresses import page_of
from quanheng.web.applications.forms import FirstDayForm, ReturnReasonForm
from quanheng.web.filters import area_filter
from quanheng.web.parts import Link

if TYPE_CHECKING:
    from quanheng.apps.certificates.models import ApplicationLine

TONES = {
    LineState.APPLIED: Tone.DUE,
    LineState.RETURNED: Tone.BAD,
    LineState.WITHDRAWN: Tone.QUIET,
    LineState.ISSUED: Tone.OK,
}
READERS = ENTITY_ROLES | OFFICERS | INSTITUTE_STAFF


def badge(line: ApplicationLine) -> State:
    """Return how a line stands, as a badge."""
    state = LineState(line.state)
    return State(state.label, TONES.get(state, Tone.INFO))


def half_day(line: ApplicationLine) -> str:
    """Return the booked half day in words; nothing while none is given."""
    return f"{line.booked_for} {HalfDay(line.half).label}" if line.booked_for else ""


def _why_not(verb: Verb, move: Move) -> Callable[[ApplicationLine, Actor], str | None]:
    def check(line: ApplicationLine, actor: Actor) -> str | None:
        if not may(verb, actor, line):
            return str(_("您的岗位不能办理此事项"))
        if move not in possible_moves(Step(line.state)):
            return str(_("当前状态为“%(state)s”，不能办理") % {"state": LineState(line.state).label})
        return None

    return check


def _accept(rows: Sequence[ApplicationLine], actor: Actor, at: datetime, data: dict[str, Any]) -> Outcome:
    by_pk = {row.pk: row for row in rows}
    done = accept_applications(line_ids=list(by_pk), first_day=data["first_day"], by=actor, at=at)
    return Outcome(len(done.lines), [Refused(by_pk[pk], why) for pk, why in done.refused.items()])


def _return(rows: Sequence[ApplicationLine], actor: Actor, at: datetime, data: dict[str, Any]) -> Outcome:
    reason = data["reason"]
    return one_by_one(rows, lambda row: return_application(line_id=row.pk, reason=reason, by=actor, at=at))


def _withdraw(rows: Sequence[ApplicationLine], actor: Actor, at: datetime, _data: dict[str, Any]) -> Outcome:
    return one_by_one(rows, lambda row: cancel_application(line_id=row.pk, by=actor, at=at))


def _bulk(verb: Verb, move: Move, **more: Any) -> BulkAct:
    return BulkAct(
        verb=verb, check=_why_not(verb, move), admits=lambda actor: may(verb, actor), most=500, **more
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberSearch(Search):
    """The number of an application or its beginning, a receipt, an instrument's serial number."""

    def apply(self, rows: QuerySet[Any], value: str, actor: Any) -> QuerySet[Any]:  # noqa: ARG002 - as every filter
        return lines_with_number(rows, value)


class ApplicationList(List["ApplicationLine"]):
    """Instruments on their way to a certificate."""

    key = "applications"
    title = _("检定申请")
    intro = _("一行一台器具，从申请到发证。")
    roles = READERS
    columns = (
        Column("instrument__serial_number", _("出厂编号"), lead=True, code=True),
        Column("instrument__name", _("器具名称")),
        Column("state", _("状态"), value=badge),
        Column("instrument__entity__name", _("使用单位")),
        Column("application__entity__name", _("申请单位"), shown=False),
        Column("institute__name", _("检定机构")),
        Column("application__wanted_on", _("期望日期")),
        Column("booked_for", _("预约时段"), sort=True, value=half_day),
        Column("slot", _("当日序号"), shown=False),
        Column(
            "application__place_of_work", _("检定方式"),
            value=lambda line: PlaceOfWork(line.application.place_of_work).label, shown=False,
        ),
        Column("application__number", _("申请编号"), code=True, shown=False),
        Column("receipt_number", _("受理编号"), code=True, shown=False),
        Column("area__full_name", _("行政区划"), shown=False),
        Column("return_reason", _("退回原因"), shown=False),
        Column("changed_at", _("最近办理"), sort=True),
    )  # fmt: skip
    filters = (
        NumberSearch(label=_("申请编号、受理编号、出厂编号")),
        Choice(key="state", label=_("状态"), choices=LineState.choices),
        DateRange(key="booked_for", label=_("预约日期")),
        area_filter(),
    )
    bulk_acts = (
        _bulk(acts.VERIFICATION_ACCEPTED, Move.ACCEPT, key="accept", label=_("受理"), run=_accept,
              icon="check", form=FirstDayForm),
        _bulk(acts.VERIFICATION_RETURNED, Move.RETURN, key="return", label=_("退回申请"), run=_return,
              icon="arrow-left", form=ReturnReasonForm, danger=True),
        _bulk(acts.VERIFICATION_WITHDRAWN, Move.WITHDRAW, key="withdraw", label=_("撤回申请"), run=_withdraw,
              icon="ban", danger=True),
    )  # fmt: skip
    empty_title = _("暂无检定申请")
    empty_text = _("使用单位申请检定后，每台器具在这里占一行。")

    def rows(self, actor: Any) -> QuerySet[ApplicationLine]:
        return lines_for(actor)

    def row_url(self, row: ApplicationLine) -> str:
        return page_of("application_page", row.application_id)

    def acts(self, actor: Any) -> Sequence[Link]:
        if not may(acts.VERIFICATION_APPLIED, actor):
            return ()
        return (Link(_("申请检定"), reverse("application_new"), "plus", primary=True),)
