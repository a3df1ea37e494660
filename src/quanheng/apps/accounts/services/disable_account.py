"""停用、恢复账号. A disabled person is out at once: their sessions end with the act."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanheng.apps.accounts import acts, refusals
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.models import User
from quanheng.apps.accounts.permissions import check_is_system_administrator
from quanheng.apps.accounts.services.sign_in import end_sessions
from quanheng.apps.audit.services import record


def disable_account(*, user_id: int, reason: str, by: Actor, at: datetime) -> User:
    """Close an account and end its sessions.

    Raises:
        RuleBroken: no_reason, account_not_found, own_account, already_so.
        NotYours: only the system administrator may.
    """
    if not reason.strip():
        raise refusals.NO_REASON_TO_DISABLE()
    if by.user_id == user_id:
        raise refusals.OWN_ACCOUNT_STAYS()
    return _set_active(user_id, False, reason, by, at)


def enable_account(*, user_id: int, reason: str = "", by: Actor, at: datetime) -> User:
    """Open a closed account again. Its roles are those that were not ended meanwhile."""
    return _set_active(user_id, True, reason, by, at)


def _set_active(user_id: int, active: bool, reason: str, by: Actor, at: datetime) -> User:
    check_is_system_administrator(by)
    with transaction.atomic():
        user = locked_user(user_id)
        if user.is_active is active:
            raise refusals.ALREADY_SO()
        user.is_active = active
        user.save(update_fields=["is_active"])
        end_sessions(user.pk)
        record(
            acts.ACCOUNT_CHANGED, by=by, at=at, subject=user.username, reason=reason,
            before={"is_active": not active}, after={"is_active": active},
        )  # fmt: skip
    return user


def locked_user(user_id: int) -> User:
    """Lock a person's row for an act on their account.

    Raises:
        RuleBroken: account_not_found.
    """
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise refusals.ACCOUNT_NOT_FOUND()
    return user
