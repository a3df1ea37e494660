"""一主体一档: the file of an entity, and the acts on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quanheng.apps.accounts.enums import ENTITY_ROLES, OFFICERS
from quanheng.apps.instruments.services.close_file import close_file
from quanheng.apps.registry import acts
from quanheng.apps.registry.enums import ContactDuty, EntityKind, EntityState
from quanheng.apps.registry.queries import contacts_of, entity_file
from quanheng.apps.registry.services.change_entity import change_entity
from quanheng.apps.registry.services.confirm_entity import confirm_entity
from quanheng.apps.registry.services.confirm_unchanged import confirm_unchanged
from quanheng.apps.registry.services.register_entity import register_entity
from quanheng.apps.registry.services.reveal_contact import reveal_contact
from quanheng.apps.registry.services.set_contact import set_contact
from quanheng.kit.acts import may
from quanheng.web.access import OfficeRequest, office, refusals_on
from quanheng.web.asking import ask_once
from quanheng.web.downloads import pdf_answer
from quanheng.web.people.section import shown_accounts
from quanheng.web.posts import form_of
from quanheng.web.registry.forms import (
    ChangeEntityForm,
    ContactForm,
    ReasonForm,
    RegisterEntityForm,
    RevealForm,
)
from quanheng.web.registry.page import shown_entity
from quanheng.web.registry.paper import entity_paper

if TYPE_CHECKING:
    from quanheng.apps.registry.models import Entity

NEWEST_ACTS, ALL_ACTS = 20, 1_000
READERS = OFFICERS | ENTITY_ROLES
page_methods = require_http_methods(["GET", "HEAD", "POST"])


@office(*READERS)
@require_safe
def entity_page(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show one entity's file."""
    most = ALL_ACTS if request.GET.get("all") else NEWEST_ACTS
    request.seen = ("entities", pk)
    shown = shown_entity(_entity(request, pk), request.actor, timezone.localdate(), acts=most)
    may_confirm = shown.entity.state == EntityState.DRAFT and may(
        acts.ENTITY_CONFIRMED, request.actor, shown.entity
    )
    may_issue_code = shown.entity.state == EntityState.CONFIRMED and may(
        acts.ENTITY_CONFIRMED, request.actor, shown.entity
    )
    context = {
        "shown": shown, "may_confirm": may_confirm, "may_issue_code": may_issue_code,
        "accounts": shown_accounts(shown.entity, request.actor, timezone.localdate()),
    }  # fmt: skip
    return render(request, "registry/entity.html", context)


@office(*READERS)
@require_safe
def entity_print(request: OfficeRequest, pk: int) -> HttpResponse:
    """Give an entity's file as a PDF to print."""
    entity, now = _entity(request, pk), timezone.now()
    name = f"entity-{entity.pk}-{timezone.localtime(now):%Y%m%d}.pdf"
    return pdf_answer(entity_paper(entity, request.actor, now), name)


@office(*acts.ENTITY_REGISTERED.who)
@page_methods
def entity_new(request: OfficeRequest) -> HttpResponse:
    """Open a file; `?parent=` says below which one."""
    sent = request.POST if request.method == "POST" else None
    form = RegisterEntityForm(sent, actor=request.actor, initial=_below(request))
    if form.is_valid():
        chosen = form.cleaned_data["parent"]
        parent = entity_file(int(chosen.value), request.actor) if chosen else None
        facts = form.facts(parent)
        if facts is not None:
            with refusals_on(form):
                entity = register_entity(facts=facts, by=request.actor, at=timezone.now())
                messages.success(request, _("已建档。"))
                return redirect("entity_page", entity.pk)
    return render(request, "registry/register.html", {"form": form})


def _below(request: OfficeRequest) -> dict[str, object]:
    wanted = request.GET.get("parent", "") or str(request.actor.entity_id or "")
    if not (wanted.isascii() and wanted.isdecimal() and len(wanted) < 19):
        return {}
    parent = entity_file(int(wanted), request.actor)
    if parent is None:
        return {}
    kind = EntityKind.STALL if parent.kind == EntityKind.MARKET_OPERATOR else EntityKind.COMPANY
    return {"parent": (str(parent.pk), parent.name), "premises": parent.premises, "kind": kind.value}


