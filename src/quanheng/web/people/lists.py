"""Lists of invitations, and of requests for an account."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.acts import UNITS
from quanheng.apps.people.acts import ACCOUNT_REQUEST_GRANTED
from quanheng.apps.people.enums import (
    AccountRequestState,
    InvitationEnd,
    InvitationPurpose,
    InvitationWay,
)
from quanheng.apps.people.queries import account_requests, invitations
from quanheng.kit.fields import mask_name, mask_phone
from quanheng.kit.lists import Choice, Column, DateRange, List, ListActor, Search
from quanheng.kit.tones import State, Text, Tone
from quanheng.web.addresses import page_of
from quanheng.web.filters import area_filter
from quanheng.web.people.words import DOUBTS

if TYPE_CHECKING:
    from quanheng.apps.people.models import AccountRequest, Invitation

TONES = {
    InvitationEnd.TAKEN_UP: Tone.OK, InvitationEnd.REVOKED: Tone.QUIET, InvitationEnd.LOCKED: Tone.BAD,
    InvitationEnd.REPLACED: Tone.QUIET,
}  # fmt: skip
OPEN, EXPIRED = _("待开通"), _("已过期")
STANDING = [("open", OPEN), ("expired", EXPIRED), *InvitationEnd.choices]
DOUBTED = [("1", _("与签发人有关")), ("lately", _("与签发人有关，近 30 天开通"))]
LATELY = timedelta(days=30)  # so long the desk tells it
REQUEST_TONES = {
    AccountRequestState.WAITING: Tone.DUE, AccountRequestState.GRANTED: Tone.OK,
    AccountRequestState.REFUSED: Tone.BAD,
}  # fmt: skip


def invitation_badge(invitation: Invitation) -> State:
    """Return how an invitation stands."""
    if invitation.end:
        how = InvitationEnd(invitation.end)
        return State(how.label, TONES[how])
    is_open = invitation.is_open(timezone.now())
    return State(OPEN, Tone.DUE) if is_open else State(EXPIRED, Tone.QUIET)


def doubts(invitation: Invitation) -> State | Text:
    """Return what of the newcomer is as the issuer's; empty for nothing."""
    return State(DOUBTS[invitation.doubt], Tone.BAD) if invitation.doubt else ""


def unit_name(invitation: Invitation) -> str:
    """Return to whom somebody is invited."""
    return str(invitation.entity or invitation.agency or "")


def request_badge(request: AccountRequest) -> State:
    """Return how a request stands."""
    state = AccountRequestState(request.state)
    return State(state.label, REQUEST_TONES[state])


def _standing(rows: QuerySet[Any], value: str, _actor: ListActor) -> QuerySet[Any]:
    now = timezone.now()
    if value == "open":
        return rows.filter(end="", expires_at__gt=now)
    return rows.filter(end="", expires_at__lte=now) if value == "expired" else rows.filter(end=value)


def _doubted(rows: QuerySet[Any], value: str, _actor: ListActor) -> QuerySet[Any]:
    doubted = rows.exclude(doubt="")
    return doubted.filter(ended_at__gte=timezone.now() - LATELY) if value == "lately" else doubted


class InvitationList(List["Invitation"]):
    """Who was invited, by whom, when, by which way, and what became of it."""

    key = "account-invitations"
    title = _("账号邀请")
    intro = _("凭邀请开通的账号可追溯到签发人。一次性码只在签发时显示，系统不留存。")
    roles = UNITS
    columns = (
        Column("number", _("邀请编号"), lead=True, code=True),
        Column("unit", _("单位"), value=unit_name),
        Column("purpose", _("用途"), value=lambda row: InvitationPurpose(row.purpose).label),
        Column("standing", _("状态"), value=invitation_badge),
        Column("way", _("送达方式"), value=lambda row: InvitationWay(row.way).label),
        Column("name", _("受邀人")),
        Column("issued_by_name", _("签发人")),
        Column("issued_at", _("签发时间"), sort=True),
        Column("expires_at", _("有效期至"), shown=False),
        Column("taken_up_by__name", _("开通人")),
        Column("doubt", _("存疑"), value=doubts),
        Column("tries", _("输错次数"), numeric=True, shown=False),
    )
    filters = (
        Choice(key="standing", label=_("状态"), choices=STANDING, narrow=_standing),
        Choice(key="purpose", label=_("用途"), choices=InvitationPurpose.choices),
        Choice(key="doubted", label=_("存疑"), choices=DOUBTED, narrow=_doubted),
        Search(label=_("邀请编号、受邀人或签发人（开头）"), starts=("number", "name", "issued_by_name")),
        DateRange(key="issued_at", label=_("签发时间"), on_time=True, first=False),
    )
    default_sort = "-issued_at"
    empty_title = _("暂无账号邀请。")
    empty_text = _("在主体档案页或“本单位账号”页签发。")

    def rows(self, actor: Any) -> QuerySet[Invitation]:
        return invitations(actor)

    def row_url(self, row: Invitation) -> str:
        return page_of("invitation_page", row.pk)


class AccountRequestList(List["AccountRequest"]):
    """Who asks for the account of an entity."""

    key = "account-requests"
    title = _("账号开通申请")
    intro = _("使用单位自行提出。请先核实申请人身份再同意；申请人不知道该单位是否已建档、有无账号。")
    roles = ACCOUNT_REQUEST_GRANTED.who
    columns = (
        Column("number", _("申请编号"), lead=True, code=True),
        Column("state", _("状态"), value=request_badge),
        Column("code", _("代码"), code=True),
        Column("entity__name", _("主体")),
        Column("name", _("申请人"), value=lambda row: mask_name(row.name)),
        Column("phone", _("手机号"), value=lambda row: mask_phone(row.phone), shown=False),
        Column("received_at", _("收到时间"), sort=True),
        Column("decided_by__name", _("审核人"), shown=False),
        Column("decided_at", _("审核时间"), shown=False),
        Column("area__full_name", _("行政区划"), shown=False),
    )
    filters = (
        Choice(key="state", label=_("状态"), choices=AccountRequestState.choices),
        area_filter(),
        Search(label=_("申请编号或代码"), equals=("number", "code")),
        DateRange(key="received_at", label=_("收到时间"), on_time=True, first=False),
    )
    default_sort = "-received_at"
    empty_title = _("暂无账号开通申请。")
    empty_text = _("使用单位在登录页“申请开通账号”提出的申请列在这里。")

    def rows(self, actor: Any) -> QuerySet[AccountRequest]:
        return account_requests(actor)

    def row_url(self, row: AccountRequest) -> str:
        return page_of("account_request_page", row.pk)
