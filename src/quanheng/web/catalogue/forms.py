"""Forms by which a province officer keeps the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from quanheng.web.fields import day_field

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import CatalogueItem


class PeriodForm(forms.Form):
    """A new dated row."""

    regulation = forms.CharField(label=_("检定规程"), max_length=40, help_text=_("如 JJG 539-2016"))
    months = forms.IntegerField(
        label=_("周期（月）"),
        required=False,
        min_value=1,
        max_value=240,
        help_text=_("只作首次强制检定的不填。"),
    )
    valid_from = day_field(_("启用日期"), hint=_("规程实施的日期。此前的检定不重新计算。"))
    source = forms.CharField(label=_("依据"), max_length=200, help_text=_("文件名称、文号、条款或查询网址"))
    replaces = forms.ChoiceField(label=_("所替代的周期"), choices=(), required=False)
    verified = forms.BooleanField(label=_("我已对照原文核实"), required=False)

    def __init__(self, *args: Any, item: CatalogueItem, **options: Any) -> None:
        super().__init__(*args, **options)
        open_rows = [
            (str(row.pk), f"{row.regulation} {row.valid_from}")
            for row in item.periods.all()
            if not row.valid_to
        ]
        field = cast(forms.ChoiceField, self.fields["replaces"])
        field.choices = [("", _("不替代，另加一行")), *open_rows]


class ConfirmPeriodForm(forms.Form):
    source = forms.CharField(label=_("依据"), max_length=200, help_text=_("所对照的原文"))


class SynonymsForm(forms.Form):
    synonyms = forms.CharField(
        label=_("俗称"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("每行一个。导入台账和查找目录项时使用；一个俗称只能属于一个目录项。"),
    )  # fmt: skip
