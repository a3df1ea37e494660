"""One instrument: its page, registering and changing it, and every act on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quanheng.apps.accounts.enums import ENTITY_ROLES, INSTITUTE_STAFF, OFFICERS
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.permissions import LEDGER_READERS
from quanheng.apps.instruments.queries.ledger import instrument_file, shown_ledger
from quanheng.apps.instruments.services.change_or_ask import change_or_ask
from quanheng.apps.instruments.services.confirm_unchanged import confirm_unchanged
from quanheng.apps.instruments.services.register_instrument import register_instrument
from quanheng.apps.registry.queries import entities
from quanheng.kit.acts import may
from quanheng.web.access import OfficeRequest, office, refusals_on
from quanheng.web.instruments.act_form import ActForm
from quanheng.web.instruments.acts import FORM_OF_SLUG
from quanheng.web.instruments.after_check import initial_of_check
from quanheng.web.instruments.facts_form import ChangeForm, RegisterForm
from quanheng.web.instruments.labels import verdict
from quanheng.web.instruments.page import shown_instrument
from quanheng.web.posts import form_of

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import Instrument

NEWEST_ACTS, ALL_ACTS = 20, 1_000
page_methods = require_http_methods(["GET", "HEAD", "POST"])


@office(*LEDGER_READERS)
@require_safe
def instrument_page(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show how an instrument stands, what is due next, and its whole history."""
    file = instrument_file(pk, request.actor)
    if file is None:
        raise Http404
    request.seen = ("instruments", pk)
    acts = ALL_ACTS if request.GET.get("all") else NEWEST_ACTS
    shown = shown_instrument(file, request.actor, timezone.localdate(), acts=acts)
    return render(request, "instruments/instrument.html", {"shown": shown})


@office(*(OFFICERS | ENTITY_ROLES))
@page_methods
def instrument_new(request: OfficeRequest) -> HttpResponse:
    """Register one instrument by hand; `?entity=` says where."""
    sent = request.POST if request.method == "POST" else None
    form = RegisterForm(sent, actor=request.actor, initial=_where(request))
    if form.is_valid():
        with refusals_on(form):
            made = register_instrument(
                entity_id=int(form.cleaned_data["entity"].value), facts=form.facts(),
                by=request.actor, at=timezone.now(),
            )  # fmt: skip
            messages.success(request, _("已登记为草稿。核对无误后请提交备案。"))
            return redirect("instrument_page", made.pk)
    return render(request, "instruments/register.html", {"form": form})


def _where(request: OfficeRequest) -> dict[str, tuple[str, str]]:
    wanted = request.GET.get("entity", "") or str(request.actor.entity_id or "")
    if not (wanted.isascii() and wanted.isdecimal() and len(wanted) < 19):
        return {}
    entity = entities(request.actor).filter(pk=int(wanted)).first()
    return {"entity": (str(entity.pk), entity.name)} if entity else {}


@office(*(OFFICERS | ENTITY_ROLES))
@page_methods
def instrument_edit(request: OfficeRequest, pk: int) -> HttpResponse:
    """Correct what is registered."""
    it = _instrument(request, pk)
    if not may(acts.INSTRUMENT_CHANGED, request.actor, it):
        raise Http404
    sent = request.POST if request.method == "POST" else None
    form = ChangeForm(sent, actor=request.actor, instrument=it, known=initial_of_check(request, it))
    if form.is_valid():
        with refusals_on(form):
            data = form.cleaned_data
            waits = change_or_ask(
                instrument_id=pk, changes=form.facts(), version=data["version"], reason=data["reason"],
                by=request.actor, at=timezone.now(),
            )  # fmt: skip
            asked = _("已提交变更申请：铭牌信息由辖区市场监管部门审核，审核前台账不变。")
            messages.success(request, asked if waits else _("已保存。"))
            return redirect("instrument_page", pk)
    return render(request, "instruments/edit.html", {"form": form, "instrument": it})


@office(*(OFFICERS | ENTITY_ROLES | INSTITUTE_STAFF))
@page_methods
def instrument_act(request: OfficeRequest, pk: int, slug: str) -> HttpResponse:
    """Show the form of an act, and do it. A refusal keeps what was typed and says how to put it right."""
    form_class = FORM_OF_SLUG.get(slug)
    it = _instrument(request, pk)
    if form_class is None or not may(form_class.verb, request.actor, it):
        raise Http404
    if request.method != "POST" and not form_class.possible_for(it, request.actor):
        return _not_now(request, it, form_class)
    form = form_class(
        request.POST if request.method == "POST" else None, request.FILES or None,
        instrument=it, actor=request.actor, initial=initial_of_check(request, it),
    )  # fmt: skip
    if form.is_valid():
        with refusals_on(form):
            form.act(by=request.actor, at=timezone.now())
            messages.success(request, form.done_text())
            return redirect(form.done_url())
    context = {"form": form, "instrument": it, "verdict": verdict(it, timezone.localdate())}
    return render(request, "instruments/act.html", context)


@office(*acts.UNCHANGED.who)
@form_of("instrument_page")
def instrument_unchanged(request: OfficeRequest, pk: int) -> HttpResponse:
    """Confirm in one click that an instrument is there as it is registered."""
    for refusal in confirm_unchanged(instrument_ids=[pk], by=request.actor, at=timezone.now()).values():
        raise refusal
    messages.success(request, _("已确认。"))
    return redirect("instrument_page", pk)


def _not_now(request: OfficeRequest, it: Instrument, form: type[ActForm]) -> HttpResponseRedirect:
    by_state = _("器具当前状态为“%(state)s”，不能办理此事项。") % {"state": it.get_state_display()}
    messages.warning(request, str(form.not_now or by_state))
    return redirect("instrument_page", it.pk)


def _instrument(request: OfficeRequest, pk: int) -> Instrument:
    rows = shown_ledger(request.actor).select_related("entity", "root", "item", "area")
    it = rows.filter(pk=pk).first()
    if it is None:
        raise Http404
    return it
