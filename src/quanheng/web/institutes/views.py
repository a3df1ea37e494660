"""检定机构: what an institute may verify, with which standards, by whom; entering rows and ending them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.certificates import acts
from quanheng.apps.certificates.queries.fees import compulsory_fee
from quanheng.apps.certificates.queries.institutes import InstituteFile, institute_file
from quanheng.apps.certificates.services.end_capability import Capability
from quanheng.kit.acts import may
from quanheng.kit.dated import has_ended
from quanheng.kit.tones import State, Tone
from quanheng.web.access import OfficeRequest, office, refusals_on
from quanheng.web.institutes.forms import FORM_OF_KIND, ContactForm, EndForm
from quanheng.web.institutes.lists import READERS
from quanheng.web.institutes.weeks import weeks_of
from quanheng.web.parts import Link

SHOWN = 300
KEEPERS = (Role.INSTITUTE_MANAGER, Role.PROVINCE_OFFICER)
page_methods = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row with how it stands on the day, and where it is ended."""

    it: Any
    state: State
    end_url: str


@dataclass(frozen=True, slots=True)
class ShownRows:
    """One table of the page."""

    rows: Sequence[ShownRow]
    more: bool
    new: Link | None


@office(*READERS)
@require_safe
def institute_page(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show what an institute may do on this day, and what has ended."""
    file = _file(pk)
    return render(request, "institutes/institute.html", {
        "institute": file.institute,
        "keeps_contact": _keeps(Capability.STANDARD, file, request.actor),
        "authorisations": _rows(file, Capability.AUTHORISATION, request.actor),
        "standards": _rows(file, Capability.STANDARD, request.actor),
        "qualifications": _rows(file, Capability.QUALIFICATION, request.actor),
        "weeks": weeks_of(pk, request.actor),
        "fee": compulsory_fee(timezone.localdate()),
        "shown": SHOWN,
    })  # fmt: skip


@office(*KEEPERS)
@page_methods
def capability_new(request: OfficeRequest, pk: int, kind: str) -> HttpResponse:
    """Enter an authority, a standard or a qualification."""
    file, form_class = _file(pk), FORM_OF_KIND.get(kind)
    if form_class is None or not _keeps(form_class.kind, file, request.actor):
        raise Http404
    form = form_class(
        request.POST if request.method == "POST" else None, institute_id=pk, actor=request.actor
    )
    if form.is_valid():
        with refusals_on(form):
            form.act(at=timezone.now())
            messages.success(request, _("已登记。"))
            return redirect("institute_page", pk)
    context = {
        "form": form, "institute": file.institute, "title": form.label, "text": form.intro, "danger": False,
    }  # fmt: skip
    return render(request, "institutes/form.html", context)


@office(*KEEPERS)
@page_methods
def institute_contact(request: OfficeRequest, pk: int) -> HttpResponse:
    """Enter the address and the telephone that certificates print."""
    institute = _file(pk).institute
    if not _keeps(Capability.STANDARD, _file(pk), request.actor):
        raise Http404
    known = {"address": institute.address, "telephone": institute.telephone}
    form = ContactForm(request.POST if request.method == "POST" else None, initial=known)
    if form.is_valid():
        with refusals_on(form):
            form.act(pk, by=request.actor, at=timezone.now())
            messages.success(request, _("已登记。"))
            return redirect("institute_page", pk)
    context = {
        "form": form, "institute": institute, "title": _("登记地址和电话"),
        "text": _("此后签发的证书印有地址和电话，已签发的不变。"), "danger": False,
    }  # fmt: skip
    return render(request, "institutes/form.html", context)


@office(*KEEPERS)
@page_methods
def capability_end(request: OfficeRequest, pk: int, kind: str, row: int) -> HttpResponse:
    """Let a row end earlier than its paper says."""
    file = _file(pk)
    rows = _rows_of(file, Capability(kind)) if kind in FORM_OF_KIND else None
    it = rows.filter(pk=row).first() if rows is not None else None
    if it is None or not _keeps(Capability(kind), file, request.actor):
        raise Http404
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form):
            form.act(Capability(kind), row, by=request.actor, at=timezone.now())
            messages.success(request, _("已终止；此前办理的检定不受影响。"))
            return redirect("institute_page", pk)
    context = {
        "form": form, "institute": file.institute, "title": _("提前终止"), "text": it.certificate_number,
        "danger": True,
    }  # fmt: skip
    return render(request, "institutes/form.html", context)


def _file(pk: int) -> InstituteFile:
    file = institute_file(pk)
    if file is None:
        raise Http404
    return file


def _keeps(kind: Capability, file: InstituteFile, by: Actor) -> bool:
    """Say whether this person keeps rows of a kind here: no institute authorises itself."""
    own = not by.is_institute or (by.agency_id == file.institute.pk and kind != Capability.AUTHORISATION)
    return own and may(acts.INSTITUTE_CHANGED, by)


def _rows_of(file: InstituteFile, kind: Capability) -> Any:
    return {
        Capability.AUTHORISATION: file.authorisations,
        Capability.STANDARD: file.standards,
        Capability.QUALIFICATION: file.qualifications,
    }[kind]


def _rows(file: InstituteFile, kind: Capability, by: Actor) -> ShownRows:
    today, keeps, pk = timezone.localdate(), _keeps(kind, file, by), file.institute.pk
    found = list(_rows_of(file, kind)[: SHOWN + 1])
    rows = [
        ShownRow(
            it, _standing(it, today),
            reverse("capability_end", args=[pk, kind, it.pk]) if keeps and not has_ended(it, today) else "",
        )
        for it in found[:SHOWN]
    ]  # fmt: skip
    new = Link(FORM_OF_KIND[kind].label, reverse("capability_new", args=[pk, kind]), "plus")
    return ShownRows(rows, len(found) > SHOWN, new if keeps else None)


def _standing(it: Any, day: date) -> State:
    if it.valid_from > day:
        return State(_("未生效"), Tone.INFO)
    if has_ended(it, day):
        return State(_("已到期"), Tone.BAD)
    traced = getattr(it, "traced_until", None)
    if traced is not None and traced < day:
        return State(_("溯源已过期"), Tone.BAD)
    return State(_("有效"), Tone.OK)
