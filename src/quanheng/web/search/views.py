"""The one search of the header: results by kind, a single one opened at once, suggestions while one types."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quanheng.regulation.search_terms import LONGEST, Term, read_term
from quanheng.web.access import OfficeRequest, signed_in
from quanheng.web.search.results import SUGGESTED, Group, only_one
from quanheng.web.search.results import search as look_up


@signed_in
@require_safe
def search(request: OfficeRequest) -> HttpResponse:
    """Show what was found by kind; `all` shows the results of a number that has one alone, too."""
    typed = request.GET.get("q", "")[:LONGEST]
    term = read_term(typed)
    is_part = request.headers.get("HX-Request") == "true"
    asked = bool(term.text) and not term.is_too_short
    groups = look_up(term, request.actor, **({"shown": SUGGESTED} if is_part else {})) if asked else []
    if is_part:
        return render(request, "search/suggestions.html", {"groups": groups, "term": term, "asked": asked})
    if "all" not in request.GET and (url := only_one(groups)):
        return HttpResponseRedirect(f"{url}{'&' if '?' in url else '?'}{urlencode({'found': typed})}")
    return render(request, "search/results.html", _facts(typed, term, groups, asked=asked))


def _facts(typed: str, term: Term, groups: list[Group], *, asked: bool) -> dict[str, object]:
    return {
        "typed": typed,
        "term": term,
        "asked": asked,
        "groups": groups,
        "nothing": asked and not groups,
        "unfinished": any(group.unfinished for group in groups),
        "public_url": f"/s/{term.code}" if term.code else "",
    }
