"""The form by which the office reviews a batch."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

ACCEPT_ALL, ACCEPT, RETURN = "accept_all", "accept", "return"


class ReviewForm(forms.Form):
    """Accept all, accept some, or return some with a reason."""

    decision = forms.ChoiceField(
        choices=[(ACCEPT_ALL, ""), (ACCEPT, ""), (RETURN, "")], widget=forms.HiddenInput
    )
    ids = forms.TypedMultipleChoiceField(label=_("器具"), coerce=int, required=False)
    reason = forms.CharField(
        label=_("退回原因"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("只在退回时填写。使用单位可以看到，请写明需要补正的内容。"),
    )  # fmt: skip
    confirm_entities = forms.BooleanField(
        label=_("同时确认这些待确认的主体档案"), required=False, initial=True
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, ids: list[int], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["ids"].choices = [(pk, pk) for pk in ids]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        decision = data.get("decision")
        if decision in {ACCEPT, RETURN} and not data.get("ids"):
            self.add_error(None, _("请先勾选器具，再办理。"))
        if decision == RETURN and not data.get("reason", "").strip():
            self.add_error("reason", _("请写明退回原因和使用单位需要补正的内容。"))
        return data
