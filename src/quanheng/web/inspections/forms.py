"""Forms of campaigns and of what was found."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.inspections.enums import FrameSubject
from quanheng.apps.instruments.services.on_site import OnSite
from quanheng.regulation.checklists import Answer, Item, Said
from quanheng.regulation.quarters import quarter_of
from quanheng.web.fields import day_field, long_field
from quanheng.web.lists.fields import PickField
from quanheng.web.photos_field import PhotosField

QUARTERS = [(1, _("第一季度")), (2, _("第二季度")), (3, _("第三季度")), (4, _("第四季度"))]
ANSWERS = [
    (Answer.PASSED.value, _("合格")),
    (Answer.FAILED.value, _("不合格")),
    (Answer.NOT_APPLICABLE.value, _("不适用")),
]


def _year() -> int:
    return timezone.localdate().year


def _quarter() -> int:
    return quarter_of(timezone.localdate()).number


class ReviseForm(forms.Form):
    """What a campaign is, but for its place and what it draws from."""

    name = forms.CharField(label=_("行动名称"), max_length=80, help_text=_("如“计量护油专项行动”"))
    year = forms.IntegerField(label=_("年度"), initial=_year, min_value=2000, max_value=2100)
    quarter = forms.TypedChoiceField(label=_("季度"), choices=QUARTERS, coerce=int, initial=_quarter)
    legal_basis = forms.CharField(
        label=_("检查依据"), max_length=200, help_text=_("法律、规章或方案的名称和条款。")
    )
    matters = long_field(_("检查事项"), hint=_("如防作弊功能、铅封完整性、检定证书有效性。"))


class PlanForm(ReviseForm):
    """A new campaign."""

    subject = forms.ChoiceField(label=_("检查对象"), choices=FrameSubject.choices)
    area = PickField(label=_("区划"), source="areas", help_text=_("行动覆盖该区划的全部县（市、区）。"))
    field_order = ("name", "subject", "area", "year", "quarter", "legal_basis", "matters")

    def __init__(self, *given: Any, actor: Actor, **more: Any) -> None:
        super().__init__(*given, **more)
        cast(PickField, self.fields["area"]).actor = actor


class NothingForm(forms.Form):
    """Nothing is asked but whether."""


class ReasonForm(forms.Form):
    """Why."""

    reason = long_field(_("原因"))


class SignatureForm(forms.Form):
    """What the public beacon published."""

    signature = forms.CharField(
        label=_("信标签名"), max_length=200, widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("96 位十六进制数，从公共信标网站复制；填错不会抽取。"),
    )  # fmt: skip


class HandOverForm(forms.Form):
    """Who stops, who goes on, and why."""

    from_id = forms.TypedChoiceField(label=_("原检查人员"), coerce=int)
    to_id = forms.TypedChoiceField(label=_("接替人员"), coerce=int)
    reason = long_field(_("原因"), hint=_("如调离、回避、病假。写入操作日志。"))


class InspectionForm(forms.Form):
    """The checklist, item by item; nothing is ticked beforehand."""

    unable = forms.BooleanField(
        label=_("无法检查"), required=False,
        help_text=_("已停业、搬迁或现场没有该器具。勾选后不填逐项结果，但须写明情况。"),
    )  # fmt: skip
    words = long_field(_("检查情况"), required=False, most=500, hint=_("不合格或无法检查的必须填写。"))
    on = day_field(_("检查日期"), today=True)
    photos = PhotosField(label=_("现场照片"), required=False)

    def __init__(self, *given: Any, items: tuple[Item, ...], actor: Actor, **more: Any) -> None:
        super().__init__(*given, **more)
        self.items = items
        answered = not self.data.get("unable")  # what could not be checked has no answers
        cast(PhotosField, self.fields["photos"]).user_id = actor.user_id
        for item in items:
            self.fields[f"item_{item.key}"] = forms.ChoiceField(
                label=item.text, required=answered, choices=_answers(item), widget=forms.RadioSelect,
                help_text=f"{item.group} · {item.clause}",
            )  # fmt: skip
            self.fields[f"note_{item.key}"] = forms.CharField(
                label=format_lazy(_("情况：{item}"), item=item.text),
                required=False,
                max_length=200,
                help_text=_("不合格或不适用时填写。"),
            )
        checked = [f"{kind}_{item.key}" for item in items for kind in ("item", "note")]
        self.order_fields(["unable", *checked, "words", "on", "photos"])

    def said(self) -> dict[str, Said]:
        """Return what was answered; items that were left blank are not in it."""
        data = self.cleaned_data
        return {
            item.key: Said(Answer(data[f"item_{item.key}"]), data[f"note_{item.key}"])
            for item in self.items
            if data[f"item_{item.key}"]
        }

    def seen(self) -> OnSite:
        """Return the photos."""
        return OnSite(photos=self.cleaned_data["photos"] or ())


class CorrectionForm(InspectionForm):
    """What was really found, beginning with what stands there, and why the first record is wrong."""

    reason = long_field(_("更正理由"), hint=_("写明哪一项登记有误、依据是什么，由复核人判断。"))
    on = day_field(_("检查日期"))

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["photos"].label = _("更正依据（照片）")
        self.order_fields(["reason", *(name for name in self.fields if name != "reason")])


class ReadCorrectionForm(forms.Form):
    """Which correction was read: another one is not decided by it."""

    correction_id = forms.IntegerField(widget=forms.HiddenInput)


class DeclineCorrectionForm(ReadCorrectionForm):
    """Why what was recorded stands."""

    reason = long_field(_("不予更正的理由"))


def _answers(item: Item) -> list[Any]:
    """Return what may be answered: what the plan itself asks for is never "not applicable"."""
    return ANSWERS[:2] if item.is_required else ANSWERS
