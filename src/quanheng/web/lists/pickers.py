"""Remote pickers: options as a fragment for the text box, as a page for whoever has no script."""

from __future__ import annotations

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quanheng.kit.lists import Option, find_source
from quanheng.web.access import OfficeRequest, signed_in


@signed_in
@require_safe
def pick(request: OfficeRequest, key: str) -> HttpResponse:
    """Search a source. `field` and `back` make every option a link back to the page with the value chosen."""
    source = find_source(key)
    if source is None or not source.admits(request.actor):
        raise Http404
    term = request.GET.get("q", "").strip()[:100]
    options = source.search(request.actor, term)
    if request.headers.get("HX-Request") == "true":
        return render(request, "ui/picker_options.html", {"options": options})
    context = {
        "source": source,
        "term": term,
        "links": [(option, _link_back(request, option)) for option in options],
        "field": request.GET.get("field", ""),
        "back": request.GET.get("back", ""),
    }
    return render(request, "ui/picker_page.html", context)


def _link_back(request: OfficeRequest, option: Option) -> str:
    back, field = request.GET.get("back", ""), request.GET.get("field", "")
    if not back.startswith("/") or back.startswith("//") or "\\" in back or not field:
        return ""
    path, _mark, text = back.partition("?")
    query = QueryDict(text, mutable=True)
    query[field] = option.value
    query.pop(f"{field}_text", None)
    return f"{path}?{query.urlencode()}"
