"""How allauth signs people in here: no sign-up, locked by account, logged. Django renews the session."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from quanheng.apps.accounts import queries
from quanheng.apps.accounts.demonstration import ELSEWHERE, works_here
from quanheng.apps.accounts.passwords import check_is_new
from quanheng.apps.accounts.services import sign_in
from quanheng.apps.accounts.sessions import BEGAN_KEY, DEVICE_KEY
from quanheng.kit.clients import client_address
from quanheng.kit.fields import decrypt, encrypt
from quanheng.kit.refusal import RuleBroken

if TYPE_CHECKING:
    from quanheng.apps.accounts.models import User


def display_name(user: User) -> str:
    """What allauth's own pages call a person."""
    return user.name


class SignInAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in with a name and a password."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # accounts are created by the system administrator

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        refuse_when_locked(str(credentials.get("username", "")))

    def _rollback_login_failed_rl_usage(self) -> None:
        """Failures are counted by account in the database, not by allauth in a cache."""

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        sign_in.note_failure(
            str(credentials.get("username", "")), address=client_address(request), at=timezone.now()
        )

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **more: Any) -> HttpResponse | None:
        """Every way in passes here, with a password or by single sign-on."""
        if not works_here(cast("User", user)):
            clear_login(request)
            return refuse_demonstration(request, cast("User", user))
        return super().pre_login(request, user, **more)  # type: ignore[no-any-return]

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)
        request.session[BEGAN_KEY] = time.time()
        request.session[DEVICE_KEY] = request.headers.get("User-Agent", "")[:200]
        person, now = cast("User", user), timezone.now()
        actor = queries.actor_for(person.pk, None, timezone.localdate())
        sign_in.note_success(person, by=actor, address=client_address(request), at=now)

    def clean_password(self, password: str, user: AbstractBaseUser | None = None) -> str:
        if user is not None:
            with as_field_error():
                check_is_new(cast("User", user), password)
        return str(super().clean_password(password, user))

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        person = cast("User", user)
        person.must_change_password = False
        person.password_changed_at = timezone.now()
        super().set_password(person, password)

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        return redirect("account_inactive")


def refuse_demonstration(request: HttpRequest, user: User) -> HttpResponse:
    """Say that the account is a demonstration's, and that it was tried."""
    sign_in.note_failure(user.username, address=client_address(request), at=timezone.now())
    return render(request, "accounts/refused.html", {"refusal": ELSEWHERE}, status=403)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors, encrypted in the database."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(encrypt(text)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(base64.b64decode(encrypted_text))


class GovernmentSignInAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Single sign-on: it opens accounts that exist (by the username it vouches for), it never makes one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.is_existing:
            return
        claimed = str(sociallogin.account.extra_data.get("preferred_username", ""))
        user = queries.active_user(claimed)
        if user is None:
            raise ImmediateHttpResponse(redirect("account_signup"))
        sociallogin.connect(request, user)


def refuse_when_locked(username: str) -> None:
    """Raise the form error that a locked account gets.

    Raises:
        ValidationError: the account is locked.
    """
    with as_field_error():
        sign_in.check_not_locked(username, at=timezone.now())


@contextmanager
def as_field_error() -> Iterator[None]:
    """Turn the refusal of a rule into what allauth's forms show beside the field."""
    try:
        yield
    except RuleBroken as refusal:
        raise ValidationError(refusal.message, code=refusal.code) from refusal
