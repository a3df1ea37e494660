"""The one door of API v1: whose key, how fast, in which scope, once or again. A new operation cannot miss it.

Key → pace → transaction in the key's scope (read-only for a GET) → answer given before, or the operation →
rolled back when refused. Whatever goes wrong leaves as problem+json.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DataError, IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.utils import timezone

from quanheng.api import deprecation, idempotency, pace, refusals
from quanheng.api.elsewhere import WITHOUT_KEY
from quanheng.api.problems import Problem
from quanheng.apps.accounts.key_queries import KeyHolder, holder_of
from quanheng.kit.free_space import refuse_when_low
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import NOTHING, acting_in

log = logging.getLogger(__name__)

PREFIX = "/api/v1/"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

View = Callable[..., HttpResponseBase]


class ApiRequest(HttpRequest):
    """A request that has passed the door."""

    holder: KeyHolder | None


class ApiDoor:
    """The last middleware of everything below `/api/v1/`; what becomes of an answer is for `api.answers`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: ApiRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Run the operation here, inside the key's transaction."""
        if not request.path_info.startswith(PREFIX):
            return None
        request.holder = None
        headers: dict[str, str] = {}
        try:
            request.holder = _holder(request)
            if request.holder is not None:
                headers = _keep_pace(request.holder)
            _keep_room(request)
            response = _in_scope(request, view, args, kwargs)
        except Problem as problem:
            response = problem.response(request)
        for name, value in (headers | deprecation.headers_of(view, request.method)).items():
            response.headers.setdefault(name, value)
        return response


def _keep_room(request: HttpRequest) -> None:
    if request.method in SAFE_METHODS:
        return
    try:
        refuse_when_low()
    except RuleBroken as refusal:
        raise Problem(refusal, headers={"Retry-After": "300"}) from None


def _holder(request: HttpRequest) -> KeyHolder | None:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if not scheme:
        return None
    challenge = {"WWW-Authenticate": 'Bearer realm="quanheng"'}
    if scheme.lower() != "bearer" or not token.strip():
        raise Problem(refusals.NO_BEARER(), headers=challenge)
    try:
        return holder_of(token.strip(), timezone.localdate())
    except RuleBroken as refusal:
        raise Problem(refusal, headers=challenge) from None


def _keep_pace(holder: KeyHolder) -> dict[str, str]:
    spent = pace.spend(holder.key_id, holder.per_minute)
    if spent.refused:
        refusal = refusals.TOO_FAST(limit=spent.limit, seconds=spent.reset_seconds)
        raise Problem(refusal, headers=spent.headers())
    return spent.headers()


def _in_scope(request: ApiRequest, view: View, args: Any, kwargs: Any) -> HttpResponseBase:
    reading = request.method in SAFE_METHODS
    scope = request.holder.actor.scope if request.holder else NOTHING
    try:
        with acting_in(scope, read_only=reading):
            if reading or request.holder is None or request.path_info.startswith(WITHOUT_KEY):
                response = view(request, *args, **kwargs)
            else:
                response = idempotency.once(request, request.holder, lambda: view(request, *args, **kwargs))
            if reading or response.status_code >= 400:
                transaction.set_rollback(True)  # nothing to keep
        return response
    except RuleBroken as refusal:
        raise Problem(refusal) from None
    except IntegrityError:
        # The services check first; this is the race that only a constraint can decide.
        raise Problem(refusals.CHANGED_AT_THE_SAME_TIME()) from None
    except Problem:
        raise
    except (DataError, OverflowError):  # the schemas check first; a number or a date that nothing can hold
        raise Problem(refusals.OUT_OF_RANGE()) from None
    except RequestDataTooBig:
        raise Problem(refusals.BODY_TOO_LARGE()) from None
    except (MultiPartParserError, SuspiciousOperation, UnreadablePostError):
        raise Problem(refusals.UNREADABLE_BODY()) from None
    except Exception:
        log.exception("API %s %s", request.method, request.path_info)
        raise Problem(refusals.INTERNAL_ERROR()) from None
