"""How allauth signs people in here: no sign-up, locked by account, logged. Django renews the session."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from quanheng.apps.accounts import queries
from quanheng.apps.accounts.demonstration import ELSEWHERE, works_here
from quanheng.apps.accounts.passwords import check_is_new
from quanheng.apps.accounts.second_factors import decrypted, encrypted
from quanheng.apps.accounts.services import sign_in
from quanheng.apps.accounts.sessions import BEGAN_KEY, DEVICE_KEY
from quanheng.kit.clients import client_address
from quanheng.kit.pace import AddressPaces
from quanheng.kit.refusal import RuleBroken

if TYPE_CHECKING:
    from quanheng.apps.accounts.models import User


TRIES = AddressPaces(60, 60.0, name="sign-in")  # of one address at accounts that are strange to it
NOTICED = 3  # failures of others that are worth a word


def display_name(user: User) -> str:
    """What allauth's own pages call a person."""
    return user.name


class SignInAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in with a name and a password."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # accounts are created by the system administrator

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        refuse_when_slow(str(credentials.get("username", "")), client_address(request))

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
        failures = sign_in.note_success(person, by=actor, address=client_address(request), at=now)
        tell_of_failures(request, failures)

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
        return encrypted(text)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypted(encrypted_text)


class GovernmentSignInAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Single sign-on: it opens accounts that exist (by the username it vouches for), it never makes one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.is_existing:
            return
        claimed = _claims(sociallogin.account.extra_data).get("preferred_username", "")
        user = queries.active_user(str(claimed))
        if user is None:
            raise ImmediateHttpResponse(redirect("account_signup"))
        sociallogin.connect(request, user)


def _claims(said: dict[str, Any]) -> dict[str, Any]:
    """What the other side says of a person: its userinfo, else what stands in its token."""
    found = said.get("userinfo") or said.get("id_token") or {}
    return found if isinstance(found, dict) else {}


def refuse_when_slow(username: str, address: str) -> None:
    """Raise the form error of whoever tries too often from one place.

    Raises:
        ValidationError: too soon after failures, or too many tries of strangers from one address.
    """
    now = timezone.now()
    with as_field_error():
        sign_in.check_may_try(username, address=address, at=now)
    if not sign_in.is_known_place(username, address, at=now):  # who signs in here every day is not slowed
        wait = TRIES.spend(address)
        if wait:
            message = _("此网络的登录尝试过于频繁，请 %(seconds)d 秒后再试。")
            raise ValidationError(message % {"seconds": int(wait) + 1}, code="sign_in_slow")


@contextmanager
def as_field_error() -> Iterator[None]:
    """Turn the refusal of a rule into what allauth's forms show beside the field."""
    try:
        yield
    except RuleBroken as refusal:
        raise ValidationError(refusal.message, code=refusal.code) from refusal


def tell_of_failures(request: HttpRequest, failures: int) -> None:
    """Leave the person a notice of tries that were not theirs."""
    if failures >= NOTICED:
        text = _("上次登录以来，您的账号有 %(count)d 次登录失败。如非本人操作，请修改密码并告知安全管理员。")
        messages.warning(request, text % {"count": failures})
