"""One row of the focus list: why, since when, what comes next; and what is done to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quanheng.apps.accounts.enums import OFFICERS
from quanheng.apps.focus.queries.listings import focus_listing, has_unverified_rules
from quanheng.kit.acts import may
from quanheng.web.access import OfficeRequest, office, refusals_on
from quanheng.web.focus.lists import READERS, focus_badge
from quanheng.web.focus.page import due_of, facts_of, same_draw, shown_visits, visit_url
from quanheng.web.focus.steps import STEPS, steps_for
from quanheng.web.parts import DetailHead

if TYPE_CHECKING:
    from quanheng.apps.focus.models import FocusListing


@office(*READERS)
@require_safe
def focus_page(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show a row with the visits behind it."""
    listing, by = _listing(request, pk), request.actor
    request.shows = ("focus-listings", pk)
    due, duty = due_of(listing)
    return render(request, "focus/listing.html", {
        "listing": listing,
        "head": DetailHead(
            listing.entity.name, focus_badge(listing), listing.number, due, duty, steps_for(listing, by)
        ),
        "facts": facts_of(listing),
        "visits": shown_visits(listing.visits, by),
        "exit_visits": shown_visits(listing.exit_visits, by),
        "same_draw": same_draw(listing.visits),
        "visit_url": visit_url(listing) if by.role in OFFICERS and listing.is_on_list else "",
        "is_checker": by.user_id in listing.checkers(),
        "unverified": has_unverified_rules(listing.entered_on),
    })  # fmt: skip


@office(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def focus_act(request: OfficeRequest, pk: int, slug: str) -> HttpResponse:
    """Do one of the steps."""
    listing, step = _listing(request, pk), STEPS.get(slug)
    if step is None:
        raise Http404
    # What was typed meets the refusal of the act, and stays; who may not do it at all is shown no form.
    allowed = may(step.verb, request.actor, listing)
    if not allowed or (request.method != "POST" and not step.offered(listing, request.actor)):
        messages.error(request, _("该记录目前不能办理此事项，或须由他人办理。请核对状态。"))
        return redirect("focus_page", pk)
    form = step.form(request.POST if request.method == "POST" else None, initial={"version": listing.version})
    if form.is_valid():
        with refusals_on(form):
            step.does(listing_id=pk, **form.cleaned_data, by=request.actor, at=timezone.now())
            messages.success(request, str(step.done))
            return redirect("focus_page", pk)
    return render(request, "focus/act.html", {"listing": listing, "step": step, "form": form})


def _listing(request: OfficeRequest, pk: int) -> FocusListing:
    listing = focus_listing(pk, request.actor)
    if listing is None:
        raise Http404
    return listing
