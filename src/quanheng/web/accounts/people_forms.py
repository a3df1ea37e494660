"""Forms of the administrators."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts import queries
from quanheng.apps.accounts.acts import AREA_REORGANISED
from quanheng.apps.accounts.enums import ENTITY_ROLES, AgencyKind, AreaLevel, Role
from quanheng.web.asking import SureField
from quanheng.web.fields import day_input

DAY = day_input()


class NewAccountForm(forms.Form):
    """A sign-in for a person. The first password is made by the platform."""

    username = forms.CharField(
        label=_("登录名"), max_length=60, help_text=_("建议用姓名全拼；以后不能更改。")
    )
    name = forms.CharField(label=_("姓名"), max_length=60)
    phone = forms.CharField(label=_("手机号"), max_length=20, required=False)


class ReasonForm(forms.Form):
    """Why somebody's sign-in is closed, opened or reset."""

    reason = forms.CharField(label=_("原因"), max_length=300)


class AppointForm(forms.Form):
    """A role in an agency or for an entity, named as people name them."""

    role = forms.ChoiceField(label=_("岗位"), choices=Role.choices)
    agency = forms.CharField(
        label=_("任职机构"),
        max_length=120,
        required=False,
        help_text=_("机构全称；监管、检定和管理岗位填写。"),
    )
    entity_code = forms.CharField(
        label=_("单位的统一社会信用代码"),
        max_length=18,
        required=False,
        help_text=_("集市主办者、使用单位、维修企业的岗位填写。"),
    )
    valid_from = forms.DateField(label=_("任职日期"), widget=DAY, initial=timezone.localdate)
    valid_to = forms.DateField(label=_("离任日期"), widget=DAY, required=False)
    is_chief = forms.BooleanField(
        label=_("账号负责人：邀请、停用本单位人员"), required=False,
        help_text=_("监管部门由安全管理员指定；使用单位的首个账号、检定机构管理员自动担任。"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Find the agency by its name; the entity is found by the service, without showing the ledger."""
        cleaned = super().clean() or {}
        name = cleaned.get("agency", "").strip()
        if cleaned.get("role") not in ENTITY_ROLES and not self.errors:
            agency = queries.agency_named(name)
            if agency is None:
                self.add_error("agency", _("未找到该机构，请填写机构列表中的全称。"))
            else:
                cleaned["agency_id"] = agency.pk
        return cleaned


class NewAgencyForm(forms.Form):
    """An office, an institute or a department, and where it sits."""

    name = forms.CharField(label=_("名称"), max_length=120)
    kind = forms.ChoiceField(label=_("类别"), choices=AgencyKind.choices)
    area = forms.CharField(label=_("辖区"), max_length=120, help_text=_("例如：成都市锦江区"))
    authorisation = forms.CharField(
        label=_("授权证书编号"), max_length=60, required=False, help_text=_("检定机构填写。")
    )

    def clean_area(self) -> int:
        """Find the one area that the text means."""
        found = queries.area_index().find(self.cleaned_data["area"])
        if not found:
            raise forms.ValidationError(_("未找到该区划。"))
        if len(found) > 1:
            names = "、".join(area.full_name for area in found[:6])
            raise forms.ValidationError(_("有多个同名区划，请写全称：%(names)s。") % {"names": names})
        return found[0].id


class FoundAreaForm(forms.Form):
    """A division below another, or a functional zone (开发区) that has an office of its own."""

    level = forms.TypedChoiceField(label=_("级别"), coerce=int)
    name = forms.CharField(label=_("名称"), max_length=60)
    code = forms.RegexField(
        r"^\d{4,12}$", label=_("代码"),
        help_text=_("市 4 位、县 6 位、街道 9 位数字；功能区用批复的代码，可以不在上级代码之下。"),
    )  # fmt: skip
    on = forms.DateField(label=_("生效日期"), widget=DAY, initial=timezone.localdate)
    source = forms.CharField(label=_("依据（批复文号）"), max_length=200)
    sure = SureField(AREA_REORGANISED)

    def __init__(self, *args: Any, above: int, **options: Any) -> None:
        super().__init__(*args, **options)
        below = [(value, label) for value, label in AreaLevel.choices if value > above]
        self.fields["level"].choices = below  # type: ignore[attr-defined]


class ReorganiseForm(forms.Form):
    """What takes the place of an area: a new one, or (merged) one that exists."""

    name = forms.CharField(label=_("新名称"), max_length=60, required=False)
    code = forms.RegexField(
        r"^\d{4,12}$", label=_("新代码"), required=False, help_text=_("市 4 位、县 6 位、街道 9 位数字。")
    )
    parent = forms.CharField(label=_("新的上级"), max_length=120, required=False, help_text=_("不变则不填。"))
    into = forms.CharField(
        label=_("并入现有区划"), max_length=120, required=False, help_text=_("并入时只填这一项。")
    )
    on = forms.DateField(label=_("生效日期"), widget=DAY, initial=timezone.localdate)
    source = forms.CharField(label=_("依据（批复文号）"), max_length=200)
    sure = SureField(AREA_REORGANISED)

    def clean(self) -> dict[str, Any]:
        """Find the areas that were named; a new area needs name and code."""
        cleaned = super().clean() or {}
        for field in ("parent", "into"):
            if cleaned.get(field):
                found = queries.area_index().find(cleaned[field])
                if len(found) != 1:
                    self.add_error(field, _("未找到唯一的区划，请写全称。"))
                else:
                    cleaned[f"{field}_id"] = found[0].id
        if not cleaned.get("into") and not (cleaned.get("name") and cleaned.get("code")):
            self.add_error("name", _("请填写新名称和新代码，或填写并入的区划。"))
        return cleaned
