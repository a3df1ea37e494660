"""What to export, and the file to import."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from quanheng.apps.exchange.enums import Content


class ExportForm(forms.Form):
    """What goes out; the area is the seat of whoever exports."""

    content = forms.ChoiceField(
        label=_("内容"), choices=Content.choices, widget=forms.RadioSelect, initial=Content.LEDGER
    )
    kind = forms.ChoiceField(
        label=_("格式"),
        choices=[("xlsx", _("Excel 工作簿（xlsx）")), ("csv", _("csv，适合一百万行以上"))],
        widget=forms.RadioSelect,
        initial="xlsx",
    )
    whole = forms.BooleanField(
        label=_("全部重新导出"),
        required=False,
        help_text=_("不选时只导出上次导出以来有变化的行；首次导出总是全部。"),
    )


class ResultsForm(forms.Form):
    """A sheet of verification results."""

    file = forms.FileField(
        label=_("检定结果文件"),
        help_text=_("e-CQS 或检定机构导出的 xlsx、xls 或 csv，不超过 500 MB。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt"}),
    )
