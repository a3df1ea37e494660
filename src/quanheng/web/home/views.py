"""The landing page, and the desk of whoever has signed in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quanheng.web.home.doors import DOORS
from quanheng.web.home.worklists import worklists_for


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Say what the platform is, take a code, and show everybody their door."""
    return render(request, "home/landing.html", {"doors": DOORS, "navigation": ()})


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Show what is due now in this role, each number a link to its rows."""
    actor = getattr(request, "actor", None)
    if actor is None or actor.user_id is None:
        return HttpResponseRedirect("/")
    return render(request, "home/desk.html", {"worklists": worklists_for(actor)})
