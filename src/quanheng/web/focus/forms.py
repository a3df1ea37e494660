"""The forms of the focus list."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from quanheng.apps.focus.services.listings import LONGEST
from quanheng.apps.focus.services.object import LONGEST_WORDS
from quanheng.web.fields import long_field


class DecisionForm(forms.Form):
    """Why it is decided so."""

    reason = long_field(_("理由"), most=LONGEST, hint=_("该单位可以查看。"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ObjectionForm(forms.Form):
    """What the entity objects."""

    words = long_field(
        _("异议"), most=LONGEST_WORDS,
        hint=_("写明哪一次检查有误、为什么。证明材料请上传到本单位档案的附件。"),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class AnswerForm(forms.Form):
    """What the office answers."""

    words = long_field(_("答复"), most=LONGEST_WORDS, hint=_("该单位可以查看。"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
