"""What the hotline does with a report: write down, pass on, tell the reporter. One page a step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.instruments.queries import reports
from quanheng.apps.instruments.services.hear_at_hotline import (
    is_open,
    note_report,
    pass_report_on,
    reply_to_reporter,
    waits_for_office,
)
from quanheng.apps.instruments.services.settle_report import LONGEST
from quanheng.web.access import OfficeRequest, office, refusals_on
from quanheng.web.fields import long_field
from quanheng.web.lists.fields import PickField
from quanheng.web.parts import Link, Text

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import ShopperReport


class NoteForm(forms.Form):
    """What the hotline knows besides."""

    note = long_field(_("登记内容（仅监管部门和 12315 可见）"), most=LONGEST)


class PassOnForm(forms.Form):
    """To whom, and what they should know."""

    note = long_field(_("转办说明（仅监管部门和 12315 可见）"), most=LONGEST)
    area = PickField(
        label=_("承办地区"), source="areas", required=False,
        help_text=_("标签未绑定器具时选择；其他的由器具所在地核查，不用选。"),
    )  # fmt: skip


class ReplyForm(forms.Form):
    """What whoever reported reads."""

    reply = long_field(_("答复（凭反映编号可以查看，请勿写个人信息）"), most=LONGEST)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that the hotline does.

    Args:
        does: takes the report's id and the form's values.
        offered: whether it can be done to a report as it stands.
    """

    title: Text
    hint: Text
    icon: str
    form: type[forms.Form]
    does: Callable[..., object]
    offered: Callable[[ShopperReport], bool]
    done: Text


STEPS: Final = {
    "note": Step(
        _("登记"), _("填写来电人补充的情况，供核查人员查看。"), "clipboard-check", NoteForm, note_report,
        is_open, _("已登记这件反映。"),
    ),
    "pass-on": Step(
        _("转办"), _("提醒辖区监管部门尽快核查；办理期限不变。"), "share", PassOnForm, pass_report_on,
        waits_for_office, _("已转办。辖区监管部门的待办会标出这件反映。"),
    ),
    "reply": Step(
        _("答复反映人"), _("是否属实由核查部门写明；在此只填写 12315 的答复。"), "check", ReplyForm,
        reply_to_reporter, lambda _report: True, _("已答复。凭反映编号可以查看。"),
    ),
}  # fmt: skip


def steps_for(report: ShopperReport, actor: Actor) -> list[Link]:
    """Return the links to what this person may do as the hotline."""
    if actor.role is not Role.HOTLINE_AGENT:
        return []
    return [
        Link(step.title, reverse("report_hotline", args=[report.pk, slug]), step.icon, primary=slug == "note")
        for slug, step in STEPS.items()
        if step.offered(report)
    ]


@office(Role.HOTLINE_AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def report_hotline(request: OfficeRequest, pk: int, slug: str) -> HttpResponse:
    """Do one of the steps."""
    report, step = reports.report(pk, request.actor), STEPS.get(slug)
    if report is None or step is None:
        raise Http404
    form = _form(step, request, report)
    if form.is_valid():
        with refusals_on(form):
            step.does(report_id=pk, **_said(form), by=request.actor, at=timezone.now())
            messages.success(request, str(step.done))
            return redirect("report_page", pk)
    return render(request, "reports/hotline.html", {"report": report, "step": step, "form": form})


def _form(step: Step, request: OfficeRequest, report: ShopperReport) -> forms.Form:
    as_it_stands = {"note": report.note, "reply": report.reply}
    form = step.form(request.POST if request.method == "POST" else None, initial=as_it_stands)
    area = form.fields.get("area")
    if isinstance(area, PickField):
        area.actor = request.actor
    return form


def _said(form: forms.Form) -> dict[str, Any]:
    said = dict(form.cleaned_data)
    if "area" in said:
        area = said.pop("area")
        said["area_id"] = int(area.value) if area else None
    return said
