"""Lists of the three administrators: people, agencies, areas; the log of acts and sign-ins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts import acts as accounts_acts
from quanheng.apps.accounts import queries
from quanheng.apps.accounts.enums import OFFICERS, AgencyKind, AreaLevel, Role
from quanheng.apps.audit import queries as audit
from quanheng.apps.registry import acts as registry_acts
from quanheng.kit.acts import choices
from quanheng.kit.lists import Choice, Column, DateRange, Flag, List, Search
from quanheng.kit.lists.filters import NotUnderstood
from quanheng.kit.tones import State, Tone
from quanheng.web.addresses import page_of
from quanheng.web.parts import Link

if TYPE_CHECKING:
    from quanheng.apps.accounts.models import Agency, Area, User
    from quanheng.apps.audit.models import Act

ACCOUNT_KEEPERS = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR})
LOG_READERS = frozenset({Role.AUDITOR, Role.AUDIT_ADMINISTRATOR})


def account_state(user: User) -> State:
    """Return how an account stands, as a badge."""
    if not user.is_active:
        return State(_("已停用"), Tone.BAD)
    return State(_("待首次登录"), Tone.DUE) if user.must_change_password else State(_("启用"), Tone.OK)


def roles_of(user: User) -> str:
    """Return the roles that a person holds today, by name."""
    today = timezone.localdate()
    return "、".join(str(held.get_role_display()) for held in user.appointments.all() if held.holds_on(today))


class BothSides(Flag):
    """People who act for an entity and supervise or verify as well: a role of theirs has to end."""

    def apply(self, rows: Any, value: bool, actor: Any) -> Any:  # noqa: ARG002 - the same for every keeper
        found = queries.on_both_sides(timezone.localdate()).values("pk")
        return rows.filter(pk__in=found) if value else rows.exclude(pk__in=found)


class AccountList(List["User"]):
    """People with a sign-in."""

    key = "accounts"
    title = _("账号与岗位")
    intro = _("账号由系统管理员开通，岗位由安全管理员授予。")
    roles = ACCOUNT_KEEPERS
    columns = (
        Column("username", _("登录名"), lead=True, sort=True),
        Column("name", _("姓名")),
        Column("state", _("状态"), value=account_state),
        Column("roles", _("现任岗位"), value=roles_of),
        Column("last_login", _("最近登录"), sort=True),
    )
    filters = (
        Search(label=_("登录名或姓名（开头）"), starts=("username", "name")),
        Flag(key="is_active", label=_("启用")),
        BothSides(key="both_sides", label=_("岗位冲突")),
    )
    empty_title = _("暂无账号")

    def rows(self, actor: Any) -> QuerySet[User]:  # noqa: ARG002 - every keeper sees all of them
        return queries.people()

    def row_url(self, row: User) -> str:
        return page_of("account_page", row.pk)

    def acts(self, actor: Any) -> Sequence[Link]:
        if actor.role is not Role.SYSTEM_ADMINISTRATOR:
            return ()
        return (Link(_("开通账号"), reverse("account_new"), "plus", primary=True),)


class AgencyList(List["Agency"]):
    """Offices, stations, institutes and departments."""

    key = "agencies"
    title = _("机构")
    roles = ACCOUNT_KEEPERS
    columns = (
        Column("name", _("名称"), lead=True, sort=True),
        Column("kind", _("类别")),
        Column("area__full_name", _("辖区")),
        Column("authorisation", _("授权证书编号"), shown=False),
    )
    filters = (
        Search(label=_("名称（开头）"), starts=("name",)),
        Choice(key="kind", label=_("类别"), choices=AgencyKind.choices),
    )
    empty_title = _("暂无机构")

    def rows(self, actor: Any) -> QuerySet[Agency]:  # noqa: ARG002 - every keeper sees all of them
        return queries.agencies()

    def acts(self, actor: Any) -> Sequence[Link]:
        if actor.role is not Role.SYSTEM_ADMINISTRATOR:
            return ()
        return (Link(_("设立机构"), reverse("agency_new"), "plus", primary=True),)


class AreaList(List["Area"]):
    """Divisions, those that ended included."""

    key = "divisions"
    title = _("行政区划")
    intro = _("区划只增不改：调整后旧区划停用，新区划接续，历史记录仍归旧区划。")
    roles = ACCOUNT_KEEPERS | OFFICERS
    default_sort = "code"
    columns = (
        Column("full_name", _("名称"), lead=True),
        Column("code", _("代码"), sort=True, code=True),
        Column("level", _("级别")),
        Column("valid_from", _("启用日期")),
        Column("valid_to", _("停用日期")),
    )
    filters = (
        Search(label=_("名称（开头）或代码"), starts=("name", "code")),
        Choice(key="level", label=_("级别"), choices=AreaLevel.choices),
    )

    def rows(self, actor: Any) -> QuerySet[Area]:  # noqa: ARG002 - every keeper sees all of them
        return queries.areas()

    def row_url(self, row: Area) -> str:
        return page_of("area_page", row.pk)


ALARMS = [
    (str(verb), verb.label) for verb in (registry_acts.PERSONAL_DATA_ALARM, accounts_acts.SIGN_IN_ALARM)
]


def _lately(rows: QuerySet[Act], verb: str, _actor: Any) -> QuerySet[Act]:
    return rows.filter(verb=verb, at__gte=timezone.now() - timedelta(days=7))


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryNumber(Search):
    """The number under which an act stands in the public log."""

    def read(self, query: QueryDict, actor: Any) -> str | None:  # noqa: ARG002 - as every filter
        text = query.get(self.key, "").strip()
        if text and not (text.isascii() and text.isdecimal() and len(text) < 19):
            raise NotUnderstood
        return text or None

    def apply(self, rows: QuerySet[Any], value: str, actor: Any) -> QuerySet[Any]:
        return rows.filter(pk__in=audit.entry_of_log(actor, int(value)).values("pk"))


class ActList(List["Act"]):
    """The log of acts: whole for its readers, of their own area for officers."""

    key = "acts"
    title = _("操作日志")
    intro = _("只增不改的记录：操作人、时间、岗位和事项。")
    roles = LOG_READERS | OFFICERS
    columns = (
        Column("verb", _("事项"), lead=True),
        Column("subject", _("对象")),
        Column("actor_name", _("操作人")),
        Column(
            "actor_role", _("岗位"), value=lambda act: dict(Role.choices).get(act.actor_role, act.actor_role)
        ),
        Column("at", _("时间")),
        Column("reason", _("事由"), shown=False),
    )
    filters = (
        Search(label=_("对象或操作人（开头）"), starts=("subject", "actor_name")),
        Choice(key="verb", label=_("事项"), choices=choices()),
        Choice(key="alarm", label=_("7 天内的异常"), choices=ALARMS, narrow=_lately),
        DateRange(key="at", label=_("日期"), on_time=True),
        EntryNumber(key="entry", label=_("公开记录序号"), first=False),
    )
    empty_title = _("暂无记录")

    def rows(self, actor: Any) -> QuerySet[Act]:
        return audit.acts(actor)

    def row_url(self, row: Act) -> str:
        return page_of("act_page", row.pk)
