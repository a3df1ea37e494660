"""The form that closes a shopper's report."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from quanheng.apps.instruments.enums import ReportFinding
from quanheng.apps.instruments.services.settle_report import LONGEST
from quanheng.web.fields import long_field


class ReopenReportForm(forms.Form):
    """Why a closed report is looked into again."""

    reason = long_field(_("原因"), most=LONGEST)


class CloseReportForm(forms.Form):
    """What was found, and what whoever reported is told."""

    finding = forms.ChoiceField(label=_("核查结论"), choices=[("", _("请选择")), *ReportFinding.choices])
    found = long_field(_("核查情况（仅监管部门可见）"), most=LONGEST)
    answer = long_field(_("答复（凭反映编号可以查看，请勿写个人信息）"), most=LONGEST)
