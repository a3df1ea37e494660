"""Keys with which programs speak to the API."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import KeyScope


class ApiKey(models.Model):
    """A key of the API. It acts as its holder's appointment: same role, same rows, and ends with it.

    An administrator issues a key, but only its holder sees the secret, once, when collecting it. Kept is
    the SHA-256 of 256 random bits (nothing to guess, so no slow hash); before, `secret_hash` is empty.
    """

    prefix = models.CharField(_("密钥前缀"), max_length=12, unique=True)
    secret_hash = models.CharField(_("密钥摘要"), max_length=64, blank=True)
    name = models.CharField(_("用途"), max_length=60)
    appointment = models.ForeignKey(
        "accounts.Appointment", models.PROTECT, related_name="api_keys", verbose_name=_("持有岗位")
    )
    scopes = ArrayField(models.CharField(max_length=24, choices=KeyScope), verbose_name=_("权限"))
    per_minute = models.PositiveIntegerField(_("每分钟请求数"), default=600)
    issued_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("签发人"))
    issued_at = models.DateTimeField(_("签发时间"))
    collected_at = models.DateTimeField(_("领取时间"), null=True)
    expires_on = models.DateField(_("有效期至"))
    revoked_at = models.DateTimeField(_("吊销时间"), null=True)
    last_used_on = models.DateField(_("最近使用日期"), null=True)

    class Meta:
        verbose_name = _("接口密钥")
        constraints = [
            models.CheckConstraint(condition=models.Q(scopes__len__gt=0), name="key_has_scopes"),
            models.CheckConstraint(condition=models.Q(per_minute__gt=0), name="key_has_allowance"),
            models.CheckConstraint(
                condition=models.Q(secret_hash="", collected_at__isnull=True)
                | ~models.Q(secret_hash="") & models.Q(collected_at__isnull=False),
                name="key_collected_with_secret",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} qh_{self.prefix}"
