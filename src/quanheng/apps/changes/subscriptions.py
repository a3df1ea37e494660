"""To whom changes are sent, and what was sent: the tables of the webhooks."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from quanheng.apps.changes.enums import ChangeKind, DeliveryType, SubscriptionState
from quanheng.kit.fields import EncryptedTextField


class Subscription(models.Model):
    """Changes within the reach of a key of the API, sent to an address. It ends with the key.

    It reads the changes as any program does (`xid`, `number`; `epoch`, `reach`), so that nothing is missed: a
    receiver that is away is waited for, and what a pause keeps back follows it. In another database than the
    one it reads in (a restored copy) nothing is sent until a person says so.
    """

    key = models.ForeignKey("accounts.ApiKey", models.PROTECT, related_name="+", verbose_name=_("接口密钥"))
    url = models.CharField(_("接收地址"), max_length=500)
    kinds = ArrayField(
        models.CharField(max_length=12, choices=ChangeKind), verbose_name=_("推送的对象"),
        help_text=_("为空的，全部推送"), default=list, blank=True,
    )  # fmt: skip
    secret = EncryptedTextField(_("签名密钥"))
    former_secret = EncryptedTextField(_("原签名密钥"), default="", blank=True)
    former_until = models.DateTimeField(_("原签名密钥有效至"), null=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=SubscriptionState, default=SubscriptionState.ACTIVE
    )
    why = models.CharField(_("停用或结束的原因"), max_length=200, blank=True)
    epoch = models.CharField(_("变更记录时期"), max_length=100)
    reach = models.CharField(_("范围摘要"), max_length=16)
    xid = models.BigIntegerField(_("事务号"))
    number = models.BigIntegerField(_("序号"), default=0)
    made_at = models.DateTimeField(_("登记时间"))
    worked_at = models.DateTimeField(_("最近送达"), null=True)
    failing_since = models.DateTimeField(_("未送达起始时间"), null=True)

    class Meta:
        verbose_name = _("推送")
        indexes = [models.Index(fields=["state"], name="subscription_to_serve")]

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """One message to the receiver; its `key` is the same at every attempt, so that nothing counts twice."""

    subscription = models.ForeignKey(
        Subscription, models.CASCADE, related_name="deliveries", verbose_name=_("推送"), db_index=False
    )
    key = models.CharField(_("消息编号"), max_length=40, unique=True)
    type = models.CharField(_("类型"), max_length=20, choices=DeliveryType)
    data = models.JSONField(_("内容"), default=dict)
    at = models.DateTimeField(_("时间"))
    due_at = models.DateTimeField(_("下次发送"))
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    delivered_at = models.DateTimeField(_("已发送"), null=True)
    given_up_at = models.DateTimeField(_("停止发送"), null=True)
    tried_at = models.DateTimeField(_("最近尝试"), null=True)
    status = models.PositiveSmallIntegerField(_("应答状态码"), null=True)
    milliseconds = models.PositiveIntegerField(_("用时（毫秒）"), null=True)
    answer = models.CharField(_("应答"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("推送消息")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(delivered_at=None) | models.Q(given_up_at=None),
                name="webhook_delivered_or_given_up",
            )
        ]
        indexes = [
            models.Index(fields=["subscription", "-id"], name="delivery_of_subscription"),
            models.Index(
                fields=["subscription", "due_at"], name="delivery_waiting",
                condition=models.Q(delivered_at__isnull=True, given_up_at__isnull=True),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.key
