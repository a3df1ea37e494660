"""Forms of sign-in, people and appointments."""

from __future__ import annotations

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from django.utils import timezone

from quanheng.apps.accounts.services import sign_in
from quanheng.kit.clients import client_address
from quanheng.web.accounts.adapter import refuse_when_locked


class CountsFailures:
    """A second factor whose failures count towards the account's lock like wrong passwords."""

    def clean_code(self) -> str:
        refuse_when_locked(self.user.username)  # type: ignore[attr-defined]
        return super().clean_code()  # type: ignore[misc,no-any-return]

    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        super()._emit_authentication_failed(authenticator)  # type: ignore[misc]
        sign_in.note_failure(
            self.user.username,  # type: ignore[attr-defined]
            address=client_address(context.request),
            at=timezone.now(),
        )


class SecondFactorForm(CountsFailures, AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""


class SecondFactorAgainForm(CountsFailures, ReauthenticateForm):  # type: ignore[misc]
    """The second factor once more, before something delicate."""
