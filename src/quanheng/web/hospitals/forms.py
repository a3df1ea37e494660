"""The forms of a half-year report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quanheng.apps.hospitals.services.decide_report import LONGEST as LONGEST_REASON
from quanheng.apps.hospitals.services.write_report import LONGEST, LONGEST_REMARK, MOST_MANAGERS
from quanheng.web.fields import long_field


class WriteForm(forms.Form):
    """What the hospital says: in general, of its managers, and of each class.

    Args:
        classes: key and name of the lines.
    """

    full_time_managers = forms.IntegerField(
        label=_("专职计量管理人员（人）"), min_value=0, max_value=MOST_MANAGERS,
        help_text=_("没有的填 0。二级以上医院应当配备。"),
    )  # fmt: skip
    words = long_field(_("情况说明"), required=False, most=LONGEST)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, classes: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.keys = []
        for key, name in classes:
            self.keys.append(key)
            self.fields[f"remark_{key}"] = forms.CharField(
                label=_("备注：%(name)s") % {"name": name}, required=False, max_length=LONGEST_REMARK
            )

    @property
    def remarks(self) -> Mapping[str, str]:
        """Key of a class → what was said of it."""
        return {key: self.cleaned_data[f"remark_{key}"] for key in self.keys}


class ReturnForm(forms.Form):
    """Why a report is returned."""

    reason = long_field(_("退回原因"), most=LONGEST_REASON)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
