"""A bulk act: preview first (a GET), then the act (a POST)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from quanheng.kit.lists import BulkAct, List, Outcome
from quanheng.kit.lists.bulk import Preview, preview
from quanheng.kit.lists.request import ListRequest, read_request
from quanheng.web.access import OfficeRequest
from quanheng.web.asking import ask_once
from quanheng.web.lists.views import of_list

SHOWN = 20
TAKEN, ALL = "taken", "all"


@of_list
@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: OfficeRequest, listing: List[Any], act_key: str) -> HttpResponse:
    """Show what the act would do to the selected rows; on POST, do it if the preview still holds."""
    act = listing.bulk_act(act_key, request.actor)
    if act is None:
        raise Http404
    query = request.GET if request.method != "POST" else QueryDict(request.POST.get("selection", ""))
    asked = read_request(listing, query, request.actor)
    if asked.unread:
        messages.error(request, asked.unread[0].text)
        return HttpResponseRedirect(_back(request))
    seen = preview(act, _selected(asked, query), request.actor)
    form = _form(act, request)
    if request.method == "POST" and _may_run(request, seen, form):
        return _run(request, act, seen, form)
    context = {"act": act, "seen": seen, "form": form, "back": _back(request)}
    return render(request, "ui/bulk_page.html", context | _described(asked, query, seen))


def _selected(asked: ListRequest, query: QueryDict) -> Any:
    """Return the rows taken one by one, or all rows of the filter, in the order shown."""
    rows = asked.rows().order_by(*asked.order.export_terms())
    if query.get("reach") == ALL:
        return rows.iterator(chunk_size=500) if rows._prefetch_related_lookups else rows.iterator()
    ids = [int(text) for text in query.getlist("id") if text.isdecimal() and len(text) < 19][:1_000]
    return rows.filter(pk__in=ids)


def _form(act: BulkAct, request: OfficeRequest) -> forms.Form:
    form_class = act.form or forms.Form
    form = form_class(request.POST) if request.method == "POST" else form_class()
    return ask_once(form, act.verb) if act.verb else form


def _may_run(request: OfficeRequest, seen: Preview, form: forms.Form) -> bool:
    """The rows must still be as many as the person saw, and the form complete."""
    unchanged = request.POST.get("seen") == f"{len(seen.accepted)}/{len(seen.refused)}"
    if not unchanged:
        messages.warning(request, _("预览之后数据有了变化，请重新核对。"))
    return form.is_valid() and unchanged and bool(seen.accepted) and not seen.too_many


def _run(request: OfficeRequest, act: BulkAct, seen: Preview, form: forms.Form) -> HttpResponse:
    outcome = act.run(seen.accepted, request.actor, timezone.now(), form.cleaned_data)
    if outcome.url:
        return HttpResponseRedirect(outcome.url)  # it goes on there: nothing is done yet
    _say(request, act, outcome)
    return HttpResponseRedirect(_back(request))


def _say(request: OfficeRequest, act: BulkAct, outcome: Outcome) -> None:
    done = ngettext("%(act)s：已办理 %(count)d 条。", "%(act)s：已办理 %(count)d 条。", outcome.done)
    messages.success(request, done % {"act": act.label, "count": outcome.done})
    if outcome.refused:
        first = outcome.refused[0]
        text = _("%(count)d 条未办理，例如 %(row)s：%(reason)s")
        messages.warning(
            request, text % {"count": len(outcome.refused), "row": first.row, "reason": first.reason}
        )


def _back(request: OfficeRequest) -> str:
    back = request.POST.get("back") or request.GET.get("back") or "/"
    return back if back.startswith("/") and not back.startswith("//") and "\\" not in back else "/"


def _described(asked: ListRequest, query: QueryDict, seen: Preview) -> dict[str, Any]:
    listing = asked.listing
    lead = next(column for column in listing.columns if column.lead)
    refused = seen.refused[:SHOWN]
    return {
        "listing": listing,
        "accepted": [(lead.of(row), listing.row_url(row)) for row in seen.accepted[:SHOWN]],
        "refused": [(lead.of(each.row), listing.row_url(each.row), each.reason) for each in refused],
        "more_accepted": max(0, len(seen.accepted) - SHOWN),
        "more_refused": max(0, len(seen.refused) - SHOWN),
        "selection": query.urlencode(),
        "by_filter": query.get("reach") == ALL,
        "described": asked.described(),
    }
