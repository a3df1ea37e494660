"""Choosing paper, printing, fetching the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from quanheng.apps.accounts.enums import ENTITY_ROLES, INSTITUTE_STAFF, OFFICERS
from quanheng.apps.instruments.labels.layouts import LAYOUTS, Layout, Offset
from quanheng.apps.instruments.labels.picture import picture_of
from quanheng.apps.instruments.labels.press import print_sheet
from quanheng.apps.instruments.labels.qr import png, qr_code, svg
from quanheng.apps.instruments.labels.sheets import Label
from quanheng.apps.instruments.queries.codes import BlankBatch, blank_batches
from quanheng.apps.instruments.queries.conditions import waits_for_code
from quanheng.apps.instruments.queries.labels import Selection, chosen_instruments, count_labels, labels_of
from quanheng.apps.instruments.services.issue_codes import issue_codes
from quanheng.apps.instruments.services.print_labels import AT_ONCE, print_labels
from quanheng.apps.instruments.tasks import LABELS
from quanheng.apps.registry import acts
from quanheng.apps.registry.enums import EntityKind
from quanheng.apps.registry.queries import entity_file
from quanheng.kit.acts import may
from quanheng.kit.lists import find_list
from quanheng.kit.lists.pages import GLANCE_LIMIT_MS, TooMuch, within
from quanheng.kit.tasks import TaskState
from quanheng.web.access import OfficeRequest, office, refusals_on
from quanheng.web.downloads import pdf_answer
from quanheng.web.labels.forms import PrintForm, selection_in
from quanheng.web.parts import Link
from quanheng.web.public.labels import key_ring

if TYPE_CHECKING:
    from quanheng.apps.accounts.actors import Actor
    from quanheng.apps.registry.models import Entity

PRINTERS = OFFICERS | ENTITY_ROLES | INSTITUTE_STAFF
PICTURES = {"svg": ("image/svg+xml", svg), "png": ("image/png", png)}
ENTITY_PAPER = LAYOUTS["roll-50x30"]
BATCHES_SHOWN = 10


@office(*PRINTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: OfficeRequest) -> HttpResponse:
    """Show what would be printed and on what; print it."""
    selection = selection_in(request.GET)
    form = PrintForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and request.POST.get("act") == "issue":
        return _issue(request, selection)
    if form.is_valid():
        with refusals_on(form):
            return _print(request, selection, form)
    chosen = chosen_instruments(selection, request.actor)
    waiting = chosen.filter(waits_for_code()).count()
    paper = LAYOUTS.get(form["layout"].value() or "", next(iter(LAYOUTS.values())))
    context = {
        "form": form, "ready": count_labels(selection, request.actor), "waiting": waiting,
        "may_issue": may(acts.CODES_ISSUED, request.actor), "at_once": AT_ONCE,
        "paper": paper, "asked": f"layout={paper.slug}",
        "ways": () if selection.names_something else _ways(request.actor),
        "batches": () if selection.names_something else _batches(request.actor),
    }  # fmt: skip
    return render(request, "labels/choose.html", context)


def _ways(actor: Actor) -> list[Link]:
    """From where labels are printed: nothing was chosen yet."""
    ways = [
        ("instruments", Link(_("勾选器具"), reverse("instrument_list"), "scale", primary=True)),
        ("entities", Link(_("选择市场或主体"), reverse("entity_list"), "building-store")),
        ("codes", Link(_("器具码清单"), reverse("code_list"), "qrcode")),
    ]
    return [link for key, link in ways if (listing := find_list(key)) and listing.admits(actor)]


def _batches(actor: Actor) -> Sequence[BlankBatch]:
    """Blank codes that are left, by batch; none where a moment is too short: the list of codes has them."""
    try:
        return within(GLANCE_LIMIT_MS, lambda: blank_batches(actor, BATCHES_SHOWN))
    except TooMuch:
        return ()


@office(*PRINTERS)
@require_safe
def preview(request: OfficeRequest) -> HttpResponse:
    """Answer the form while it changes: the picture of the paper that is chosen now."""
    form = PrintForm(request.GET)
    paper = LAYOUTS.get(request.GET.get("layout", ""))
    asked = request.GET.urlencode() if form.is_valid() else ""
    return render(request, "labels/preview.html", {"paper": paper, "asked": asked})


@office(*PRINTERS)
@require_safe
@cache_control(private=True, max_age=3600)
def picture(request: OfficeRequest) -> HttpResponse:
    """Draw the first sheet of a paper with invented labels, as the printer would place them."""
    form = PrintForm(request.GET)
    if not form.is_valid():
        raise Http404
    paper = LAYOUTS[form.cleaned_data["layout"]]
    skip = min(form.cleaned_data["skip"] or 0, paper.per_page - 1)
    return HttpResponse(picture_of(paper, form.offset(), skip), content_type="image/svg+xml")


@office(*PRINTERS)
@require_safe
def moved(_request: OfficeRequest, print_id: int) -> HttpResponse:
    """Lead an old address to the page of the task."""
    return redirect("task_page", LABELS.key, print_id)


@office(*PRINTERS)
@require_safe
def single(request: OfficeRequest, instrument_id: int, kind: str) -> HttpResponse:
    """Give one code as a drawing (SVG) or a picture (PNG)."""
    row = chosen_instruments(Selection(instruments=(instrument_id,)), request.actor).first()
    if row is None or not row.code or kind not in PICTURES:
        raise Http404
    content_type, make = PICTURES[kind]
    address = _address(row.code, row.serial_number)
    return HttpResponse(make(qr_code(address, 40)), content_type=content_type)


@office(*(OFFICERS | ENTITY_ROLES))
@require_safe
def entity_label(request: OfficeRequest, pk: int, kind: str) -> HttpResponse:
    """Give an entity's code as a drawing (SVG), a picture (PNG) or one label to print (PDF)."""
    entity = entity_file(pk, request.actor)
    if entity is None or not entity.code or kind not in {"svg", "png", "pdf"}:
        raise Http404
    address = f"{settings.PUBLIC_URL}/e/{entity.code}"
    if kind == "pdf":
        label = Label(entity.code, address, **_public_words(entity))
        return pdf_answer(print_sheet([label], ENTITY_PAPER), f"entity-{entity.pk}.pdf")
    content_type, make = PICTURES[kind]
    return HttpResponse(make(qr_code(address, 40)), content_type=content_type)


