"""The help of one page, and the list of all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_safe

from quanheng.apps.accounts.enums import Role
from quanheng.kit.acts import Verb, may
from quanheng.kit.lists import find_list
from quanheng.kit.tones import Text
from quanheng.web.access import OfficeRequest, access_of, signed_in
from quanheng.web.help.sections import BY_SLUG, SECTIONS, Section, section_of
from quanheng.web.help.terms import TERMS

LIST_VIEW = "list_"


@dataclass(frozen=True, slots=True)
class ShownAct:
    """An act: its name, whose it is, whether it is the reader's."""

    label: Text
    roles: Sequence[Text]
    is_mine: bool


@signed_in
@require_safe
def of_page(request: OfficeRequest) -> HttpResponse:
    """Show the help of the page that was open; of a page that is not known, the list of all."""
    page = request.GET.get("page", "")
    view = _view_at(page)
    section = section_of(view) if view else None
    if view is None or section is None:
        return render(request, "help/all.html", {"sections": SECTIONS})
    return _shown(request, section, page, view)


@signed_in
@require_safe
def of_section(request: OfficeRequest, slug: str) -> HttpResponse:
    """Show the help of a room."""
    if slug not in BY_SLUG:
        raise Http404
    return _shown(request, BY_SLUG[slug], "", None)


def _shown(
    request: OfficeRequest, section: Section, page: str, view: Callable[..., Any] | None
) -> HttpResponse:  # fmt: skip
    name = getattr(view, "__name__", "")
    listing = find_list(name.removeprefix(LIST_VIEW)) if name.startswith(LIST_VIEW) else None
    access = access_of(view) if view else None
    return render(request, "help/page.html", {
        "section": section,
        "listing": listing,
        "page": page,
        "readers": _labels(access.roles) if access and access.roles else [],
        "done_here": [_act(verb, request) for verb in section.verbs()],
        "terms": [TERMS[key] for key in section.terms],
    })  # fmt: skip


def _act(verb: Verb, request: OfficeRequest) -> ShownAct:
    return ShownAct(verb.label, _labels(verb.who), may(verb, request.actor))


def _labels(roles: frozenset[Any]) -> list[Text]:
    return [role.label for role in Role if role in roles]


def _view_at(page: str) -> Callable[..., Any] | None:
    """Return the view of an address of ours; None for one that leads nowhere."""
    if not page.startswith("/") or page.startswith("//"):
        return None
    try:
        view: Callable[..., Any] = resolve(page).func
    except Resolver404:
        return None
    return view