@office(*acts.ENTITY_CHANGED.who)
@page_methods
def entity_edit(request: OfficeRequest, pk: int) -> HttpResponse:
    """Change what a file says."""
    entity = _entity(request, pk)
    form = ChangeEntityForm(
        request.POST if request.method == "POST" else None, actor=request.actor, entity=entity
    )
    if form.is_valid():
        with refusals_on(form):
            data = form.cleaned_data
            change_entity(
                entity_id=pk, changes=form.changes(), version=data["version"], reason=data["reason"],
                by=request.actor, at=timezone.now(),
            )  # fmt: skip
            messages.success(request, _("已保存。"))
            return redirect("entity_page", pk)
    return _form_page(request, entity, form, _("修改档案"), _("保存"))


@office(*acts.ENTITY_CONFIRMED.who)
@require_POST
def entity_confirm(request: OfficeRequest, pk: int) -> HttpResponse:
    """Confirm a draft."""
    confirm_entity(entity_id=_entity(request, pk).pk, by=request.actor, at=timezone.now())
    messages.success(request, _("档案已确认。"))
    return redirect("entity_page", pk)


@office(*acts.ENTITY_UNCHANGED.who)
@form_of("entity_page")
def entity_unchanged(request: OfficeRequest, pk: int) -> HttpResponse:
    """Confirm in one click that a file is still so."""
    for refusal in confirm_unchanged(entity_ids=[pk], by=request.actor, at=timezone.now()).values():
        raise refusal
    messages.success(request, _("已确认。"))
    return redirect("entity_page", pk)


@office(*acts.ENTITY_CLOSED.who)
@page_methods
def entity_close(request: OfficeRequest, pk: int) -> HttpResponse:
    """Close a file for good."""
    entity = _entity(request, pk)
    form = ask_once(ReasonForm(request.POST if request.method == "POST" else None), acts.ENTITY_CLOSED)
    if form.is_valid():
        with refusals_on(form):
            close_file(entity_id=pk, reason=form.cleaned_data["reason"], by=request.actor, at=timezone.now())
            messages.success(request, _("档案已注销。"))
            return redirect("entity_page", pk)
    text = _("名下器具须先停用、报废或移交；注销后不能再登记器具。")
    return _form_page(request, entity, form, _("注销档案"), _("注销档案"), text=text, danger=True)


@office(*acts.ENTITY_CHANGED.who)
@page_methods
def contact_edit(request: OfficeRequest, pk: int) -> HttpResponse:
    """Write down who holds a duty."""
    entity = _entity(request, pk)
    form = ContactForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form):
            data = form.cleaned_data
            set_contact(
                entity_id=pk, duty=ContactDuty(data["duty"]), name=data["name"], phone=data["phone"],
                by=request.actor, at=timezone.now(),
            )  # fmt: skip
            messages.success(request, _("联系人已登记。"))
            return redirect("entity_page", pk)
    text = _("同一身份只留一人，原有的被替换。姓名和电话加密保存，页面脱敏显示。")
    return _form_page(request, entity, form, _("登记联系人"), _("保存"), text=text)


@office(*acts.PERSONAL_DATA_REVEALED.who)
@form_of("entity_page", "pk")
def contact_reveal(request: OfficeRequest, pk: int, contact_id: int) -> HttpResponse:
    """Ask why, then show a person in clear. The act is logged; the answer is not kept by the browser."""
    entity = _entity(request, pk)
    contact = contacts_of(entity, request.actor).filter(pk=contact_id).first()
    if contact is None:
        raise Http404
    form = RevealForm(request.POST if "reason" in request.POST else None)
    revealed = None
    if form.is_valid():
        with refusals_on(form):
            revealed = reveal_contact(
                contact_id=contact_id, reason=form.cleaned_data["reason"], by=request.actor, at=timezone.now()
            )
    context = {"entity": entity, "contact": contact, "form": form, "revealed": revealed}
    response = render(request, "registry/reveal.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _form_page(
    request: OfficeRequest,
    entity: Entity,
    form: forms.Form,
    title: str,
    button: str,
    *,
    text: str = "",
    danger: bool = False,
) -> HttpResponse:
    context = {
        "entity": entity,
        "form": form,
        "title": title,
        "button": button,
        "text": text,
        "danger": danger,
    }
    return render(request, "registry/form.html", context)


def _entity(request: OfficeRequest, pk: int) -> Entity:
    entity = entity_file(pk, request.actor)
    if entity is None:
        raise Http404
    return entity
