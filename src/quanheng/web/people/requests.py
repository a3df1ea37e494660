"""One request for an account: who asks, what speaks for and against it, and the decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from quanheng.apps.accounts.units import Unit, chief_names
from quanheng.apps.people import acts
from quanheng.apps.people.enums import AccountRequestState
from quanheng.apps.people.queries import account_request, is_filed_telephone
from quanheng.apps.people.services.decide_account_request import (
    grant_account_request,
    refuse_account_request,
)
from quanheng.apps.people.services.reveal_request import reveal_request
from quanheng.kit.fields import mask_name, mask_phone
from quanheng.web.access import OfficeRequest, office, refusals_on
from quanheng.web.parts import DetailHead, Fact, State, Tone, moment
from quanheng.web.people.forms import DecideForm
from quanheng.web.people.lists import request_badge

if TYPE_CHECKING:
    from quanheng.apps.accounts.actors import Actor
    from quanheng.apps.people.models import AccountRequest


@office(*acts.ACCOUNT_REQUEST_GRANTED.who)
@require_http_methods(["GET", "HEAD", "POST"])
def request_page(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show a request; confirm it, or refuse it with the reason."""
    found = account_request(pk, request.actor)
    if found is None:
        raise Http404
    request.shows = ("account-requests", pk)
    revealed = request.POST.get("act") == "reveal"
    form = DecideForm(request.POST if request.method == "POST" and not revealed else None)
    if revealed:
        found = reveal_request(request_id=pk, by=request.actor, at=timezone.now())
    chiefs = _chiefs(found)
    if not chiefs:
        del form.fields["handover"]
    if form.is_valid():
        with refusals_on(form):
            _decide(request, pk, form)
            return redirect("account_request_page", pk)
    waits = found.state == AccountRequestState.WAITING
    whose = found.entity.name if found.entity else found.code
    context = {
        "found": found,
        "head": DetailHead(whose, request_badge(found), found.number),
        "facts": _facts(found, request.actor, chiefs, revealed=revealed),
        "revealed": revealed,
        "decision": [] if waits else _decision(found),
        "form": form,
        "waits": waits,
        "register_url": "" if found.entity_id else reverse("entity_new"),
    }
    return render(request, "people/request.html", context)


def _decide(request: OfficeRequest, pk: int, form: DecideForm) -> None:
    said, now = form.cleaned_data, timezone.now()
    if request.POST.get("act") == "refuse":
        refuse_account_request(request_id=pk, reason=said["reason"], by=request.actor, at=now)
        messages.success(request, _("已记录，申请人会收到短信。"))
        return
    grant_account_request(
        request_id=pk, reason=said["reason"], handover=bool(said.get("handover")), by=request.actor, at=now
    )
    messages.success(request, _("已同意，邀请短信将发到申请人的手机。"))


def _chiefs(found: AccountRequest) -> list[str]:
    return chief_names(Unit(entity_id=found.entity_id), timezone.localdate()) if found.entity_id else []


def _facts(found: AccountRequest, by: Actor, chiefs: Sequence[str], *, revealed: bool) -> list[Fact]:
    known = is_filed_telephone(found, by)
    match = State(_("与主体档案一致"), Tone.OK) if known else State(_("主体档案中没有此号码"), Tone.BAD)
    entity = reverse("entity_page", args=[found.entity_id]) if found.entity_id else ""
    return [
        Fact(_("代码"), found.code, code=True),
        Fact(_("主体"), found.entity.name if found.entity else _("未找到主体档案"), entity),
        Fact(_("行政区划"), found.area.full_name),
        Fact(_("现账号负责人"), "、".join(chiefs)),
        Fact(_("申请人"), found.name if revealed else mask_name(found.name)),
        Fact(_("手机号"), found.phone if revealed else mask_phone(found.phone), state=match),
        Fact(_("申请理由"), found.words),
        Fact(_("收到时间"), moment(found.received_at)),
    ]


def _decision(found: AccountRequest) -> list[Fact]:
    invitation = found.invitation
    return [
        Fact(_("审核人"), found.decided_by.name if found.decided_by else ""),
        Fact(_("审核时间"), moment(found.decided_at)),
        Fact(_("审核意见"), found.decision_reason),
        Fact(
            _("账号邀请"), invitation.number if invitation else "",
            reverse("invitation_page", args=[invitation.pk]) if invitation else "",
        ),
    ]  # fmt: skip
