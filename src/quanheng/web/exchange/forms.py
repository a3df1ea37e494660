"""Forms about events and alarms of the platform for scales."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from quanheng.apps.exchange.acts import PLATFORM_EVENT_DISMISSED
from quanheng.apps.exchange.enums import Finding
from quanheng.apps.exchange.services import review_alarm, settle_event
from quanheng.web.asking import SureField
from quanheng.web.fields import long_field


class AssignForm(forms.Form):
    """Which scale an event is about."""

    code = forms.CharField(
        label=_("器具码"), max_length=200, help_text=_("秤上标签的编码，或扫码得到的网址。")
    )  # fmt: skip


class DismissForm(forms.Form):
    """Why an event is none of ours."""

    reason = long_field(_("不予登记的原因"), most=settle_event.LONGEST)
    sure = SureField(PLATFORM_EVENT_DISMISSED)


class FindingForm(forms.Form):
    """What was found behind an alarm."""

    finding = forms.ChoiceField(label=_("核查结论"), choices=[("", _("请选择")), *Finding.choices])
    text = long_field(_("现场核查情况"), most=review_alarm.LONGEST)