def _public_words(entity: Entity) -> dict[str, str]:
    """A stall is called by its number: its name is its keeper's."""
    if entity.kind == EntityKind.STALL:
        return {"name": entity.stall_number, "place": entity.root.name if entity.root else ""}
    return {"name": entity.name}


def _print(request: OfficeRequest, selection: Selection, form: PrintForm) -> HttpResponse:
    job = print_labels(
        selection=selection, layout=form.cleaned_data["layout"], offset=form.offset(),
        skip=form.cleaned_data["skip"] or 0, by=request.actor, at=timezone.now(),
    )  # fmt: skip
    if job.state == TaskState.WAITING:
        return redirect("task_page", LABELS.key, job.pk)
    labels = list(labels_of(selection, request.actor, _address))
    paper: Layout = LAYOUTS[job.layout]
    pdf = print_sheet(labels, paper, offset=Offset(job.right_mm, job.down_mm), skip=job.skip)
    return pdf_answer(pdf, f"labels-{job.pk}.pdf")


def _issue(request: OfficeRequest, selection: Selection) -> HttpResponse:
    chosen = chosen_instruments(selection, request.actor)
    issued = issue_codes(chosen=chosen, by=request.actor, at=timezone.now())
    text = ngettext("已为 %(count)d 台（件）器具赋码。", "已为 %(count)d 台（件）器具赋码。", issued)
    messages.success(request, text % {"count": issued})
    return redirect(request.get_full_path())


def _address(code: str, serial_number: str) -> str:
    return key_ring().address(code, serial_number=serial_number, on=timezone.localdate())
