"""Forms of the import."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quanheng.apps.instruments.acts import IMPORT_UNDONE
from quanheng.apps.instruments.ledger_sheet.columns import FIELDS, SYNONYMS
from quanheng.apps.registry.enums import PremisesKind
from quanheng.web.asking import SureField


class UploadForm(forms.Form):
    """A ledger as the office keeps it."""

    premises = forms.ChoiceField(  # before the file, of which not all may be read (web.kept_forms.reading)
        label=_("场所类型"),
        choices=[("", _("自动判断")), *PremisesKind.choices],
        required=False,
        help_text=_("表中未写明市场、加油站或医院的，请选择。"),
    )
    file = forms.FileField(
        label=_("台账文件"),
        help_text=_("xlsx、xls 或 csv，至多 500 MB。标题、备注和合计行自动跳过。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt"}),
    )


FIELD_WORDS = {name: SYNONYMS[name][0] for name in FIELDS}


class ColumnsForm(forms.Form):
    """One question for each column that could not be placed."""

    def __init__(self, *args: Any, questions: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.headers = [question["header"] for question in questions]
        for index, question in enumerate(questions):
            likely = [name for name in question["suggestions"] if name in FIELD_WORDS]
            others = [name for name in FIELD_WORDS if name not in likely]
            self.fields[f"column{index}"] = forms.ChoiceField(
                label=_("列“%(header)s”对应的登记项") % {"header": question["header"]},
                choices=[
                    ("", _("不导入这一列")),
                    *((name, FIELD_WORDS[name]) for name in (*likely, *others)),
                ],
                initial=likely[0] if likely else "",
                required=False,
            )

    def mapping(self) -> dict[str, str]:
        """Return header → field, '' for a column that is left out."""
        return {header: self.cleaned_data[f"column{index}"] for index, header in enumerate(self.headers)}


class UndoForm(forms.Form):
    """Why a whole run is taken back."""

    reason = forms.CharField(label=_("撤销原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    sure = SureField(IMPORT_UNDONE)
