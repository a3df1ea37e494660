"""Forms of the keys of the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.acts import KEY_REVOKED
from quanheng.apps.accounts.enums import ADMINISTRATORS, KeyScope, Role
from quanheng.apps.accounts.key_queries import appointment_held
from quanheng.apps.accounts.services.issue_api_key import MOST_PER_MINUTE
from quanheng.web.asking import SureField
from quanheng.web.fields import day_input

HOLDERS = [(role.value, role.label) for role in Role if role not in ADMINISTRATORS]


class IssueKeyForm(forms.Form):
    """Who holds the key, for what, what it may do and until when. An entity issues for itself."""

    name = forms.CharField(label=_("用途"), max_length=60, help_text=_("例如：与商户管理系统对接台账"))
    username = forms.CharField(label=_("持有人登录名"), max_length=60)
    role = forms.ChoiceField(label=_("持有岗位"), choices=HOLDERS)
    scopes = forms.MultipleChoiceField(
        label=_("权限"),
        choices=KeyScope.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("只选需要的权限。密钥的权限不超过持有人。"),
    )
    expires_on = forms.DateField(
        label=_("有效期至"),
        widget=day_input(),
        help_text=_("最长一年，到期前请换发。"),
    )
    per_minute = forms.IntegerField(
        label=_("每分钟请求数"), min_value=1, max_value=MOST_PER_MINUTE, initial=600
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fields["expires_on"].initial = timezone.localdate() + timedelta(days=180)
        if actor.is_entity:
            del self.fields["username"], self.fields["role"]

    def clean(self) -> dict[str, Any]:
        """Find the appointment that will hold the key."""
        cleaned = super().clean() or {}
        cleaned["appointment_id"] = self.actor.appointment_id
        if "username" in self.fields and {"username", "role"} <= set(cleaned):
            held = appointment_held(cleaned["username"], cleaned["role"], timezone.localdate())
            if held is None:
                self.add_error("username", _("未找到该登录名，或该人员不担任所选岗位。"))
            cleaned["appointment_id"] = held
        return cleaned

    def terms(self) -> dict[str, Any]:
        """Return what the act of issuing needs."""
        names = ("appointment_id", "name", "expires_on", "per_minute")
        scopes = [KeyScope(scope) for scope in self.cleaned_data["scopes"]]
        return {name: self.cleaned_data[name] for name in names} | {"scopes": scopes}


class RevokeKeyForm(forms.Form):
    """Why a key ends."""

    reason = forms.CharField(label=_("吊销原因"), max_length=200)
    sure = SureField(KEY_REVOKED)
