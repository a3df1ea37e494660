"""The page of any list, and what belongs to it: exact count, chosen columns, saved views."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quanheng.kit.lists import List, find_list
from quanheng.kit.lists.pages import TooMuch, exact_count
from quanheng.kit.lists.request import read_request
from quanheng.kit.models import ColumnChoice, SavedView
from quanheng.web.access import Access, OfficeRequest, signed_in
from quanheng.web.lists.page import ShownList, show

View = Callable[..., HttpResponse]


def list_view(declaration: type[List[Any]], template: str = "ui/list_page.html") -> View:
    """Return the view of a list: ``path("instruments/", list_view(InstrumentList), name=…)``."""

    @require_safe
    def view(request: OfficeRequest) -> HttpResponse:
        return render(request, template, {"list": shown(request, declaration())})

    view.access = Access(roles=declaration.roles)  # type: ignore[attr-defined]
    view.__name__, view.__module__ = f"list_{declaration.key}", declaration.__module__
    return view


def shown(request: OfficeRequest, listing: List[Any]) -> ShownList:
    """Read the list that this address asks for; for pages that show a list among other things."""
    asked = read_request(listing, request.GET, request.actor, chosen_columns(request, listing))
    views = SavedView.objects.for_list(listing.key, request.actor).select_related("owner")
    return show(asked, request.GET, request.path, tuple(views))


def chosen_columns(request: OfficeRequest, listing: List[Any]) -> Sequence[str]:
    """Return the columns that this person chose for a list, on the screen and in a file alike."""
    choice = ColumnChoice.objects.filter(user_id=person(request), list_key=listing.key).first()
    return choice.columns if choice else ()


def of_list(view: View) -> View:
    """Find the list of an address below /lists/<key>/, for whoever may open it; 404 for everybody else."""

    @wraps(view)
    def found(request: OfficeRequest, key: str, **arguments: Any) -> HttpResponse:
        listing = find_list(key)
        if listing is None or not listing.admits(request.actor):
            raise Http404
        return view(request, listing, **arguments)

    return signed_in(found)


@of_list
@require_safe
def count(request: OfficeRequest, listing: List[Any]) -> HttpResponse:
    """Answer the exact number of rows, for HTMX; a person without a script gets a page with it."""
    asked = read_request(listing, request.GET, request.actor)
    try:
        number = str(exact_count(asked))
    except TooMuch:
        number = _("统计超时，请缩小范围")
    part = request.headers.get("HX-Request") == "true"
    back = request.GET.get("back", "/")
    context = {"number": number, "listing": listing, "back": back if back.startswith("/") else "/"}
    return render(request, "ui/count.html" if part else "ui/count_page.html", context)


@of_list
@require_POST
def choose_columns(request: OfficeRequest, listing: List[Any]) -> HttpResponse:
    """Keep the chosen columns for this person and show the list with them."""
    chosen = [key for key in request.POST.getlist("column") if listing.column(key)]
    chosen = _moved(chosen, request.POST.get("move", ""))
    mine = ColumnChoice.objects.filter(user_id=person(request), list_key=listing.key)
    if request.POST.get("reset"):
        mine.delete()
        return back_to_list(request, columns=None)
    ColumnChoice.objects.update_or_create(
        user_id=person(request), list_key=listing.key, defaults={"columns": chosen}
    )
    return back_to_list(request, columns=",".join(chosen))


def _moved(keys: list[str], move: str) -> list[str]:
    """Move one key up or down: what the arrows do where there is no script."""
    direction, _colon, key = move.partition(":")
    if key not in keys:
        return keys
    place = keys.index(key)
    other = max(0, min(len(keys) - 1, place + (-1 if direction == "up" else 1)))
    keys[place], keys[other] = keys[other], keys[place]
    return keys


@of_list
@require_POST
def save_view(request: OfficeRequest, listing: List[Any]) -> HttpResponse:
    """Keep filters, order and columns under a name; the same name overwrites."""
    name = request.POST.get("name", "").strip()[:60]
    asked = read_request(listing, _query_of(request), request.actor)
    if not name:
        return back_to_list(request)
    agency_id = request.actor.agency_id
    saved, _created = SavedView.objects.update_or_create(
        owner_id=person(request),
        list_key=listing.key,
        name=name,
        defaults={
            "query": asked.query.urlencode()[:2_000],
            "shared": bool(request.POST.get("shared")) and agency_id is not None,
            "agency_id": agency_id,
            "saved_at": timezone.now(),
        },
    )
    return back_to_list(request, view=str(saved.pk))


@of_list
@require_POST
def delete_view(request: OfficeRequest, listing: List[Any], view_id: int) -> HttpResponse:
    """Forget one of one's own views."""
    SavedView.objects.filter(pk=view_id, owner_id=person(request), list_key=listing.key).delete()
    return back_to_list(request, view=None)


def person(request: OfficeRequest) -> int:
    """Return who has signed in; a page that is not public has somebody."""
    if request.actor.user_id is None:
        raise PermissionDenied
    return request.actor.user_id


def back_to_list(request: HttpRequest, **changes: str | None) -> HttpResponseRedirect:
    """Go back to the list page the form was on, with some parameters changed (None removes one)."""
    query = _query_of(request)
    for name in ("after", "before", "page"):
        query.pop(name, None)
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    path = request.POST.get("path", "/")
    safe = path if path.startswith("/") and not path.startswith("//") and "\\" not in path else "/"
    return HttpResponseRedirect(f"{safe}?{query.urlencode()}" if query else safe)


def _query_of(request: HttpRequest) -> QueryDict:
    return QueryDict(request.POST.get("query", ""), mutable=True)
