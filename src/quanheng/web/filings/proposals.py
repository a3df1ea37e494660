"""变更申请: what was asked for beside what the ledger says; accept it, or return it with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from quanheng.apps.accounts.enums import ENTITY_ROLES, OFFICERS
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.enums import ProposalState, Result, SealPosition
from quanheng.apps.instruments.queries.catalogue import item_names
from quanheng.apps.instruments.queries.columns import instrument_labels
from quanheng.apps.instruments.queries.proposals import deciding_offices, proposal_file
from quanheng.apps.instruments.queries.seals import numbers_by_position
from quanheng.apps.instruments.services.decide_proposal import Paper, accept_proposal, return_proposal
from quanheng.apps.instruments.services.withdraw_proposal import withdraw_proposal
from quanheng.kit.acts import may
from quanheng.kit.tones import Text
from quanheng.web.access import OfficeRequest, office, refusals_on
from quanheng.web.asking import SureField
from quanheng.web.fields import day_field
from quanheng.web.filings.lists import proposal_badge
from quanheng.web.instruments.facts_form import WEIGHTS, weight_text
from quanheng.web.parts import DetailHead, Fact

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import ProposedChange

VERIFICATION = ("verified_on", "result", "valid_until", "certificate_number", "institute")


class AcceptForm(forms.Form):
    """Accept what was asked for."""

    certificate_number = forms.CharField(
        label=gettext_lazy("证书编号"), max_length=80, required=False,
        help_text=gettext_lazy("照证书填写，不要照抄申请。"),
    )  # fmt: skip
    valid_until = day_field(
        gettext_lazy("有效期至"), required=False, hint=gettext_lazy("照证书填写；不合格的不填。")
    )
    paper_seen = forms.BooleanField(
        label=gettext_lazy("已核对检定证书原件或照片"), required=False,
        help_text=gettext_lazy("同意后，检定以您的名义登记入台账。"),
    )  # fmt: skip


class ReturnForm(forms.Form):
    """Return it with the reason."""

    reason = forms.CharField(
        label=gettext_lazy("退回原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("申请人可以看到，请写明需要补正的内容。"),
    )  # fmt: skip


class WithdrawForm(forms.Form):
    """Take it back with the reason."""

    reason = forms.CharField(
        label=gettext_lazy("撤回的理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("撤回后台账不变；申请和撤回都留有记录。"),
    )  # fmt: skip
    sure = SureField(acts.CHANGE_WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Beside:
    """One line of the comparison."""

    label: Text
    stands: object
    asked: object


@office(*(OFFICERS | ENTITY_ROLES))
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_page(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show a proposal beside the ledger, and decide it."""
    row = _row(request, pk)
    request.shows = ("proposals", pk)
    waits = row.state == ProposalState.WAITING
    is_mine = waits and row.proposed_by_id == request.actor.user_id
    may_decide = waits and not is_mine and may(acts.CHANGE_ACCEPTED, request.actor, row.instrument)
    act = request.POST.get("act") if request.method == "POST" and (may_decide or is_mine) else ""
    take_back = WithdrawForm(request.POST if act == "withdraw" else None)
    accept = AcceptForm(request.POST if act == "accept" else None)
    return_form = ReturnForm(request.POST if act == "return" else None)
    if accept.is_valid():
        with refusals_on(accept):
            read = accept.cleaned_data
            paper = Paper(read["paper_seen"], read["certificate_number"], read["valid_until"])
            accept_proposal(proposal_id=pk, paper=paper, by=request.actor, at=timezone.now())
            messages.success(request, _("已同意，台账已更新。"))
            return redirect("proposal_page", pk)
    if take_back.is_valid():
        with refusals_on(take_back):
            reason = take_back.cleaned_data["reason"]
            withdraw_proposal(proposal_id=pk, reason=reason, by=request.actor, at=timezone.now())
            messages.success(request, _("已撤回，台账不变。"))
            return redirect("proposal_page", pk)
    if return_form.is_valid():
        with refusals_on(return_form):
            reason = return_form.cleaned_data["reason"]
            return_proposal(proposal_id=pk, reason=reason, by=request.actor, at=timezone.now())
            messages.success(request, _("已退回，申请人可以看到原因。"))
            return redirect("proposal_page", pk)
    context = {
        "row": row,
        "head": DetailHead(row.instrument.name, proposal_badge(row), row.instrument.serial_number,
                           duty=_duty(row) if waits else ""),
        "facts": _facts(row),
        "lines": _lines(row),
        "accept": accept,
        "return_form": return_form,
        "may_decide": may_decide,
        "take_back": take_back,
        "is_mine": is_mine,
    }  # fmt: skip
    return render(request, "filings/proposal.html", context)


def _row(request: OfficeRequest, pk: int) -> ProposedChange:
    row = proposal_file(pk, request.actor)
    if row is None:
        raise Http404
    return row


def _duty(row: ProposedChange) -> str:
    """Say who decides now: the office, or the level above where the office has nobody but the asker."""
    offices = deciding_offices(row, timezone.localdate())
    return _("%(offices)s：审核") % {"offices": _("、").join(offices) or _("监管部门")}


def _facts(row: ProposedChange) -> list[Fact]:
    it = row.instrument
    facts = [
        Fact(_("器具"), f"{it.name} {it.model}", reverse("instrument_page", args=[it.pk])),
        Fact(_("使用单位"), it.entity.name),
        Fact(_("器具状态"), it.get_state_display()),
        Fact(_("申请人"), row.proposed_by.name if row.proposed_by else None),
        Fact(_("申请时间"), timezone.localtime(row.proposed_at).strftime("%Y-%m-%d %H:%M")),
    ]
    if row.asked_because:
        facts.append(Fact(_("申请理由"), row.asked_because))
    if row.import_run:
        facts.append(
            Fact(_("来自导入"), row.import_run.file_name, reverse("import_page", args=[row.import_run_id]))
        )
    if row.decided_at:
        facts.append(Fact(_("办结时间"), timezone.localtime(row.decided_at).strftime("%Y-%m-%d %H:%M")))
        facts.append(Fact(_("办结人"), row.decided_by.name if row.decided_by else None))
    if row.reason:
        withdrawn = row.state == ProposalState.WITHDRAWN
        facts.append(Fact(_("撤回的理由") if withdrawn else _("退回原因"), row.reason))
    return facts


def _lines(row: ProposedChange) -> list[Beside]:
    it = row.instrument
    labels = instrument_labels()
    lines = [
        Beside(labels[name], _shown(name, getattr(it, name)), _shown(name, asked))
        for name, asked in row.facts.items()
    ]
    if row.verification:
        said = row.verification
        lines += [
            Beside(labels[name], _shown(name, getattr(it, name)), _shown(name, said[name]))
            for name in VERIFICATION
        ]
    whole = numbers_by_position(it.pk)
    for position, number in row.seals.items():
        label = _("铅封（%(position)s）") % {"position": SealPosition(position).label}
        lines.append(Beside(label, whole.get(position), number))
    return lines


def _shown(name: str, value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()  # as what was asked for is kept, so that the two are compared at a glance
    if name == "item_id":
        return item_names().get(int(value), value)
    if name in WEIGHTS and value:
        return weight_text(Decimal(value))
    return Result(value).label if name == "result" and value else value
