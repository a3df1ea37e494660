"""What the API itself has to remember: answers to repeat, and how fast each key goes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class IdempotentAnswer(models.Model):
    """The answer that a write got, kept with the act (same transaction) for whoever asks the same again."""

    key = models.ForeignKey("accounts.ApiKey", models.CASCADE, related_name="+", verbose_name=_("接口密钥"))
    name = models.CharField(_("幂等键"), max_length=80)
    request_hash = models.CharField(_("请求摘要"), max_length=64)
    status = models.PositiveSmallIntegerField(_("状态码"))
    headers = models.JSONField(_("响应头"), default=dict)
    body = models.TextField(_("响应"))
    answered_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("幂等应答")
        constraints = [models.UniqueConstraint(fields=["key", "name"], name="answer_once_per_key")]
        indexes = [models.Index(fields=["key", "answered_at"], name="answer_age")]

    def __str__(self) -> str:
        return f"{self.key_id} {self.name}"


class KeyPace(models.Model):
    """Until when a key is busy (see `pace`). The table is UNLOGGED: after a crash everybody starts anew."""

    key = models.OneToOneField(
        "accounts.ApiKey", models.CASCADE, primary_key=True, related_name="+", verbose_name=_("接口密钥")
    )
    busy_until = models.DateTimeField(_("占用至"))

    class Meta:
        verbose_name = _("接口速率")

    def __str__(self) -> str:
        return f"{self.key_id} {self.busy_until:%H:%M:%S}"
