"""Sessions in the database, each bound to the person who signed in (see `accounts.Session`)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

DEVICE_KEY = "device"
BEGAN_KEY = "began_at"  # seconds since 1970


class SessionStore(DatabaseStore):
    """Django's database store with the user's id copied into a column."""

    @classmethod
    def get_model_class(cls) -> type[Any]:
        from quanheng.apps.accounts.models import Session  # noqa: PLC0415 - apps load after settings

        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        began = data.get(BEGAN_KEY)
        row.began_at = datetime.fromtimestamp(began, UTC) if began else timezone.now()
        row.device = str(data.get(DEVICE_KEY, ""))[:200]
        return row
