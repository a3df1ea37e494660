"""Sessions in the database, each bound to the person who signed in: the row, and the store that writes it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

DEVICE_KEY = "device"
BEGAN_KEY = "began_at"  # seconds since 1970


class Session(AbstractBaseSession):
    """A sign-in that lasts, with the person it belongs to, so that it can be listed and ended."""

    user = models.ForeignKey(
        "accounts.User", models.CASCADE, null=True, related_name="sessions", verbose_name=_("用户")
    )
    began_at = models.DateTimeField(_("登录时间"))
    device = models.CharField(_("设备"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("会话")

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        return SessionStore


class SessionStore(DatabaseStore):
    """Django's database store with the user's id copied into a column."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        began = data.get(BEGAN_KEY)
        row.began_at = datetime.fromtimestamp(began, UTC) if began else timezone.now()
        row.device = str(data.get(DEVICE_KEY, ""))[:200]
        return row
