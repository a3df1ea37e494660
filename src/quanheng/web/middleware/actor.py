"""For whom this request reads and writes, and whether the door is open to them.

The view runs inside one transaction that carries the actor's scope for row-level security. A GET runs in a
read-only transaction: the database itself refuses a write in it. Sessions are loaded and saved outside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import suspend_request
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from quanheng.apps.accounts import queries
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.demonstration import works_here
from quanheng.apps.notices.services.read import read_about
from quanheng.kit.free_space import refuse_when_low
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import NOTHING, Scope, acting_in
from quanheng.kit.seen import note_seen
from quanheng.web.access import Access, access_of, come_back_after
from quanheng.web.accounts.door import APPOINTMENT_KEY, is_over, next_step, note_use
from quanheng.web.kept_forms.answers import turned_away
from quanheng.web.kept_forms.reading import page_around, page_of_form

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
Chunk = TypeVar("Chunk")


class ActorContext:
    """Give the request its actor, ask the view who may open it, and run it in the actor's scope."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined]  # process_view sets it before any view runs
        if request.user.is_authenticated:
            if is_over(request) or not works_here(request.user):
                logout(request)
            else:
                note_use(request)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Run the view here, so that its template is rendered in the same scope."""
        if request.path_info.startswith(settings.API_PREFIX):
            return None  # keys, not sessions: the API has its own door
        actor = actor_of(request)
        request.actor = actor  # type: ignore[attr-defined]
        access = access_of(view)
        refused = refuse_at_the_door(request, access, actor)
        if refused is not None:
            return refused
        scope = actor.scope if actor else NOTHING
        try:
            if request.method not in SAFE_METHODS and access is not None and not access.public:
                refuse_when_low()  # whoever wants to read may sign in; a shopper's report asks for itself
            with acting_in(scope, read_only=_only_reads(request, access)):
                response = view(request, *args, **kwargs)
                if hasattr(response, "render") and callable(response.render):
                    response = response.render()
        except RuleBroken as refusal:
            return refusal_page(request, refusal)
        except ImmediateHttpResponse as answer:
            return answer.response  # type: ignore[no-any-return]
        except ReauthenticationRequired:
            return _ask_password_again(request)
        _note_seen(request, response)
        return _streaming_in(scope, response)


def _note_seen(request: HttpRequest, response: HttpResponseBase) -> None:
    """Remember which file was opened, now that the page has been read: a GET itself writes nothing.

    What its reader was told of the row is read with it.
    """
    seen, by = getattr(request, "seen", None), request.user
    if request.method != "GET" or response.status_code != HTTPStatus.OK or not by.pk:
        return
    shows, actor = getattr(request, "shows", None) or seen, getattr(request, "actor", None)
    with suppress(DatabaseError):  # a full disk takes nobody's page away
        if seen:
            note_seen(by.pk, *seen, at=timezone.now())
        if shows and actor and getattr(request, "unread_notices", 0):
            with acting_in(actor.scope):
                read_about(*shows, by=actor, at=timezone.now())


def actor_of(request: HttpRequest) -> Actor | None:
    """Return who acts, in the role they act in; None for a stranger, or somebody without a role."""
    user = request.user
    if not user.is_authenticated:
        return None
    return queries.actor_for(user.pk, request.session.get(APPOINTMENT_KEY), timezone.localdate())


def refuse_at_the_door(
    request: HttpRequest, access: Access | None, actor: Actor | None
) -> HttpResponseBase | None:
    """Return the page shown instead of the view, or None when the door is open."""
    if access is None:
        raise PermissionDenied("This view does not say who may open it (quanheng.web.access).")
    if access.public:
        return None
    if not request.user.is_authenticated:
        return _to_sign_in(request)
    step = None if access.before_second_factor else next_step(request, actor)
    if step is not None:
        return turned_away(redirect(step))
    if not access.before_second_factor and not access.admits(actor):
        raise PermissionDenied
    return None


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Lead to the door and back: to the page itself, or to the one on which a form was filled in."""
    if request.headers.get("HX-Request") == "true":
        page = urlencode({"next": page_around(request)})
        return HttpResponse(status=401, headers={"HX-Redirect": f"{settings.LOGIN_URL}?{page}"})
    target = request.get_full_path() if request.method in SAFE_METHODS else page_of_form(request)
    return turned_away(redirect_to_login(target))


def _ask_password_again(request: HttpRequest) -> HttpResponseBase:
    """Do what allauth's middleware would: views that run here never reach its process_exception."""
    methods = get_adapter().get_reauthentication_methods(request.user)
    return suspend_request(request, methods[0]["url"] if methods else settings.LOGIN_URL)  # type: ignore[no-any-return]


def _only_reads(request: HttpRequest, access: Access | None) -> bool:
    return request.method in SAFE_METHODS and not (access and access.get_writes)


def _streaming_in(scope: Scope, response: HttpResponseBase) -> HttpResponseBase:
    """Keep the scope for a streamed answer, whose rows are read after the view has returned."""
    if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
        response.streaming_content = _within(scope, response.streaming_content)  # type: ignore[arg-type]
    return response


def _within(scope: Scope, chunks: Iterable[Chunk]) -> Iterator[Chunk]:
    with acting_in(scope, read_only=True):
        yield from chunks


def refusal_page(request: HttpRequest, refusal: RuleBroken) -> HttpResponse:
    """Show what a rule refused, with the status of its kind."""
    page = render(request, "accounts/refused.html", {"refusal": refusal}, status=refusal.kind.status)
    return come_back_after(refusal, page)
