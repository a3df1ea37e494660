"""The landing page, and the desk of whoever has signed in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from quanheng.apps.accounts.my_tasks import tasks_to_tell
from quanheng.web.access import OfficeRequest, public_page, signed_in
from quanheng.web.home.doors import DOORS
from quanheng.web.home.offers import offer_for
from quanheng.web.home.waiting import is_quiet, seen_lately, waiting_for
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
    """Show what waits for this role, oldest first, how one's tasks stand, and what one opened last."""
    waiting = waiting_for(request.actor)
    told = tasks_to_tell(request.actor, TASKS, now=timezone.now())
    tasks = [shown(mine, request.actor) for mine in told]
    return render(request, "home/desk.html", {
        "worklists": [each.tile for each in waiting],
        "waiting": [each for each in waiting if each.rows],
        "offer": offer_for(request.actor) if is_quiet(waiting) else None,
        "seen": seen_lately(request.actor),
        "tasks": tasks,
    })  # fmt: skip
