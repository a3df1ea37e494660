"""Every component in every state. Open in development and demonstrations, absent elsewhere."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quanheng.web import charts
from quanheng.web.access import public_page
from quanheng.web.gallery import samples
from quanheng.web.lists.views import View

LISTS = ("rows", "empty", "filtered", "too_much")
ERRORS = ("403", "404", "429", "500")


def not_in_production(view: View) -> View:
    """Answer 404 where real work is done."""

    @wraps(view)
    def guarded(request: HttpRequest, **arguments: Any) -> HttpResponse:
        if settings.ENVIRONMENT.production and not settings.IS_DEMO:
            raise Http404
        return view(request, **arguments)

    return public_page(guarded)


@not_in_production
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Show everything but lists, which have pages of their own."""
    context = {
        "badges": samples.BADGES,
        "heads": samples.HEADS,
        "facts": samples.FACTS,
        "entries": samples.ENTRIES,
        "no_entries": (),
        "tiles": samples.TILES,
        "bars": samples.progress_bars(reverse("gallery_progress")),
        "form": samples.SampleForm(auto_id="new_%s"),
        "refused": samples.refused_form(),
        "tones": ("ok", "info", "due", "bad"),
        "lists": LISTS,
        "errors": ERRORS,
    }
    return render(request, "gallery/gallery.html", context)


@not_in_production
@require_safe
def sample_list(request: HttpRequest, kind: str) -> HttpResponse:
    """Show a list in one of its states."""
    if kind not in LISTS:
        raise Http404
    return render(request, "gallery/list.html", {"list": samples.sample_list(kind, request.path)})


@not_in_production
@require_safe
def sample_error(request: HttpRequest, code: str) -> HttpResponse:
    """Show an error page (as a page: it answers 200)."""
    if code not in ERRORS:
        raise Http404
    return render(request, f"errors/{code}.html")


@not_in_production
@require_safe
def sample_progress(request: HttpRequest) -> HttpResponse:
    """Answer a task that has finished, for the running one to become."""
    return render(request, "gallery/progress.html", {"bar": samples.progress_bars("")[2]})


@not_in_production
@require_safe
def sample_chart(_request: HttpRequest, kind: str) -> HttpResponse:
    """Answer the data of a chart."""
    options = {
        "lines": charts.lines(
            [_("%(n)d 月") % {"n": n} for n in range(1, 7)],
            {_("受检率"): [91.2, 92.0, 92.4, 94.1, 95.0, 95.6]},
            unit="%",
        ),
        "bars": charts.bars(
            ["锦江区", "青羊区", "金牛区"], {_("有效"): [812, 640, 702], _("超期"): [31, 12, 55]}
        ),
        "places": charts.places(
            [(104.08, 30.66, "春熙路农贸市场"), (104.03, 30.68, "青羊综合市场"), (104.14, 30.63, "加油站")]
        ),
    }
    if kind not in options:
        raise Http404
    return JsonResponse(options[kind])
