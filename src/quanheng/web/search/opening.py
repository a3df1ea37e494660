"""What a scan leads on to for whoever has signed in: the instrument's file, and what the role does to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quanheng.apps.certificates.queries.lines import open_lines_of
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.enums import CodeState
from quanheng.apps.instruments.permissions import LEDGER_READERS
from quanheng.apps.instruments.queries.ledger import instrument_file
from quanheng.apps.instruments.queries.search import found_codes, instruments_with_number
from quanheng.apps.registry.queries import entity_with_printed_code
from quanheng.kit.acts import may
from quanheng.regulation.instrument_code import grouped
from quanheng.regulation.search_terms import LONGEST, Term, read_term
from quanheng.web.access import OfficeRequest, signed_in
from quanheng.web.applications.views import acts_on
from quanheng.web.instruments.labels import verdict
from quanheng.web.instruments.page import acts_now
from quanheng.web.parts import Link, State
from quanheng.web.public.labels import Label, read_label

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import Instrument
SLIP = re.compile(r"/applications/arrived/([^/?#\s]+)")  # what an appointment slip bears


@dataclass(frozen=True, slots=True)
class Opened:
    """An instrument as a scan opens it: how it stands, what the label says of itself, where it leads."""

    instrument: Instrument
    state: State
    doors: list[Link]
    others: list[Link]
    is_forged: bool
    differs: bool
    is_old_code: bool


@signed_in
@require_safe
def camera(request: OfficeRequest) -> HttpResponse:
    """Scan with the phone's camera, choose a picture, or type; what was read leads on."""
    typed = request.GET.get("q", "")[:LONGEST].strip()
    if slip := SLIP.search(typed):
        return redirect("application_arrived", slip[1])
    term = read_term(typed)
    foreign = "://" in typed and not (term.code or term.certificate)
    if not typed or foreign:
        return render(request, "search/camera.html", {"foreign": typed})
    if term.code:
        return redirect("open_code", f"{term.code}.{mark}" if (mark := _mark_of(typed)) else term.code)
    return HttpResponseRedirect(f"{reverse('search')}?{urlencode({'q': typed})}")


def _mark_of(typed: str) -> str:
    """Return what stands behind the code in a scanned address: the signature of the label."""
    return typed.rpartition("/s/")[2].partition("?")[0].partition(".")[2].strip("/")


@signed_in
@require_safe
def open_code(request: OfficeRequest, address: str) -> HttpResponse:
    """Open what bears a code, as far as this person may: file and acts, its binding, its public answer."""
    typed, _point, mark = address.partition(".")
    term = read_term(f"/open/{typed}")
    if not term.code:
        return HttpResponseRedirect(f"{reverse('search')}?{urlencode({'q': typed})}")
    entity_id = entity_with_printed_code(term.code, request.actor)
    if entity_id is not None:
        return redirect("entity_page", entity_id)
    label = read_label(term.code, mark)
    opened = _opened(term, label, request) if request.actor.role in LEDGER_READERS else None
    code = None if opened else next(iter(found_codes(term, request.actor, 1)), None)
    may_bind = code is not None and code.state == CodeState.BLANK and may(acts.CODE_BOUND, request.actor)
    return render(request, "search/opened.html", {
        "opened": opened,
        "code": grouped(term.code),
        "is_forged": label.is_forged,
        "bind_url": f"{reverse('code_bind')}?{urlencode({'code': term.code})}" if may_bind else "",
        "known": code,
        "public_url": f"/s/{term.code}{'.' if mark else ''}{mark}",
    })  # fmt: skip


def _opened(term: Term, label: Label, request: OfficeRequest) -> Opened | None:
    """Return the instrument that bears the code, or bore it before a new one was given out."""
    actor = request.actor
    pk = next(iter(instruments_with_number(term, actor)), None)
    old = None if pk else next((row.instrument_id for row in found_codes(term, actor, 1)), None)
    file = instrument_file(pk or old or 0, actor)
    if file is None:
        return None
    it = file.instrument
    now, later = acts_now(file, actor)
    doors = [Link(_("打开器具档案"), reverse("instrument_page", args=[it.pk]), "scale", primary=True)]
    doors += _at_institute(it.pk, request)
    return Opened(
        it, verdict(it, timezone.localdate()), doors + now, later, label.is_forged,
        label.differs_from(term.code, it.serial_number), is_old_code=pk is None,
    )  # fmt: skip


def _at_institute(instrument_id: int, request: OfficeRequest) -> list[Link]:
    """Return what can be done with the application under way: received, entered, returned."""
    links = []
    for line in open_lines_of(instrument_id, request.actor):
        page = reverse("application_page", args=[line.application_id])
        links.append(
            Link(_("检定申请 %(number)s") % {"number": line.application.number}, page, "clipboard-check")
        )
        links += [
            Link(form.label, reverse("line_act", args=[line.pk, form.slug]), form.icon, danger=form.danger)
            for form in acts_on(line, request)
        ]
    return links
