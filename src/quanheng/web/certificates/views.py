"""证书: its versions, and changes that one person asks for and another decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from quanheng.apps.accounts.enums import ENTITY_ROLES, INSTITUTE_STAFF, OFFICERS, Role
from quanheng.apps.accounts.second_persons import others_at
from quanheng.apps.certificates import acts as certificates_acts
from quanheng.apps.certificates import refusals
from quanheng.apps.certificates.enums import CertificateState, VersionKind
from quanheng.apps.certificates.queries import certificates
from quanheng.apps.certificates.services.amend_certificate import amend_certificate
from quanheng.apps.certificates.services.ask_change import ask_change
from quanheng.apps.certificates.services.refuse_change import refuse_change
from quanheng.apps.certificates.services.replace_certificate import replace_certificate
from quanheng.apps.certificates.services.revoke_certificate import revoke_certificate
from quanheng.apps.certificates.services.withdraw_change import withdraw_change
from quanheng.apps.instruments import acts as instruments_acts
from quanheng.apps.instruments.queries.ledger import void_verification_of
from quanheng.kit.acts import may
from quanheng.kit.refusal import NotYours, RuleBroken
from quanheng.web.access import OfficeRequest, office, refusals_on
from quanheng.web.certificates.forms import ApproveForm, ChangeForm, DecisionForm, WithdrawForm, corrections
from quanheng.web.certificates.lists import certificate_state

if TYPE_CHECKING:
    from quanheng.apps.certificates.models import Certificate, CertificateChange

page_methods = require_http_methods(["GET", "HEAD", "POST"])
CONFIRM: dict[str, Callable[..., object]] = {
    VersionKind.AMENDED: amend_certificate,
    VersionKind.REPLACED: replace_certificate,
    VersionKind.REVOKED: revoke_certificate,
}


@office(*(OFFICERS | INSTITUTE_STAFF | ENTITY_ROLES))
@page_methods
def certificate_page(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show a certificate and its versions; decide the change that waits."""
    certificate = _certificate(request, pk)
    request.seen = ("certificates", pk)
    waiting = certificates.waiting_change(pk, request.actor)
    versions = certificates.versions_of(pk, request.actor)
    asked = request.POST.get("act")
    form = DecisionForm(request.POST if asked == "refuse" else None)
    take_back, refusal = WithdrawForm(request.POST if asked == "withdraw" else None), ""
    approve = (
        ApproveForm(request.POST if asked == "approve" else None, kind=waiting.kind) if waiting else None
    )
    if request.method == "POST" and waiting is not None and approve is not None:
        try:
            if request.POST.get("change") != str(waiting.pk):
                raise refusals.CHANGE_IS_ANOTHER()
            if _decide(request, waiting, Decision(approve, form, take_back)):
                return redirect("certificate_page", pk)
        except (RuleBroken, NotYours) as broken:
            refusal = broken.message
    return render(request, "certificates/page.html", {
        "certificate": certificate, "waiting": waiting, "form": form, "take_back": take_back,
        "approve": approve,
        "refusal": refusal,
        "state": certificate_state(certificate.state),
        "void": void_verification_of(certificate.instrument_id, certificate.number),
        "versions": [(one, certificates.signatures_of(one.pk, request.actor)) for one in versions],
        "corrections": corrections(waiting.content, versions[0]) if waiting else [],
        "public": f"/c/{certificate.public_code}/{quote(certificate.number, safe='')}",
        "may_decide": waiting is not None and waiting.asked_by_id != request.actor.user_id
        and may(instruments_acts.CERTIFICATE_REVOKED, request.actor, certificate),
        "nobody_else": waiting is not None
        and not others_at(
            certificate.institute_id, Role.APPROVER, but=waiting.asked_by_id, day=timezone.localdate()
        ),
        "may_withdraw": waiting is not None and waiting.asked_by_id == request.actor.user_id
        and may(certificates_acts.CERTIFICATE_CHANGE_WITHDRAWN, request.actor, certificate),
        "may_ask": waiting is None and certificate.state == CertificateState.VALID
        and may(certificates_acts.CERTIFICATE_CHANGE_ASKED, request.actor, certificate),
    })  # fmt: skip


@office(*INSTITUTE_STAFF)
@page_methods
def change_ask(request: OfficeRequest, pk: int) -> HttpResponse:
    """Ask for a change."""
    certificate = _certificate(request, pk)
    now = certificates.versions_of(pk, request.actor)[0]
    form = ChangeForm(request.POST if request.method == "POST" else None, now=now)
    if form.is_valid():
        with refusals_on(form):
            ask_change(
                certificate_id=pk, kind=VersionKind(form.cleaned_data["kind"]),
                reason=form.cleaned_data["reason"], content=form.content(), by=request.actor,
                at=timezone.now(),
            )  # fmt: skip
            messages.success(request, _("已提出，请另一位批准人办理。"))
            return redirect("certificate_page", pk)
    return render(request, "certificates/change.html", {"certificate": certificate, "form": form})


@dataclass(frozen=True, slots=True)
class Decision:
    """The forms of what can become of a change; only the one that was sent is bound."""

    approve: ApproveForm
    refuse: DecisionForm
    take_back: WithdrawForm


def _decide(request: OfficeRequest, change: CertificateChange, forms: Decision) -> bool:
    """Do what was asked; False where its form is not complete."""
    by, at = request.actor, timezone.now()
    if forms.take_back.is_valid():
        withdraw_change(change_id=change.pk, reason=forms.take_back.cleaned_data["reason"], by=by, at=at)
        messages.success(request, _("已撤回，证书不变。"))
        return True
    if forms.refuse.is_valid():
        refuse_change(change_id=change.pk, reason=forms.refuse.cleaned_data["reason"], by=by, at=at)
        messages.success(request, _("已退回该变更。"))
        return True
    if not forms.approve.is_valid():
        return False
    CONFIRM[change.kind](change_id=change.pk, by=by, at=at)
    revoked = change.kind == VersionKind.REVOKED
    messages.success(request, _("已批准，证书已注销。") if revoked else _("已批准，新版本已签发。"))
    return True


def _certificate(request: OfficeRequest, pk: int) -> Certificate:
    found = certificates.certificate(pk, request.actor)
    if found is None:
        raise Http404
    return found
