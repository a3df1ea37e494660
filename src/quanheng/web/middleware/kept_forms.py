"""What was typed comes back: a form that was not taken in is kept, and stands in its page again, unsent.

It stands around everything that refuses a form before its view sees it (size, forged requests, a session that
has ended) and around the views, whose refusals may be a page without the form. What is kept is shown to the
person for whom the page was drawn, in the same browser, after they have signed in; nothing is ever sent by
itself (ADR 0036).
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from lxml.etree import LxmlError

from quanheng.apps.accounts.kept_form_queries import kept_of_page
from quanheng.apps.accounts.kept_forms import Typed
from quanheng.apps.accounts.services.keep_form import forget_sent, keep_form
from quanheng.web.access import LIBRARY_VIEWS, view_name
from quanheng.web.kept_forms.browser import Browser, read_browser, write_browser
from quanheng.web.kept_forms.reading import page_of_form, typed_in
from quanheng.web.kept_forms.refill import Page, fill

log = logging.getLogger(__name__)

REFUSALS = frozenset({400, 409, 411, 413, 422, 429, 500, 503, 507})


class KeptForms:
    """Keep what is refused, give it back, forget what was taken in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith((settings.API_PREFIX, *settings.PUBLIC_PREFIXES)):
            return self.get_response(request)
        browser = read_browser(request)
        request.browser = browser  # type: ignore[attr-defined]
        response = self.get_response(request)
        _note_person(request, browser)
        try:
            if request.method == "POST":
                _after_form(request, response, browser)
            elif request.method == "GET" and browser.pages and _is_page(response):
                _after_page(request, response, browser)
        except (DatabaseError, LxmlError, ValueError) as fault:  # the answer itself is more than this help
            log.warning("What was typed could not be kept or given back: %s", fault)
        write_browser(browser, response)
        return response


def _note_person(request: HttpRequest, browser: Browser) -> None:
    secret, user = request.META.get("CSRF_COOKIE"), getattr(request, "user", None)
    if secret and user is not None and user.is_authenticated:
        browser.note_person(secret, user.pk)


def _after_form(request: HttpRequest, response: HttpResponse, browser: Browser) -> None:
    is_step = getattr(request, "keeps_step", False)
    if is_step or _is_refused(response):
        _keep(request, response, browser, is_step=is_step)
    elif browser.pages and 300 <= response.status_code < 400 and request.user.is_authenticated:
        forget_sent(user_id=request.user.pk, browser=browser.number, target=request.get_full_path())


def _is_refused(response: HttpResponse) -> bool:
    return response.status_code in REFUSALS or getattr(response, "turned_away", False)


def _keep(request: HttpRequest, response: HttpResponse, browser: Browser, *, is_step: bool) -> None:
    if not _may_be_kept(request) or not browser.drawn_for:
        return
    read = typed_in(request, page_of_form(request))
    if read is None:
        return
    token, typed = read
    owner = browser.owner_of(token)
    if owner is None or (not is_step and _shows_form(response, typed)):
        return
    kept = keep_form(user_id=owner, browser=browser.number, typed=typed, is_step=is_step, at=timezone.now())
    if kept is not None:
        browser.note_page(typed.page, owner)
        if not is_step and _is_html(response):
            _tell(response, "kept_forms/kept.html", {"kept": kept, "page": typed.page})


def _may_be_kept(request: HttpRequest) -> bool:
    """Forms alone, and none that signs somebody in."""
    match = request.resolver_match
    return (
        match is not None
        and view_name(match.func) not in LIBRARY_VIEWS
        and request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}
        and request.headers.get("Accept") != "application/json"
        and request.headers.get("HX-Request") != "true"
    )


def _shows_form(response: HttpResponse, typed: Typed) -> bool:
    """Say whether a refusal is the form itself with its faults: then nothing is lost."""
    return _is_html(response) and Page.of(response.content).form_for(typed) is not None


def _after_page(request: HttpRequest, response: HttpResponse, browser: Browser) -> None:
    if not request.user.is_authenticated:
        if request.path_info == settings.LOGIN_URL:
            _tell(response, "kept_forms/sign_in.html", {})
        return
    address = request.get_full_path()
    if not browser.may_have(address, request.user.pk):
        return
    rows = kept_of_page(user_id=request.user.pk, browser=browser.number, page=address, at=timezone.now())
    if not rows:
        browser.drop_page(address, request.user.pk)
        return
    page = Page.of(response.content)
    for kept in rows:
        form = page.form_for(kept.typed)
        if form is None or fill(form, kept.typed):
            context = {"kept": kept, "typed": kept.typed, "has_form": form is not None}
            page.insert(render_to_string("kept_forms/given_back.html", context, request))
    response.content = page.written()


def _tell(response: HttpResponse, template: str, context: dict[str, object]) -> None:
    page = Page.of(response.content)
    page.insert(render_to_string(template, context))
    response.content = page.written()


def _is_page(response: HttpResponse) -> bool:
    return response.status_code == 200 and _is_html(response)


def _is_html(response: HttpResponse) -> bool:
    is_html = response.headers.get("Content-Type", "").startswith("text/html")
    return is_html and not response.streaming and bool(response.content)
