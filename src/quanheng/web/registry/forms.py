"""Forms of an entity's file."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.registry.enums import ContactDuty, EntityKind, EntityState, PremisesKind
from quanheng.apps.registry.services.change_entity import ALWAYS_OFFICE_ONLY, OFFICE_ONLY
from quanheng.apps.registry.services.register_entity import EntityFacts
from quanheng.web.lists.fields import PickField

if TYPE_CHECKING:
    from quanheng.apps.registry.models import Entity

HOSPITAL_GRADES = [
    ("", _("不是医院或未评定")),
    ("三级", _("三级")),
    ("二级", _("二级")),
    ("一级", _("一级")),
    ("未定级", _("未定级")),
]
CREDIT_GRADES = [("", _("未评定")), ("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")]


class FileForm(forms.Form):
    """What may be changed later too."""

    name = forms.CharField(
        label=_("名称"), max_length=120, help_text=_("与营业执照一致；摊位填经营者或字号。")
    )
    credit_code = forms.CharField(
        label=_("统一社会信用代码"), max_length=30, required=False, help_text=_("18 位；摊位没有的可不填。")
    )
    address = forms.CharField(label=_("经营地址"), max_length=200, required=False)
    longitude = forms.DecimalField(
        label=_("经度"),
        required=False,
        max_digits=9,
        decimal_places=6,
        min_value=Decimal(73),
        max_value=Decimal(136),
    )
    latitude = forms.DecimalField(
        label=_("纬度"),
        required=False,
        max_digits=9,
        decimal_places=6,
        min_value=Decimal(3),
        max_value=Decimal(54),
    )
    industry_code = forms.CharField(
        label=_("行业代码"), max_length=5, required=False, help_text=_("GB/T 4754-2017，如加油站 F5265")
    )
    above_scale = forms.BooleanField(label=_("规模以上工业企业"), required=False)
    hospital_grade = forms.ChoiceField(label=_("医院等级"), choices=HOSPITAL_GRADES, required=False)
    annual_energy_tce = forms.DecimalField(
        label=_("年综合能耗（吨标准煤）"), required=False, min_value=0, max_digits=14, decimal_places=3
    )


class RegisterEntityForm(FileForm):
    """A new file."""

    kind = forms.ChoiceField(label=_("主体类型"), choices=EntityKind.choices)
    premises = forms.ChoiceField(label=_("场所类型"), choices=PremisesKind.choices)
    parent = PickField(
        label=_("上级主体"),
        source="entities",
        required=False,
        help_text=_("摊位填所属市场，站点填所属公司。"),
    )
    stall_number = forms.CharField(label=_("摊位号"), max_length=40, required=False)
    area = PickField(
        label=_("行政区划"), source="areas", required=False, help_text=_("摊位不用填，随所属市场。")
    )
    field_order = ("kind", "premises", "name", "credit_code", "parent", "stall_number", "area")

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            if isinstance(field, PickField):
                field.actor = actor
        if actor.is_entity:
            self.fields["kind"].choices = [(EntityKind.STALL.value, EntityKind.STALL.label)]  # type: ignore[attr-defined]
            self.fields["premises"].initial = PremisesKind.MARKET
            self.fields.pop("area")

    def facts(self, parent: Entity | None) -> EntityFacts | None:
        """Return the facts, None (with a fault on the form) when nothing says where the entity is."""
        data = dict(self.cleaned_data)
        data.pop("parent", None)
        area = data.pop("area", None)
        area_id = int(area.value) if area else parent.area_id if parent else None
        if area_id is None:
            self.add_error(
                "area" if "area" in self.fields else "parent", _("请选择行政区划，或选择上级主体。")
            )
            return None
        kind, premises = EntityKind(data.pop("kind")), PremisesKind(data.pop("premises"))
        return EntityFacts(
            **data, kind=kind, premises=premises, area_id=area_id, parent_id=parent.pk if parent else None
        )


class ChangeEntityForm(FileForm):
    """Change a file. What only the office may change is not offered to anybody else."""

    stall_number = forms.CharField(label=_("摊位号"), max_length=40, required=False)
    credit_grade = forms.ChoiceField(label=_("信用等级"), choices=CREDIT_GRADES, required=False)
    integrity_pledge = forms.BooleanField(label=_("已作诚信计量承诺"), required=False)
    reason = forms.CharField(label=_("变更原因"), max_length=300, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, entity: Entity, **options: Any) -> None:
        names = [name for name in self.base_fields if name != "reason"]
        options["initial"] = {name: getattr(entity, name) for name in names}
        super().__init__(*args, **options)
        if entity.kind != EntityKind.STALL:
            self.fields.pop("stall_number")
        if actor.is_entity:
            closed = ALWAYS_OFFICE_ONLY | (
                OFFICE_ONLY if entity.state == EntityState.CONFIRMED else frozenset()
            )
            for name in closed:
                self.fields.pop(name, None)

    def changes(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in {"reason", "version"}}


class ContactForm(forms.Form):
    """The person who holds a duty; replaces the one before."""

    duty = forms.ChoiceField(label=_("身份"), choices=ContactDuty.choices)
    name = forms.CharField(label=_("姓名"), max_length=60)
    phone = forms.CharField(
        label=_("电话"), max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class RevealForm(forms.Form):
    reason = forms.CharField(
        label=_("查看事由"),
        max_length=200,
        help_text=_("如：核实摊主、通知检定。查看人、时间和事由记入日志。"),
    )
