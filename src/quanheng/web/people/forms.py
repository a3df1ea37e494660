"""Forms of invitations, of requests for an account, and of a unit's own accounts."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from quanheng.apps.people.enums import InvitationWay
from quanheng.web.fields import long_field


def _way(hint: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("送达方式"), choices=InvitationWay.choices, widget=forms.RadioSelect,
        initial=InvitationWay.PAPER, help_text=hint,
    )  # fmt: skip


def _code(**more: Any) -> forms.TextInput:
    return forms.TextInput(
        attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", **more}
    )


class InviteEntityForm(forms.Form):
    """By which way, and why."""

    way = _way(_("纸质的当面交付，只显示一次；短信发到主体档案登记的手机号码。"))
    name = forms.CharField(label=_("受邀人"), max_length=60, required=False)
    reason = long_field(_("签发理由"), hint=_("写明如何核实的受邀人，如“查验营业执照和本人身份证”。"))


class HandOverEntityForm(InviteEntityForm):
    """The same, where the entity has a chief whose place the new one takes."""

    handover = forms.BooleanField(
        label=_("更换账号负责人：新负责人开通后，现负责人不再管理本单位账号"), required=True
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = long_field(_("原因"))


class FindInvitationForm(forms.Form):
    """The number of an invitation, where the QR code cannot be scanned."""

    number = forms.CharField(label=_("邀请编号"), max_length=20, widget=_code())


class TakeUpForm(forms.Form):
    """What opens an invitation, and the account to be. What is named a password or passcode is never kept."""

    passcode = forms.CharField(
        label=_("一次性码"), max_length=20, widget=_code(), help_text=_("邀请函或短信上的 8 位码。")
    )
    stated = forms.CharField(
        label=_("单位代码或手机号"), max_length=40, widget=_code(),
        help_text=_("单位人员填统一社会信用代码（没有的填主体码）；机构人员填受邀时登记的手机号。"),
    )  # fmt: skip
    name = forms.CharField(
        label=_("姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.CharField(
        label=_("手机号"), max_length=20, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip
    username = forms.CharField(
        label=_("登录名"), max_length=60, help_text=_("建议用姓名全拼；以后不能更改。"),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )  # fmt: skip
    password = forms.CharField(
        label=_("密码"), max_length=128, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    password_again = forms.CharField(
        label=_("再输一次密码"), max_length=128, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def clean_password(self) -> str:
        """Hold the password against the rules of every account."""
        password = str(self.cleaned_data["password"])
        validate_password(password)
        return password

    def clean(self) -> dict[str, Any]:
        """Compare the two passwords."""
        cleaned = super().clean() or {}
        if cleaned.get("password") and cleaned.get("password_again") != cleaned["password"]:
            self.add_error("password_again", _("两次输入的密码不一致，请重新输入。"))
        return cleaned


class AskForm(forms.Form):
    """Who asks for which entity's account, and why."""

    code = forms.CharField(
        label=_("统一社会信用代码或主体码"), max_length=40, widget=_code(),
        help_text=_("18 位统一社会信用代码；没有的，填写主体码标签上的编码。"),
    )  # fmt: skip
    name = forms.CharField(
        label=_("姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.CharField(
        label=_("手机号"), max_length=20, help_text=_("审核结果以短信告知。"),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip
    words = long_field(_("申请理由"), hint=_("您在该单位的身份，以及便于核实的信息。"))


class DecideForm(forms.Form):
    """How it was confirmed who asks, or why it is refused."""

    reason = long_field(_("审核意见"), hint=_("同意的，写明如何核实的；不同意的，申请人会读到。"))
    handover = forms.BooleanField(label=_("替换现有的账号负责人"), required=False)


class InviteStaffForm(forms.Form):
    """Whom to invite, to what, by which way."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    phone = forms.CharField(
        label=_("手机号"), max_length=20, required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    role = forms.ChoiceField(label=_("岗位"))
    way = _way(_("纸质的当面交付，只显示一次；短信发到上面的手机号。"))

    def __init__(self, *args: Any, roles: list[tuple[str, Any]], needs_phone: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        role, phone = cast(forms.ChoiceField, self.fields["role"]), self.fields["phone"]
        role.choices = roles
        phone.required = needs_phone
        if needs_phone:
            phone.help_text = _("开通时须由本人填写同一号码，以核对身份。")
