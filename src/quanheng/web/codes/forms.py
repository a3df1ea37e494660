"""Forms of the codes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.enums import CodeState
from quanheng.apps.instruments.queries.scan import scan_card
from quanheng.apps.instruments.services.bind_code import read_code
from quanheng.apps.instruments.services.issue_blank_codes import BATCH_AT_MOST
from quanheng.kit.refusal import RuleBroken
from quanheng.regulation.instrument_code import grouped
from quanheng.web.lists.fields import PickField

LONGEST_ADDRESS = 300
CODE_BOX = {
    "autocomplete": "off",
    "autocapitalize": "characters",
    "spellcheck": "false",
    "enterkeyhint": "next",
}


class BlankForm(forms.Form):
    """A batch of blank codes."""

    area = PickField(
        label=_("行政区划"), source="areas", help_text=_("该批空白码只用于所选辖区（含下级）的器具。")
    )
    batch = forms.CharField(
        label=_("批次名称"), max_length=40, help_text=_("写在标签卷上的名称，例如“2026-11 一环路”。")
    )
    count = forms.IntegerField(
        label=_("数量"), min_value=1, max_value=BATCH_AT_MOST, initial=240,
        help_text=_("A4 标签纸每张 24 枚；一批最多 10,000 枚。"),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["area"]
        if isinstance(field, PickField):
            field.actor = actor


class BindForm(forms.Form):
    """The label in hand and the instrument it is stuck on."""

    code = forms.CharField(
        label=_("空白标签上的编码"), max_length=LONGEST_ADDRESS, widget=forms.TextInput(attrs=CODE_BOX),
        help_text=_("用扫码枪或手机扫入整个网址，或照标签输入；大小写、空格和横线都不影响。"),
    )  # fmt: skip
    instrument = PickField(
        label=_("器具出厂编号"), source="codeless-instruments",
        help_text=_("输入开头几位查找；只列出已备案、尚无编码的器具。"),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["instrument"]
        if isinstance(field, PickField):
            field.actor = actor

    def clean_code(self) -> str:
        """Read the code, and say at once when it is not a blank one."""
        try:
            value = read_code(self.cleaned_data["code"])
        except RuleBroken as refusal:
            raise forms.ValidationError(refusal.message) from refusal
        card = scan_card(value, timezone.localdate())
        if card is None:
            raise forms.ValidationError(
                _("本平台未发放编码 %(code)s，请核对标签。") % {"code": grouped(value)}
            )
        if card.code_state != CodeState.BLANK:
            raise forms.ValidationError(
                _("编码 %(code)s 已使用或已作废，请另换一枚标签。") % {"code": grouped(value)}
            )
        return value
