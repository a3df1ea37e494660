"""开通账号: the system administrator creates a sign-in. It can do nothing until a role is granted."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from quanheng.apps.accounts import acts, refusals
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.models import User
from quanheng.apps.accounts.passwords import hand_out
from quanheng.apps.accounts.permissions import check_is_system_administrator
from quanheng.apps.audit.services import record

SYLLABLES = [start + vowel for start in "bdfghklmnpr" for vowel in "aeo"]


def create_account(*, username: str, name: str, phone: str = "", by: Actor, at: datetime) -> tuple[User, str]:
    """Create an account with a random first password, which its holder must change.

    Returns:
        The user, and the password to hand over; it is kept nowhere.

    Raises:
        RuleBroken: username_taken, no_name.
        NotYours: only the system administrator may.
    """
    check_is_system_administrator(by)
    username, name = username.strip(), name.strip()
    if not username or not name:
        raise refusals.NO_USERNAME()
    password = random_password()
    with transaction.atomic():
        if User.objects.filter(username__iexact=username).exists():
            raise refusals.USERNAME_TAKEN(username=username)
        user = User(username=username, name=name, phone=phone)
        hand_out(user, password)
        user.save()
        record(acts.ACCOUNT_CHANGED, by=by, at=at, subject=username, after={"name": name, "is_active": True})
    return user, password


def random_password() -> str:
    """Return a first password that can be read over the telephone: 62 random bits in syllables."""
    while True:
        words = ["".join(secrets.choice(SYLLABLES) for _ in range(3)) for _ in range(4)]
        password = "-".join(words) + f"-{secrets.randbelow(90) + 10}"
        try:
            validate_password(password)
        except ValidationError:
            continue
        return password
