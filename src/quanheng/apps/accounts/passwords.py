"""A password that somebody else chose and handed out does not stay, and does not come back."""

from __future__ import annotations

from django.contrib.auth.hashers import check_password

from quanheng.apps.accounts.models import User
from quanheng.kit.refusal import RuleBroken


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
        raise RuleBroken("password_not_new", "新密码不能与现在的密码或发放的初始密码相同，请另设一个。")
