"""Acts on one instrument of an application: accept, return, book anew, receive, withdraw."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from quanheng.apps.certificates.queries.days import FREE_DAY_WITHIN, DayLoad, loads
from quanheng.apps.certificates.queries.lines import line_for
from quanheng.kit.acts import may
from quanheng.web.access import OfficeRequest, office, refusals_on
from quanheng.web.applications.forms import FORM_OF_SLUG
from quanheng.web.applications.lists import READERS, badge

if TYPE_CHECKING:
    from quanheng.apps.certificates.models import ApplicationLine

DAYS_SHOWN = 10


@office(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def line_act(request: OfficeRequest, pk: int, slug: str) -> HttpResponse:
    """Show the form of an act, and do it."""
    form_class = FORM_OF_SLUG.get(slug)
    line = line_for(pk, request.actor)
    if form_class is None or line is None or not may(form_class.verb, request.actor, line):
        raise Http404
    if request.method != "POST" and not form_class.possible(line):
        messages.warning(request, _("当前状态为“%(state)s”，不能办理。") % {"state": badge(line).text})
        return redirect("application_page", line.application_id)
    days = _days(line) if form_class.asks_for_a_day else []
    form = form_class(
        request.POST if request.method == "POST" else None, initial=_first_free(days) if days else None
    )
    if form.is_valid():
        with refusals_on(form):
            form.act(line.pk, by=request.actor, at=timezone.now())
            messages.success(request, str(form.done))
            return redirect("application_page", line.application_id)
    context = {"form": form, "line": line, "state": badge(line), "days": days}
    return render(request, "applications/act.html", context)


def _days(line: ApplicationLine) -> list[DayLoad]:
    """Return the next working days of the institute, from today or the wished day on."""
    first = max(timezone.localdate(), line.application.wanted_on)
    working = [load for load in loads(line.institute_id, first, first + FREE_DAY_WITHIN) if load.is_working]
    return working[:DAYS_SHOWN]


def _first_free(days: list[DayLoad]) -> dict[str, date]:
    free = [load.day for load in days if load.free]
    return {"day": (free or [days[0].day])[0]}
