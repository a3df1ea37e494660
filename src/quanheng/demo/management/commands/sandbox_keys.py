"""`quanheng sandbox-keys`: the keys of the sandbox, the same every day; `up --sandbox` runs it."""

from __future__ import annotations

import json
import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from quanheng.apps.accounts.key_queries import SANDBOX_KEYS
from quanheng.apps.accounts.services.give_sandbox_key import give_sandbox_key
from quanheng.demo.people import actor
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in

HOLDERS = ("xian", "shichang", "yiyuan", "jianding")


class Command(BaseCommand):
    help = "Give the sandbox its keys (a demonstration alone); they are shown at /api/."

    def handle(self, *_args: Any, **_options: Any) -> None:
        file = settings.DATA_DIR / SANDBOX_KEYS
        before = json.loads(file.read_text()) if file.exists() else []
        kept = {row["username"]: row["token"] for row in before}
        try:
            rows = [self._given(number, name, kept) for number, name in enumerate(HOLDERS, 1)]
        except RuleBroken as refusal:
            raise CommandError(refusal.message) from None
        file.write_text(json.dumps(rows, ensure_ascii=False, indent=1))

    def _given(self, number: int, username: str, kept: dict[str, str]) -> dict[str, str]:
        secret = kept.get(username, "").rpartition("_")[2] or secrets.token_hex(24)
        holder = actor(username)
        with acting_in(EVERYTHING):
            token = give_sandbox_key(
                number=number, secret=secret, holder=holder, by=actor("xitong"), at=timezone.now()
            )
        return {"username": username, "role": str(holder.role), "token": token}
