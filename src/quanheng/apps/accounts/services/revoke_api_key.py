"""吊销接口密钥: from the next request on the key opens nothing."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanheng.apps.accounts import acts, refusals
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.api_keys import ApiKey
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.services.issue_api_key import locked_key, log_key

REVOKERS = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR})


def revoke_api_key(*, key_id: int, reason: str, by: Actor, at: datetime) -> ApiKey:
    """End a key: the administrators any, a holder their own.

    Raises:
        RuleBroken: key_not_found, already_revoked, no_reason.
        NotYours: the key is somebody else's.
    """
    with transaction.atomic():
        key = locked_key(key_id)
        if by.role not in REVOKERS and key.appointment.user_id != by.user_id:
            raise refusals.KEY_NOT_YOURS_TO_REVOKE()
        if key.revoked_at:
            raise refusals.ALREADY_REVOKED()
        if not reason.strip():
            raise refusals.NO_REASON_TO_REVOKE()
        key.revoked_at = at
        key.save(update_fields=["revoked_at"])
        log_key(acts.KEY_REVOKED, key, by=by, at=at, reason=reason.strip())
    return key
