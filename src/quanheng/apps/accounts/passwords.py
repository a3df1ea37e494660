"""A password that somebody else chose and handed out does not stay, and does not come back."""

from __future__ import annotations

from django.contrib.auth.hashers import check_password

from quanheng.apps.accounts import refusals
from quanheng.apps.accounts.models import User


def hand_out(user: User, password: str) -> None:
    """Give an account a password that its holder must change; the row is not saved."""
    user.set_password(password)
    user.handed_out = user.password
    user.must_change_password = True


def check_is_new(user: User, password: str) -> None:
    """Refuse the password that stands and the one that was handed out last: whoever gave it still knows it.

    Raises:
        RuleBroken: password_not_new.
    """
    known = [hashed for hashed in (user.password, user.handed_out) if hashed]
    if any(check_password(password, hashed) for hashed in known):
        raise refusals.PASSWORD_NOT_NEW()
