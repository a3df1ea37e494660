"""The list of keys: administrators see all, everybody else their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import ENTITY_ROLES, KeyState, Role
from quanheng.apps.accounts.key_queries import keys_shown_to, state_of, waiting_for
from quanheng.apps.accounts.services.revoke_api_key import REVOKERS
from quanheng.kit.lists import Column, Flag, List, Search
from quanheng.kit.tones import State, Tone
from quanheng.web.addresses import page_of
from quanheng.web.parts import Link

if TYPE_CHECKING:
    from quanheng.apps.accounts.api_keys import ApiKey

ISSUERS = ENTITY_ROLES | {Role.SYSTEM_ADMINISTRATOR}
TONES = {
    KeyState.ISSUED: Tone.DUE,
    KeyState.IN_USE: Tone.OK,
    KeyState.EXPIRED: Tone.QUIET,
    KeyState.REVOKED: Tone.BAD,
}


def badge(key: ApiKey) -> State:
    """Return how a key stands, as a badge."""
    state = state_of(key, timezone.localdate())
    return State(state.label, TONES[state])


class Waiting(Flag):
    """Those that wait to be collected by whoever looks."""

    def apply(self, rows: Any, value: bool, actor: Any) -> Any:
        found = waiting_for(actor, timezone.localdate()).values("pk")
        return rows.filter(pk__in=found) if value else rows.exclude(pk__in=found)


class KeyList(List["ApiKey"]):
    """Keys, the newest first."""

    key = "keys"
    title = _("接口密钥")
    intro = _("其他系统用密钥访问接口，只能做持有人在其岗位上能做的事。密钥只在领取时显示一次。")
    columns = (
        Column("name", _("用途"), lead=True),
        Column("state", _("状态"), value=badge),
        Column("prefix", _("前缀")),
        Column("appointment__user__name", _("持有人")),
        Column("role", _("岗位"), value=lambda key: key.appointment.get_role_display()),
        Column("expires_on", _("有效期至"), sort=True),
        Column("last_used_on", _("最近使用")),
        Column("issued_at", _("签发时间"), shown=False),
    )
    filters = (
        Search(label=_("用途或前缀（开头）"), starts=("name", "prefix")),
        Waiting(key="waiting", label=_("待我领取")),
    )
    empty_title = _("暂无接口密钥")
    empty_text = _("与其他系统对接的，由系统管理员签发；使用单位可以为本单位签发。")

    def rows(self, actor: Any) -> QuerySet[ApiKey]:
        return keys_shown_to(actor, all_of_them=actor.role in REVOKERS)

    def row_url(self, row: ApiKey) -> str:
        return page_of("key_page", row.pk)

    def acts(self, actor: Any) -> Sequence[Link]:
        others = (
            Link(_("推送"), reverse("webhook_list"), "share"),
            Link(_("接口说明"), reverse("api_reference"), "book"),
            *([Link(_("沙箱"), f"{settings.SANDBOX_URL}/api/", "book")] if settings.SANDBOX_URL else ()),
        )
        if actor.role not in ISSUERS:
            return others
        return (Link(_("签发密钥"), reverse("key_new"), "plus", primary=True), *others)
