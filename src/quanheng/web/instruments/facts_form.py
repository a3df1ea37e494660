"""The form of an instrument's own facts: what the nameplate says, and which marks it carries."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.enums import MarkGeneration, Use
from quanheng.apps.instruments.services.register_instrument import NAMEPLATE, waits_for_office
from quanheng.web.fields import Label, day_field
from quanheng.web.lists.fields import PickField

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import Instrument

GRAMS: dict[str, Decimal] = {"g": Decimal(1), "kg": Decimal(1000), "t": Decimal(1_000_000)}
WEIGHTS = ("max_capacity_g", "min_capacity_g", "e_g", "d_g")


class WeightField(forms.CharField):
    """A mass with its unit: 30 kg, 5g, 0.5; a bare number means grams."""

    def __init__(self, label: Label) -> None:
        super().__init__(label=label, required=False, max_length=20, help_text=_("如 30 kg、5 g"))

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value).replace(" ", "").replace("ｇ", "g").lower()
        text = text.replace("千克", "kg").replace("公斤", "kg").replace("吨", "t").replace("克", "g")
        if not text:
            return None
        unit = next((unit for unit in ("kg", "g", "t") if text.endswith(unit)), "")
        try:
            mass = Decimal(text.removesuffix(unit)) * GRAMS.get(unit, Decimal(1))
        except ArithmeticError:
            raise forms.ValidationError(_("请填数字和单位，如 30 kg、5 g。")) from None
        if not mass.is_finite() or not 0 < mass < Decimal(10) ** 10:
            raise forms.ValidationError(_("请填大于零的数。"))
        return mass


def weight_text(mass: Decimal | None) -> str:
    """Write grams as a nameplate does: 30 kg, 5 g."""
    if mass is None:
        return ""
    value, unit = (mass / 1000, "kg") if mass >= 1000 else (mass, "g")
    return f"{value.normalize():f} {unit}"


class FactsForm(forms.Form):
    """What is registered of an instrument. `entity` and `place` are asked once; later it moves."""

    item = PickField(
        label=_("目录项"), source="items", help_text=_("输入常用名即可查找，如“电子秤”“加油机”。")
    )
    name = forms.CharField(label=_("器具名称"), max_length=80)
    model = forms.CharField(label=_("型号/规格"), max_length=80, required=False)
    serial_number = forms.CharField(
        label=_("出厂编号"),
        max_length=60,
        help_text=_("铭牌上的编号，按原样填写。看不清的，填现场赋予的编号。"),
    )
    manufacturer = forms.CharField(label=_("制造单位"), max_length=120, required=False)
    type_approval_number = forms.CharField(
        label=_("型式批准证书编号"), max_length=60, required=False, help_text="CPA"
    )
    accuracy_class = forms.CharField(label=_("准确度等级"), max_length=20, required=False)
    max_capacity_g = WeightField(_("最大秤量"))
    min_capacity_g = WeightField(_("最小秤量"))
    e_g = WeightField(_("检定分度值 e"))
    d_g = WeightField(_("实际分度值 d"))
    measuring_range = forms.CharField(
        label=_("测量范围"), max_length=80, required=False,
        help_text=_("多分度值秤照铭牌写明各段，如“Max 6/15 kg，e=2/5 g”。"),
    )  # fmt: skip
    use = forms.ChoiceField(label=_("用途"), choices=[("", _("请选择")), *Use.choices])
    manufactured_on = day_field(_("出厂日期"), required=False)
    in_use_since = day_field(_("启用日期"), required=False)
    generation = forms.ChoiceField(
        label=_("标识方式"),
        choices=MarkGeneration.choices,
        initial=MarkGeneration.ONE_CODE,
        widget=forms.RadioSelect,
    )
    production_code = forms.CharField(label=_("生产码"), max_length=60, required=False)
    repair_code = forms.CharField(label=_("维修码"), max_length=60, required=False)
    verification_code = forms.CharField(label=_("检定码"), max_length=60, required=False)
    software_version = forms.CharField(label=_("软件版本号"), max_length=40, required=False)
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

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            if isinstance(field, PickField):
                field.actor = actor

    def facts(self) -> dict[str, Any]:
        """Return the facts as the service takes them."""
        data = {name: value for name, value in self.cleaned_data.items() if name not in {"item", "entity"}}
        return data | (
            {"item_id": int(self.cleaned_data["item"].value)} if "item" in self.cleaned_data else {}
        )


class RegisterForm(FactsForm):
    """A new instrument: where it is, and what it is."""

    entity = PickField(label=_("使用单位"), source="entities", help_text=_("市场、摊位、加油站、医院等。"))
    place = forms.CharField(
        label=_("安装位置"), max_length=80, required=False, help_text=_("摊位号、科室、加油机号")
    )
    field_order = ("entity", "place")


class ChangeForm(FactsForm):
    """Correct what is registered. Once filed, the owner asks for what the nameplate says (`asks`)."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("更正原因"), max_length=300, required=False)

    def __init__(
        self, *args: Any, actor: Actor, instrument: Instrument, known: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> None:  # fmt: skip
        initial = initial_of(instrument) | dict(known or {})
        super().__init__(*args, actor=actor, initial=initial, **options)
        self.asks = bool(waits_for_office(instrument, set(NAMEPLATE), actor))

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in super().facts().items() if name not in {"version", "reason"}}


def initial_of(instrument: Instrument) -> dict[str, Any]:
    """Return what the form shows of an instrument."""
    values: dict[str, Any] = {
        name: getattr(instrument, name, None) for name in FactsForm.base_fields if name != "item"
    }
    values |= {name: weight_text(getattr(instrument, name)) for name in WEIGHTS}
    return values | {"item": (str(instrument.item_id), instrument.item.name), "version": instrument.version}
