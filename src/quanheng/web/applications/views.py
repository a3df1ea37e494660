"""One application: its instruments, its slip, and what happens when somebody arrives with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quanheng.apps.accounts.enums import Role
from quanheng.apps.certificates import acts
from quanheng.apps.certificates.acts import RECEPTION
from quanheng.apps.certificates.enums import LineState
from quanheng.apps.certificates.queries.certificates import certificates_of_lines
from quanheng.apps.certificates.queries.lines import lines_of_application, lines_of_slip
from quanheng.apps.certificates.services.receive_application import receive_instrument
from quanheng.apps.instruments.labels.qr import qr_code, svg
from quanheng.kit.acts import may
from quanheng.kit.lists import one_by_one
from quanheng.kit.tones import State
from quanheng.web.access import OfficeRequest, office
from quanheng.web.applications.forms import FORM_OF_SLUG, LineForm
from quanheng.web.applications.lists import READERS, badge, half_day
from quanheng.web.parts import Link

if TYPE_CHECKING:
    from quanheng.apps.certificates.models import Application, ApplicationLine, Certificate

SHOWN = 500
SLIP_QR_MM = 40


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One instrument of an application, with what this person may do next."""

    it: ApplicationLine
    state: State
    when: str
    acts: list[Link]
    certificate: Certificate | None = None


@office(*READERS)
@require_safe
def application_page(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show who asked whom for what, and how far each instrument is."""
    application, rows = _application(request, pk)
    request.shows = ("applications", pk)
    lines = list(rows[: SHOWN + 1])
    papers = certificates_of_lines([line.pk for line in lines], request.actor)
    return render(request, "applications/application.html", {
        "application": application,
        "lines": [shown_line(line, request, papers.get(line.pk)) for line in lines[:SHOWN]],
        "more": len(lines) > SHOWN,
        "shown": SHOWN,
        "has_slip": any(line.state == LineState.ACCEPTED for line in lines),
        "list_url": f"{reverse('application_list')}?q={application.number}",
        "bulk_url": reverse("list_bulk", args=["applications", "accept"]),
        "may_accept": may(acts.VERIFICATION_ACCEPTED, request.actor)
        and any(line.state == LineState.APPLIED for line in lines),
        "back": request.path,
    })  # fmt: skip


@office(*READERS)
@require_safe
def application_slip(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show the appointment slip, for paper or for the phone's screen."""
    application, rows = _application(request, pk)
    booked = rows.filter(state__in=[LineState.ACCEPTED, LineState.RECEIVED]).order_by("booked_for", "slot")
    address = request.build_absolute_uri(reverse("application_arrived", args=[application.slip_token]))
    return render(request, "applications/slip.html", {
        "application": application,
        "lines": [(line, half_day(line)) for line in booked[:SHOWN]],
        "qr": mark_safe(svg(qr_code(address, SLIP_QR_MM)).decode()),
    })  # fmt: skip


@office(*(RECEPTION | {Role.VERIFIER}))
@require_http_methods(["GET", "HEAD", "POST"])
def application_arrived(request: OfficeRequest, slip: str) -> HttpResponse:
    """Somebody stands at the counter with the slip: take in what was accepted."""
    rows = lines_of_slip(slip, request.actor)
    lines = list(rows[: SHOWN + 1])
    if not lines:
        raise Http404
    waiting = [line for line in lines if line.state == LineState.ACCEPTED]
    if request.method == "POST":
        at = timezone.now()
        done = one_by_one(waiting, lambda line: receive_instrument(line_id=line.pk, by=request.actor, at=at))
        messages.success(request, _("已接收 %(count)d 台（件）。") % {"count": done.done})
        for refused in done.refused:
            messages.warning(request, refused.reason)
        return redirect("application_page", lines[0].application_id)
    context = {
        "application": lines[0].application,
        "lines": [shown_line(line, request) for line in lines[:SHOWN]],
        "waiting": len(waiting),
        "today": timezone.localdate(),
    }
    return render(request, "applications/arrived.html", context)


def shown_line(
    line: ApplicationLine, request: OfficeRequest, certificate: Certificate | None = None
) -> ShownLine:
    """Put a line together for whoever looks at it."""
    return ShownLine(line, badge(line), half_day(line), [
        Link(form.label, reverse("line_act", args=[line.pk, form.slug]), form.icon, danger=form.danger)
        for form in acts_on(line, request)
    ], certificate)  # fmt: skip


def acts_on(line: ApplicationLine, request: OfficeRequest) -> list[type[LineForm]]:
    """Return what this person may do with a line as it stands."""
    forms = FORM_OF_SLUG.values()
    return [form for form in forms if form.possible(line) and may(form.verb, request.actor, line)]


def _application(request: OfficeRequest, pk: int) -> tuple[Application, QuerySet[ApplicationLine]]:
    rows = lines_of_application(pk, request.actor)
    first = rows.first()
    if first is None:
        raise Http404
    return first.application, rows
