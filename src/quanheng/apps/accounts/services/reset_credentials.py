"""重置密码、两步验证、解除锁定: the security administrator lets somebody in again."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from quanheng.apps.accounts import acts
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.models import User
from quanheng.apps.accounts.passwords import hand_out
from quanheng.apps.accounts.permissions import check_is_security_administrator
from quanheng.apps.accounts.services import sign_in
from quanheng.apps.accounts.services.create_account import random_password
from quanheng.apps.accounts.services.disable_account import locked_user
from quanheng.apps.audit.services import record


def reset_password(*, user_id: int, reason: str, by: Actor, at: datetime) -> tuple[User, str]:
    """Give an account a new first password, end its sessions and its lock.

    Returns:
        The user, and the password to hand over; it is kept nowhere.

    Raises:
        RuleBroken: account_not_found.
        NotYours: only another person who is security administrator may.
    """
    check_is_security_administrator(by, of_user=user_id)
    password = random_password()
    with transaction.atomic():
        user = locked_user(user_id)
        hand_out(user, password)
        user.save(update_fields=["password", "handed_out", "must_change_password"])
        _let_in_anew(user, "password", reason, by, at)
    return user, password


def reset_second_factor(*, user_id: int, reason: str, by: Actor, at: datetime) -> User:
    """Remove an account's authenticators and recovery codes; officers must enrol again at the next sign-in.

    Raises:
        RuleBroken: account_not_found.
        NotYours: only another person who is security administrator may.
    """
    check_is_security_administrator(by, of_user=user_id)
    with transaction.atomic():
        user = locked_user(user_id)
        Authenticator.objects.filter(user=user).delete()
        _let_in_anew(user, "second_factor", reason, by, at)
    return user


def _let_in_anew(user: User, what: str, reason: str, by: Actor, at: datetime) -> None:
    sign_in.end_sessions(user.pk)
    sign_in.unlock(user)
    record(acts.ACCOUNT_CHANGED, by=by, at=at, subject=user.username, reason=reason, after={"reset": what})
