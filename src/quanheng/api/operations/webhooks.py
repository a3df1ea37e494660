"""Webhooks (ADR 0034): a program has what changes in its key's reach sent to an address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Query, Router, Status

from quanheng.api.cursors import page_of
from quanheng.api.operations.declaring import Paging, holder_of, reads, writes
from quanheng.api.schemas.webhooks import (
    DeliveryOut,
    DeliveryPage,
    SecretIn,
    WebhookIn,
    WebhookOut,
    WebhookPage,
)
from quanheng.apps.accounts.enums import KeyScope
from quanheng.apps.changes.queries.subscriptions import deliveries, subscription, subscriptions
from quanheng.apps.changes.services.change_subscription import (
    change_secret,
    end_subscription,
    pause_subscription,
    resume_subscription,
)
from quanheng.apps.changes.services.post_delivery import post_test, send_again
from quanheng.apps.changes.services.subscribe import subscribe

if TYPE_CHECKING:
    from quanheng.apps.changes.subscriptions import Subscription

router = Router(tags=["webhooks"])
ONE = "/webhooks/{int:webhook_id}"


def _own(request: HttpRequest, webhook_id: int) -> Subscription:
    holder = holder_of(request)
    return subscription(webhook_id, holder.actor, key_id=holder.key_id)


def _doing(request: HttpRequest, webhook_id: int) -> dict[str, Any]:
    row = _own(request, webhook_id)
    return {"subscription_id": row.pk, "by": holder_of(request).actor, "at": timezone.now()}


@router.get(
    "/webhooks",
    **reads(
        KeyScope.READ_LEDGER, WebhookPage, gettext_noop("推送列表"),
        gettext_noop("该密钥登记的推送，含已结束的。"),
    ),
)  # fmt: skip
def list_webhooks(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    holder = holder_of(request)
    rows = subscriptions(holder.actor, key_id=holder.key_id)
    return page_of(request, rows, cursor=paging.cursor, limit=paging.limit)


@router.post(
    "/webhooks",
    **writes(
        KeyScope.READ_LEDGER, WebhookOut, gettext_noop("登记推送"),
        gettext_noop(
            "此后的变更推送到该地址，按 Standard Webhooks 1.0 签名；至少一次，编号不变，不保证先后。"
            "未送达的三天内逐步重试。"
        ),
        headers=("Location",),
    ),
)  # fmt: skip
def make_webhook(request: HttpRequest, body: WebhookIn, response: HttpResponse) -> Any:
    holder = holder_of(request)
    row = subscribe(key_id=holder.key_id, **body.dict(), by=holder.actor, at=timezone.now())
    response["Location"] = f"{request.path}/{row.pk}"
    return Status(201, row)


@router.get(
    ONE,
    **reads(KeyScope.READ_LEDGER, WebhookOut, gettext_noop("一个推送"), gettext_noop("状态和最近一次送达。")),
)
def get_webhook(request: HttpRequest, webhook_id: int) -> Any:
    return _own(request, webhook_id)


@router.get(
    f"{ONE}/deliveries",
    **reads(
        KeyScope.READ_LEDGER, DeliveryPage, gettext_noop("推送消息"),
        gettext_noop("已发送和待发送的消息，按编号顺序；保留十四天，最多两千条。"),
    ),
)  # fmt: skip
def list_deliveries(request: HttpRequest, webhook_id: int, paging: Query[Paging]) -> dict[str, Any]:
    rows = deliveries(_own(request, webhook_id))
    return page_of(request, rows, cursor=paging.cursor, limit=paging.limit)


@router.post(
    f"{ONE}/pause",
    **writes(
        KeyScope.READ_LEDGER, WebhookOut, gettext_noop("暂停推送"), gettext_noop("其间的变更在恢复后补发。")
    ),
)
def pause(request: HttpRequest, webhook_id: int) -> Any:
    return Status(201, pause_subscription(**_doing(request, webhook_id)))


@router.post(
    f"{ONE}/resume",
    **writes(
        KeyScope.READ_LEDGER, WebhookOut, gettext_noop("恢复推送"),
        gettext_noop("从暂停或停用之处接着推送。"),
    ),
)  # fmt: skip
def resume(request: HttpRequest, webhook_id: int) -> Any:
    return Status(201, resume_subscription(**_doing(request, webhook_id)))


@router.post(
    f"{ONE}/end",
    **writes(
        KeyScope.READ_LEDGER, WebhookOut, gettext_noop("结束推送"), gettext_noop("不再推送，不能恢复。")
    ),
)
def end(request: HttpRequest, webhook_id: int) -> Any:
    return Status(201, end_subscription(**_doing(request, webhook_id)))


@router.post(
    f"{ONE}/secret",
    **writes(
        KeyScope.READ_LEDGER, WebhookOut, gettext_noop("更换签名密钥"),
        gettext_noop("立即用新密钥签名；此后 24 小时内原密钥也签名，便于接收方更换。"),
    ),
)  # fmt: skip
def rotate(request: HttpRequest, webhook_id: int, body: SecretIn) -> Any:
    return Status(201, change_secret(secret=body.secret, **_doing(request, webhook_id)))


@router.post(
    f"{ONE}/test",
    operation_id="test_webhook",
    **writes(
        KeyScope.READ_LEDGER, DeliveryOut, gettext_noop("发送测试消息"),
        gettext_noop("类型为 webhook.test，不含变更；结果见推送消息。"),
    ),
)  # fmt: skip
def test(request: HttpRequest, webhook_id: int) -> Any:
    return Status(201, post_test(_own(request, webhook_id), at=timezone.now()))


@router.post(
    f"{ONE}/deliveries/{{int:delivery_id}}/send-again",
    operation_id="send_delivery_again",
    **writes(
        KeyScope.READ_LEDGER, DeliveryOut, gettext_noop("重新发送"),
        gettext_noop("以同一编号再发送一次，无论是否已送达。"),
    ),
)  # fmt: skip
def resend(request: HttpRequest, webhook_id: int, delivery_id: int) -> Any:
    row, by = _own(request, webhook_id), holder_of(request).actor
    return Status(201, send_again(row, delivery_id, by=by, at=timezone.now()))
