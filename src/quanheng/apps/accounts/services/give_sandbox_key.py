"""沙箱密钥: keys that everybody may read, which open invented data alone (ADR 0048)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from quanheng.apps.accounts import acts, refusals
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.api_keys import ApiKey
from quanheng.apps.accounts.demonstration import is_demonstration
from quanheng.apps.accounts.enums import KeyScope
from quanheng.apps.accounts.key_queries import SANDBOX, hash_of
from quanheng.apps.accounts.services.issue_api_key import log_key

LASTS = timedelta(days=30)  # the sandbox begins anew every night


def give_sandbox_key(*, number: int, secret: str, holder: Actor, by: Actor, at: datetime) -> str:
    """Enter a key of the sandbox with all scopes; return the whole key, the same for the same secret.

    Raises:
        RuleBroken: not_a_demonstration: its database is an office's.
    """
    if not is_demonstration():
        raise refusals.NO_SANDBOX_HERE()
    prefix = f"{SANDBOX}{number}"
    with transaction.atomic():
        if not ApiKey.objects.filter(prefix=prefix).exists():
            key = ApiKey.objects.create(
                prefix=prefix, secret_hash=hash_of(secret), name="沙箱", scopes=sorted(KeyScope),
                appointment_id=holder.appointment_id or 0, issued_by_id=by.user_id or 0, issued_at=at,
                collected_at=at, expires_on=timezone.localdate(at) + LASTS,
            )  # fmt: skip
            log_key(acts.KEY_ISSUED, key, by=by, at=at)
    return f"qh_{prefix}_{secret}"
