"""Issuing blank codes, binding one on site, giving an entity its code."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quanheng.apps.accounts import queries as accounts
from quanheng.apps.instruments import acts as instruments_acts
from quanheng.apps.instruments.queries.ledger import ledger
from quanheng.apps.instruments.services.bind_code import bind_code
from quanheng.apps.instruments.services.issue_blank_codes import issue_blank_codes
from quanheng.apps.registry import acts as registry_acts
from quanheng.apps.registry.queries import entity_file
from quanheng.apps.registry.services.issue_entity_codes import issue_entity_codes
from quanheng.kit.refusal import RuleBroken
from quanheng.regulation.instrument_code import grouped
from quanheng.web.access import OfficeRequest, office, refusals_on
from quanheng.web.codes.forms import LONGEST_ADDRESS, BindForm, BlankForm
from quanheng.web.kept_forms.answers import keep_step

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import Instrument

page_methods = require_http_methods(["GET", "HEAD", "POST"])


@office(*registry_acts.CODES_ISSUED.who)
@page_methods
def blank_new(request: OfficeRequest) -> HttpResponse:
    """Issue a batch of blank codes, and go on to print it."""
    sent = request.POST if request.method == "POST" else None
    form = BlankForm(sent, actor=request.actor, initial=_own_area(request))
    if form.is_valid():
        with refusals_on(form):
            data = form.cleaned_data
            area_id, batch = int(data["area"].value), data["batch"].strip()
            codes = issue_blank_codes(
                area_id=area_id, count=data["count"], batch=batch, by=request.actor, at=timezone.now()
            )
            text = _("已发放 %(count)d 个空白码，批次“%(batch)s”。请打印。")
            messages.success(request, text % {"count": len(codes), "batch": batch})
            return redirect(f"{reverse('label_choose')}?{urlencode({'area': area_id, 'batch': batch})}")
    return render(request, "codes/blank.html", {"form": form})


def _own_area(request: OfficeRequest) -> dict[str, tuple[str, str]]:
    area = accounts.area(request.actor.area_id or 0)
    return {"area": (str(area.pk), area.full_name)} if area else {}


@office(*instruments_acts.CODE_BOUND.who)
@page_methods
def bind(request: OfficeRequest) -> HttpResponse:
    """Type or scan a blank code, choose the instrument, look at both, bind."""
    sent = request.POST if request.method == "POST" else None
    form = BindForm(sent, actor=request.actor, initial=_in_hand(request))
    if not form.is_valid():
        return render(request, "codes/bind.html", {"form": form, "bound": _bound(request)})
    code, instrument_id = form.cleaned_data["code"], int(form.cleaned_data["instrument"].value)
    if request.POST.get("confirmed"):
        with refusals_on(form):
            bind_code(typed=code, instrument_id=instrument_id, by=request.actor, at=timezone.now())
        if form.is_valid():  # no refusal was put on it
            return redirect(f"{reverse('code_bind')}?{urlencode({'bound': instrument_id})}")
        return render(request, "codes/bind.html", {"form": form})
    keep_step(request)
    it = ledger(request.actor).select_related("entity", "root").get(pk=instrument_id)
    return render(request, "codes/confirm.html", {"code": code, "grouped": grouped(code), "instrument": it})


def _in_hand(request: OfficeRequest) -> dict[str, object]:
    wanted = request.GET.get("instrument", "")
    return {"code": request.GET.get("code", "")[:LONGEST_ADDRESS], "instrument": wanted}


def _bound(request: OfficeRequest) -> Instrument | None:
    wanted = request.GET.get("bound", "")
    if not (wanted.isascii() and wanted.isdecimal() and len(wanted) < 19):
        return None
    return ledger(request.actor).select_related("entity").filter(pk=int(wanted)).exclude(code=None).first()


@office(*registry_acts.ENTITY_CONFIRMED.who)
@require_POST
def entity_code_issue(request: OfficeRequest, pk: int) -> HttpResponse:
    """Give an entity its code."""
    if entity_file(pk, request.actor) is None:
        raise Http404
    try:
        issue_entity_codes(entity_ids=[pk], by=request.actor, at=timezone.now())
    except RuleBroken as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("主体码已生成，可以打印。"))
    return redirect("entity_page", pk)
