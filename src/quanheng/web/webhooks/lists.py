"""The list of webhooks: whoever keeps the keys sees all, everybody else their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quanheng.apps.changes.enums import SubscriptionState
from quanheng.apps.changes.queries.standing import standing
from quanheng.apps.changes.queries.subscriptions import held, kinds_named, subscriptions, troubled
from quanheng.kit.lists import Choice, Column, Flag, List
from quanheng.kit.tones import State, Tone
from quanheng.web.addresses import page_of
from quanheng.web.parts import Link

if TYPE_CHECKING:
    from quanheng.apps.changes.subscriptions import Subscription

TONES = {
    SubscriptionState.ACTIVE: Tone.OK,
    SubscriptionState.PAUSED: Tone.DUE,
    SubscriptionState.DISABLED: Tone.BAD,
    SubscriptionState.ENDED: Tone.QUIET,
}


def badge(row: Subscription) -> State:
    """Return how a webhook stands; one that does not arrive is shown as such before it is disabled."""
    state = SubscriptionState(row.state)
    if state == SubscriptionState.ACTIVE and row.failing_since:
        return State(_("未送达"), Tone.BAD)
    return State(state.label, TONES[state])


class Troubled(Flag):
    """Those that do not arrive, or were disabled."""

    def apply(self, rows: Any, value: bool, actor: Any) -> Any:
        found = troubled(actor).values("pk")
        return rows.filter(pk__in=found) if value else rows.exclude(pk__in=found)


class Held(Flag):
    """Those that wait to be released after a restore."""

    def apply(self, rows: Any, value: bool, actor: Any) -> Any:
        found = held(actor, standing()).values("pk")
        return rows.filter(pk__in=found) if value else rows.exclude(pk__in=found)


class WebhookList(List["Subscription"]):
    """Webhooks, the newest first."""

    key = "webhooks"
    title = _("推送")
    intro = _("台账有变更时，通知其他系统。只推送密钥范围内的变更，不含个人信息；密钥失效即结束。")
    columns = (
        Column("url", _("接收地址"), lead=True, code=True),
        Column("state", _("状态"), value=badge),
        Column("kinds", _("推送的对象"), value=lambda row: kinds_named(row.kinds)),
        Column("key__name", _("密钥用途")),
        Column("key__appointment__user__name", _("持有人")),
        Column("worked_at", _("最近送达")),
        Column("made_at", _("登记时间"), shown=False),
    )
    filters = (
        Choice(key="state", label=_("状态"), choices=SubscriptionState.choices),
        Troubled(key="trouble", label=_("未送达或已停用")),
        Held(key="held", label=_("待放行")),
    )
    empty_title = _("暂无推送")
    empty_text = _("持有 read:ledger 密钥的，可以登记接收地址；也可以用接口定时读取变更记录。")

    def rows(self, actor: Any) -> QuerySet[Subscription]:
        return subscriptions(actor)

    def row_url(self, row: Subscription) -> str:
        return page_of("webhook_page", row.pk)

    def acts(self, actor: Any) -> Sequence[Link]:  # noqa: ARG002 - whoever has a key may; the form says so
        return (
            Link(_("登记推送"), reverse("webhook_new"), "plus", primary=True),
            Link(_("接口密钥"), reverse("key_list"), "lock"),
        )
