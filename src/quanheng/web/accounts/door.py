"""What a person has to do after signing in before any other page opens, and how long a sign-in lasts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, cast

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import ADMINISTRATORS, OFFICERS
from quanheng.apps.accounts.sessions import BEGAN_KEY

if TYPE_CHECKING:
    from quanheng.apps.accounts.models import User

APPOINTMENT_KEY = "appointment"
SECOND_FACTOR_KEY = "second_factor"
SEEN_KEY = "seen_at"
IDLE_SECONDS = 30 * 60
LONGEST_SECONDS = 12 * 3600
SEEN_GRAIN_SECONDS = 60  # how often the last use is written back


def is_over(request: HttpRequest, now: float | None = None) -> bool:
    """Say whether this sign-in has lasted 12 hours, or was not used for 30 minutes."""
    now = time.time() if now is None else now
    began = float(request.session.get(BEGAN_KEY, 0))
    seen = float(request.session.get(SEEN_KEY, began))
    return now - began > LONGEST_SECONDS or now - seen > IDLE_SECONDS


def note_use(request: HttpRequest, now: float | None = None) -> None:
    """Remember that the session is in use."""
    now = time.time() if now is None else now
    if now - float(request.session.get(SEEN_KEY, 0)) > SEEN_GRAIN_SECONDS:
        request.session[SEEN_KEY] = now


def next_step(request: HttpRequest, actor: Actor | None) -> str | None:
    """Return the address that comes before everything else: a new password, a second factor, no role."""
    user = cast("User", request.user)
    if user.must_change_password:
        return reverse("account_change_password")
    if actor is None:
        return reverse("no_role")
    if needs_second_factor(user, actor) and not _has_second_factor(request):
        return reverse("mfa_activate_totp")
    return None


def needs_second_factor(user: User, actor: Actor) -> bool:
    """Officers and administrators; a demonstration lets its own accounts in with the password alone."""
    is_waived = settings.IS_DEMO and user.is_demonstration
    return actor.role in OFFICERS | ADMINISTRATORS and not is_waived


def _has_second_factor(request: HttpRequest) -> bool:
    if not request.session.get(SECOND_FACTOR_KEY):
        if not is_mfa_enabled(request.user):
            return False
        request.session[SECOND_FACTOR_KEY] = True
    return True
