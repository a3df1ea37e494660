"""The landing page, and the desk of whoever has signed in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from quanheng.apps.accounts.my_tasks import tasks_to_tell
from quanheng.web.access import OfficeRequest, public_page, signed_in
from quanheng.web.home.doors import DOORS
from quanheng.web.home.worklists import worklists_for
from quanheng.web.tasks.page import shown

TASKS = 5  # on the desk; the others are on their own page


@public_page
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Say what the platform is, take a code, and show everybody their door."""
    return render(request, "home/landing.html", {"doors": DOORS, "navigation": ()})


@signed_in
@require_safe
def desk(request: OfficeRequest) -> HttpResponse:
    """Show what is due now in this role, each number a link to its rows, and how one's own tasks stand."""
    told = tasks_to_tell(request.actor, TASKS, now=timezone.now())
    tasks = [shown(mine, request.actor) for mine in told]
    return render(request, "home/desk.html", {"worklists": worklists_for(request.actor), "tasks": tasks})
