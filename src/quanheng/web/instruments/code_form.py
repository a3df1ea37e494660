"""补发新码: the label is lost or spoilt."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django import forms
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.services.replace_code import replace_code
from quanheng.regulation.instrument_code import grouped
from quanheng.regulation.instrument_states import WITHOUT_CODE
from quanheng.web.fields import long_field
from quanheng.web.instruments.act_form import ActForm

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import Instrument


class ReplaceCodeForm(ActForm):
    """A new code, printed later or on a blank label at hand."""

    slug, verb, label, icon = "replace-code", acts.CODE_REPLACED, _("补发新码"), "qrcode"
    intro = _("旧标签丢失或破损时办理。旧码显示“旧标签”，不能恢复。")
    reason = long_field(_("补发原因"), most=200)
    blank = forms.CharField(
        label=_("手上的空白标签"), required=False, max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("有空白标签的扫码或输入编码；没有的留空，系统生成新码，随后打印。"),
    )  # fmt: skip
    new_code = ""

    @classmethod
    def possible(cls, instrument: Instrument) -> bool:
        return bool(instrument.code) and instrument.state not in WITHOUT_CODE

    def act(self, *, by: Actor, at: datetime) -> object:
        data = self.cleaned_data
        self.new_code = replace_code(
            instrument_id=self.instrument.pk, reason=data["reason"], blank=data["blank"].strip(), by=by, at=at
        )
        return self.new_code

    def done_text(self) -> str:
        return gettext("新码 %(code)s 已生效，旧码已停用。") % {"code": grouped(self.new_code)}

    def done_url(self) -> str:
        """A fresh code has to be printed; a label at hand is printed already."""
        if self.cleaned_data["blank"].strip():
            return super().done_url()
        return f"{reverse('label_choose')}?instrument={self.instrument.pk}"
