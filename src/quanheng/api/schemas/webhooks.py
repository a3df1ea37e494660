"""Webhooks: where what changed is sent, and what was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop
from ninja import Field, Schema

from quanheng.api.schemas.common import Instant, shown, strict
from quanheng.apps.changes.enums import ChangeKind, DeliveryType, SubscriptionState

if TYPE_CHECKING:
    from quanheng.apps.changes.subscriptions import Delivery

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - the example of the specification
WEBHOOK = {
    "id": 3,
    "url": "https://city.example.cn/hooks/quanheng",
    "kinds": ["instrument", "seal"],
    "state": "active",
    "why": "",
    "made_at": "2026-11-30T09:00:00+08:00",
    "worked_at": "2026-11-30T09:05:00+08:00",
    "failing_since": None,
}
WHOSE = gettext_noop("签名密钥：whsec_ 加 24 至 64 字节的 base64，由接收方生成并自行保存，平台不再返回")


class WebhookIn(Schema):
    """Where to send what changes from now on."""

    model_config = strict({"url": WEBHOOK["url"], "kinds": ["instrument", "seal"], "secret": SECRET})
    url: str = Field(max_length=500, description=gettext_noop("公网的 https 地址"))
    kinds: list[ChangeKind] = Field([], description=gettext_noop("推送的对象；不填为全部"))
    secret: str = Field(max_length=100, description=WHOSE)


class SecretIn(Schema):
    """Another secret; for 24 hours the former one signs as well."""

    model_config = strict({"secret": SECRET})
    secret: str = Field(max_length=100, description=WHOSE)


class WebhookOut(Schema):
    """A webhook of the key."""

    model_config = shown(WEBHOOK)
    id: int
    url: str
    kinds: list[ChangeKind] = Field(description=gettext_noop("推送的对象；为空的，全部推送"))
    state: SubscriptionState
    why: str = Field(description=gettext_noop("停用或结束的原因"))
    made_at: Instant
    worked_at: Instant | None = Field(description=gettext_noop("最近一次送达"))
    failing_since: Instant | None = Field(description=gettext_noop("从何时起未能送达；正常的为空"))


class WebhookPage(Schema):
    """Webhooks of the key, and the address of the next page."""

    model_config = shown({"items": [WEBHOOK], "next": None})
    items: list[WebhookOut]
    next: str | None


DELIVERY = {
    "id": 41,
    "key": "msg_5d41402abc4b2a76b9719d91",
    "type": "ledger.changed",
    "at": "2026-11-30T09:00:00+08:00",
    "attempts": 1,
    "delivered_at": "2026-11-30T09:00:02+08:00",
    "given_up_at": None,
    "due_at": None,
    "status": 204,
    "milliseconds": 87,
    "answer": "",
}


class DeliveryOut(Schema):
    """One message, and what the receiver answered to the last attempt."""

    model_config = shown(DELIVERY)
    id: int
    key: str = Field(description=gettext_noop("即 webhook-id，每次尝试相同"))
    type: DeliveryType = Field(
        description=gettext_noop("ledger.changed 变更、changes.lost 变更不完整须全量读取、webhook.test 测试")
    )
    at: Instant
    attempts: int
    delivered_at: Instant | None
    given_up_at: Instant | None
    due_at: Instant | None = Field(description=gettext_noop("下次发送；已送达或停止发送的为空"))
    status: int | None = Field(description=gettext_noop("接收方的应答状态码；没有应答的为空"))
    milliseconds: int | None
    answer: str = Field(description=gettext_noop("应答的开头，或没有应答的原因"))

    @staticmethod
    def resolve_due_at(row: Delivery) -> object:
        return None if row.delivered_at or row.given_up_at else row.due_at


class DeliveryPage(Schema):
    """Messages of a webhook, the oldest first."""

    model_config = shown({"items": [DELIVERY], "next": None})
    items: list[DeliveryOut]
    next: str | None
