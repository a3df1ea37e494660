"""Which instrument was reminded of, for which day, how long before."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from quanheng.kit.scope import ScopedManager


class Reminder(models.Model):
    """One instrument in one message; without a message nobody of its entity could be reached."""

    scope_fields = {"area": "area_id", "entity": "instrument__entity_id", "root": "root_id"}

    instrument = models.ForeignKey(
        "instruments.Instrument", models.CASCADE, related_name="+", verbose_name=_("器具"), db_index=False
    )
    root = models.ForeignKey(
        "registry.Entity", models.PROTECT, related_name="+", verbose_name=_("顶层主体"), db_constraint=False,
        db_index=False,
    )  # fmt: skip
    area = models.ForeignKey(
        "accounts.Area", models.PROTECT, related_name="+", verbose_name=_("行政区划"), db_constraint=False,
        db_index=False,
    )  # fmt: skip
    due_on = models.DateField(_("有效期至"))
    days_before = models.PositiveSmallIntegerField(_("提前天数"), help_text="0: 已超期")
    message = models.ForeignKey(
        "outbox.Message", models.SET_NULL, null=True, related_name="+", verbose_name=_("消息")
    )
    at = models.DateTimeField(_("时间"))

    objects = ScopedManager["Reminder"]()

    class Meta:
        verbose_name = _("到期提醒")
        constraints = [
            models.UniqueConstraint(fields=["instrument", "due_on", "days_before"], name="reminded_once")
        ]
        indexes = [
            models.Index(fields=["area", "id"], name="reminder_in_area"),
            models.Index(fields=["root", "id"], name="reminder_of_root"),
        ]

    def __str__(self) -> str:
        return f"{self.instrument_id} {self.due_on} -{self.days_before}"
