"""Messages written in the act's transaction and delivered later by a job."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Message(models.Model):
    """One message to the outside world.

    It waits until `delivered_at` or `given_up_at` is set; then nobody tries any more.
    """

    at = models.DateTimeField(_("时间"))
    topic = models.CharField(_("主题"), max_length=60)
    payload = models.JSONField(_("内容"))
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    due_at = models.DateTimeField(_("下次发送"))
    delivered_at = models.DateTimeField(_("已发送"), null=True)
    given_up_at = models.DateTimeField(_("停止发送"), null=True)
    sent_to = models.CharField(_("收件人"), max_length=60, blank=True, help_text=_("已遮盖"))
    last_error = models.CharField(_("最近错误"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("待发消息")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(delivered_at=None) | models.Q(given_up_at=None),
                name="delivered_or_given_up",
            )
        ]
        indexes = [
            models.Index(
                fields=["topic", "due_at"], name="message_waiting",
                condition=models.Q(delivered_at__isnull=True, given_up_at__isnull=True),
            ),
            models.Index(
                fields=["given_up_at"], name="message_given_up",
                condition=models.Q(given_up_at__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.topic} {self.at:%Y-%m-%d %H:%M}"

    @property
    def key(self) -> str:
        """What a provider knows it by, the same at every attempt; no other installation has it."""
        return f"{self.at.timestamp():.0f}-{self.pk}"
