"""Forms of sign-in: what is typed wrongly makes the place wait, and a code opens once."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.forms import ChangePasswordForm, LoginForm
from allauth.core import context
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.services import sign_in
from quanheng.kit.clients import client_address
from quanheng.web.accounts.adapter import refuse_when_slow


class SignInForm(LoginForm):  # type: ignore[misc]
    """The sign-in, in the words of the pages that give the account."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["login"].label = _("登录名")


class TakesCodes:
    """A second factor whose failures count like wrong passwords, and whose codes open once."""

    user: Any
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        refuse_when_slow(self.user.username, client_address(context.request))
        code = str(self.cleaned_data["code"])
        kinds = [Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES]
        for one in Authenticator.objects.select_for_update().filter(user=self.user, type__in=kinds):
            if opens(one, code):
                one.user = self.user
                self.authenticator = one
                return code
        note_failure(self.user)
        raise get_adapter().validation_error("incorrect_code")


class SecondFactorForm(TakesCodes, AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""


class SecondFactorAgainForm(TakesCodes, ReauthenticateForm):  # type: ignore[misc]
    """The second factor once more, before something delicate."""


class FirstCodeForm(ActivateTOTPForm):  # type: ignore[misc]
    """Enrolling an authenticator; the code that proves it does not open afterwards."""

    def clean_code(self) -> str:
        code = str(super().clean_code())
        step = step_of(self.secret, code)
        if step is not None:
            sign_in.use_code(self.user.pk, step)
        return code


class NewPasswordForm(ChangePasswordForm):  # type: ignore[misc]
    """Changing one's password: a wrong old one counts like one typed at the sign-in."""

    def clean_oldpassword(self) -> str:
        refuse_when_slow(self.user.username, client_address(context.request))
        old = str(self.cleaned_data.get("oldpassword", ""))
        if not self.user.check_password(old):
            note_failure(self.user)
            raise get_account_adapter().validation_error("enter_current_password")
        return old


def opens(authenticator: Authenticator, code: str) -> bool:
    """Say whether a code is right and was not used before; from now on it was."""
    if authenticator.type != Authenticator.Type.TOTP:
        return bool(authenticator.wrap().validate_code(code))
    step = step_of(decrypt(authenticator.data["secret"]), code)
    return step is not None and sign_in.use_code(authenticator.user_id, step)


def step_of(secret: str, code: str) -> int | None:
    """Return the time step that a code belongs to: this one, or one before or after it (RFC 6238, 5.2)."""
    for step in yield_hotp_counters_from_time():
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            return int(step)
    return None


def note_failure(user: Any) -> None:
    """Count what was typed wrongly."""
    sign_in.note_failure(user.username, address=client_address(context.request), at=timezone.now())
