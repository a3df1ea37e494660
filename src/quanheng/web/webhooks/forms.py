"""Forms of the webhooks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import KeyScope, KeyState
from quanheng.apps.accounts.key_queries import keys_shown_to, state_of
from quanheng.apps.changes.enums import ChangeKind


class WebhookForm(forms.Form):
    """With which key, to which address, of what."""

    key_id = forms.TypedChoiceField(
        label=_("接口密钥"), coerce=int, help_text=_("只推送该密钥范围内的变更；须有 read:ledger 权限。")
    )
    url = forms.CharField(
        label=_("接收地址"), max_length=500, help_text=_("公网的 https 地址，例如 https://example.cn/hook")
    )
    kinds = forms.MultipleChoiceField(
        label=_("推送的对象"), choices=ChangeKind.choices, required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("不选为全部。"),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        keys = [
            (key.pk, str(key))
            for key in keys_shown_to(actor, all_of_them=False)
            if state_of(key, today) == KeyState.IN_USE and KeyScope.READ_LEDGER in key.scopes
        ]
        self.has_keys = bool(keys)
        field = self.fields["key_id"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - for the type checker
        field.choices = keys
