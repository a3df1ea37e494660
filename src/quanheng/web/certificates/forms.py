"""Forms by which a certificate is changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from quanheng.apps.certificates.acts import CERTIFICATE_CHANGE_WITHDRAWN
from quanheng.apps.certificates.enums import VersionKind
from quanheng.apps.certificates.services.ask_change import CORRECTABLE, LONGEST
from quanheng.apps.instruments.acts import CERTIFICATE_AMENDED, CERTIFICATE_REPLACED, CERTIFICATE_REVOKED
from quanheng.kit.tones import Text
from quanheng.web.asking import SureField, ask_once

if TYPE_CHECKING:
    from quanheng.apps.certificates.models import CertificateVersion

WORDS = {
    ("applicant", "name"): _("送检单位"), ("instrument", "name"): _("器具名称"),
    ("instrument", "model"): _("型号/规格"), ("instrument", "serial_number"): _("出厂编号"),
    ("instrument", "manufacturer"): _("制造单位"), ("instrument", "accuracy_class"): _("准确度等级"),
    ("instrument", "measuring_range"): _("测量范围"), ("instrument", "place"): _("安装位置"),
    ("conditions", "temperature_c"): _("环境温度（℃）"),
    ("conditions", "humidity_percent"): _("相对湿度（%）"),
}  # fmt: skip
KINDS = [
    (VersionKind.AMENDED.value, _("更正：同一编号，签发新版本")),
    (VersionKind.REPLACED.value, _("换发：新编号，旧证书指向新证书")),
    (VersionKind.REVOKED.value, _("注销：证书和这次检定随即失效")),
]


ACT_OF_KIND = {
    VersionKind.AMENDED: CERTIFICATE_AMENDED,
    VersionKind.REPLACED: CERTIFICATE_REPLACED,
    VersionKind.REVOKED: CERTIFICATE_REVOKED,
}


class ChangeForm(forms.Form):
    """What is to be changed, and why. Fields left as they are stay as they are."""

    kind = forms.ChoiceField(
        label=_("事项"), choices=KINDS, widget=forms.RadioSelect, initial=VersionKind.AMENDED
    )
    reason = forms.CharField(
        label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("原因会印在新版本上，公众可以看到，请不要写个人信息。"),
    )  # fmt: skip

    def __init__(self, data: QueryDict | None = None, *, now: CertificateVersion) -> None:
        super().__init__(data)
        for (part, name), label in WORDS.items():
            if name in CORRECTABLE[part]:
                self.fields[f"{part}-{name}"] = forms.CharField(
                    label=label, required=False, max_length=LONGEST, initial=now.content[part][name] or ""
                )

    def content(self) -> dict[str, dict[str, str]]:
        """Return the fields by part."""
        found: dict[str, dict[str, str]] = {}
        data: dict[str, Any] = self.cleaned_data
        for part, name in WORDS:
            found.setdefault(part, {})[name] = data[f"{part}-{name}"]
        return found


class DecisionForm(forms.Form):
    """Why a change is refused."""

    reason = forms.CharField(
        label=_("不批准的理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class WithdrawForm(forms.Form):
    """Why a change is taken back."""

    reason = forms.CharField(
        label=_("撤回的理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("撤回后证书不变，变更记录中保留。"),
    )  # fmt: skip
    sure = SureField(CERTIFICATE_CHANGE_WITHDRAWN)


class ApproveForm(forms.Form):
    """Asks once before a change is approved: amended, replaced and revoked are acts of their own."""

    def __init__(self, data: QueryDict | None = None, *, kind: str) -> None:
        super().__init__(data)
        ask_once(self, ACT_OF_KIND[VersionKind(kind)])


@dataclass(frozen=True, slots=True)
class Correction:
    """One field of a waiting change, as the approver compares it."""

    label: Text
    before: str
    after: str


def corrections(content: Mapping[str, Mapping[str, str]], now: CertificateVersion) -> list[Correction]:
    """Return what a change corrects, field by field."""
    return [
        Correction(WORDS[part, name], now.content[part][name] or "—", value or "—")
        for part, fields in content.items()
        for name, value in fields.items()
    ]
