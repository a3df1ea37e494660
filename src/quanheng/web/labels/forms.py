"""Which labels, on what paper, how far this printer prints beside the mark."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from quanheng.apps.instruments.labels.layouts import LAYOUTS, OFFSET_AT_MOST, Offset
from quanheng.apps.instruments.queries.labels import Selection

MOST_SINGLE = 1_000


class PrintForm(forms.Form):
    """The paper and the printer."""

    layout = forms.ChoiceField(
        label=_("标签纸"), choices=[(slug, paper.name) for slug, paper in LAYOUTS.items()]
    )
    skip = forms.IntegerField(
        label=_("第一张纸已使用的位置"), initial=0, min_value=0, max_value=99, required=False,
        help_text=_("接着用剩下的半张纸时填写，否则为 0。"),
    )  # fmt: skip
    right = forms.FloatField(
        label=_("右移（毫米）"), initial=0, min_value=-OFFSET_AT_MOST, max_value=OFFSET_AT_MOST,
        required=False,
        help_text=_("先用白纸试打，对照标签纸核对偏差。左移填负数。"),
    )  # fmt: skip
    down = forms.FloatField(
        label=_("下移（毫米）"), initial=0, min_value=-OFFSET_AT_MOST, max_value=OFFSET_AT_MOST,
        required=False,
        help_text=_("上移填负数。"),
    )  # fmt: skip

    def offset(self) -> Offset:
        return Offset(self.cleaned_data["right"] or 0.0, self.cleaned_data["down"] or 0.0)


def selection_in(query: QueryDict) -> Selection:
    """Read the address: `?instrument=` (any number), `?entity=`, `?area=`, or `?batch=` with an area."""
    return Selection(
        instruments=tuple(filter(None, map(_number, query.getlist("instrument")[:MOST_SINGLE]))),
        entity=_number(query.get("entity")),
        area=_number(query.get("area")),
        batch=query.get("batch", "")[:40],
    )


def _number(text: Any) -> int | None:
    return int(text) if text and str(text).isdecimal() and len(str(text)) < 19 else None
