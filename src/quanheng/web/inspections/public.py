"""随机抽查公开: every draw that was committed to, and the proof of each that is closed."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quanheng.apps.inspections import queries
from quanheng.web.access import public_page
from quanheng.web.inspections.facts import draw_facts
from quanheng.web.parts import Fact


@public_page
@require_safe
def draws(request: HttpRequest) -> HttpResponse:
    """List every commitment of a quarter, abandoned ones too, without gaps; the latest quarter at first."""
    periods, asked = queries.public_periods(), request.GET.get("period", "")
    period = next((each for each in periods if each.key == asked), periods[0] if periods else None)
    found = queries.public_draws(period) if period is not None else []
    return render(request, "inspections/draws.html", {"draws": found, "periods": periods, "period": period})


@public_page
@require_safe
def draw(request: HttpRequest, number: str) -> HttpResponse:
    """Show what anybody may know of a draw now, and how to check it."""
    found = queries.public_draw(number)
    if found is None:
        raise Http404
    facts = [Fact(_("区划"), found.area), *draw_facts(found)]
    return render(request, "inspections/draw.html", {"draw": found, "facts": facts})


@public_page
@require_safe
def commitment(_request: HttpRequest, number: str) -> HttpResponse:
    """Give the commitment, byte for byte what its digest is of."""
    found = queries.public_draw(number)
    if found is None:
        raise Http404
    return _json(found.commitment, f"{number}-commitment.json")


@public_page
@require_safe
def proof(_request: HttpRequest, number: str) -> HttpResponse:
    """Give the proof; before the draw is closed there is none to be had."""
    text = queries.public_proof(number)
    if text is None:
        raise Http404
    return _json(text, f"{number}-proof.json")


def _json(text: str, name: str) -> HttpResponse:
    answer = HttpResponse(text, content_type="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
