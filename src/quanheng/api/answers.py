"""What becomes of every answer below `/api/v1/` on its way out, whoever gave it.

A page of the framework (an unknown address, a wrong method, a text that cannot be kept) becomes a problem;
what needs no key may be asked from pages elsewhere; long answers are packed; HEAD is a GET without its body.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request, override

from quanheng.api import elsewhere, refusals
from quanheng.api.door import PREFIX
from quanheng.api.problems import MEDIA_TYPE, Problem
from quanheng.kit.refusal import RuleBroken

SMALLEST = 1_000  # bytes that are worth packing
LEVEL = 6
TAKES_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")


class ApiAnswers:
    """Middleware of everything below `/api/v1/`, around the checks that are made before the door."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        if elsewhere.asks_first(request):
            return elsewhere.leave()
        is_head = request.method == "HEAD"
        if is_head:
            request.method = "GET"
        response = self.get_response(request)
        if response.status_code >= 400 and response.get("Content-Type") != MEDIA_TYPE:
            response = _as_problem(request, response)
        response.headers.setdefault("Cache-Control", "no-store")
        patch_vary_headers(response, ["Authorization", "Accept-Encoding"])
        elsewhere.let(request, response)
        pack(request, response)
        return _without_body(response) if is_head else response


def busy(environ: dict[str, Any], seconds: int) -> HttpResponse:
    """Return the problem of a request that is turned away before any middleware: too many are being read."""
    request = WSGIRequest(environ)
    with override(get_language_from_request(request)):
        problem = Problem(refusals.TOO_MANY_BODIES(), headers={"Retry-After": str(seconds)})
        response = problem.response(request)
    response.headers["Cache-Control"] = "no-store"
    return response


def pack(request: HttpRequest, response: HttpResponse) -> None:
    """Pack a long answer for whoever takes it so; its tag becomes a weak one, for its bytes are others."""
    if response.streaming or "Content-Encoding" in response or len(response.content) < SMALLEST:
        return
    if not TAKES_GZIP.search(request.headers.get("Accept-Encoding", "")):
        return
    response.content = gzip.compress(response.content, LEVEL, mtime=0)
    response["Content-Encoding"] = "gzip"
    response["Content-Length"] = str(len(response.content))
    if response.get("ETag", "").startswith('"'):
        response["ETag"] = f"W/{response['ETag']}"


def _without_body(response: HttpResponse) -> HttpResponse:
    response["Content-Length"] = str(len(response.content))
    response.content = b""
    return response


def _as_problem(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Turn an error page of the framework into a problem: an unknown address, a wrong method."""
    headers = {name: response[name] for name in ("Allow", "Retry-After") if name in response}
    refusal = _refusal_of(response.status_code, str(request.method))
    problem = Problem(refusal, headers=headers, status=response.status_code)
    return problem.response(request)


def _refusal_of(status: int, method: str) -> RuleBroken:
    if status == 405:
        return refusals.METHOD_NOT_ALLOWED(method=method)
    return {
        404: refusals.ADDRESS_NOT_FOUND,
        411: refusals.NO_LENGTH,
        413: refusals.BODY_TOO_LARGE,
        500: refusals.INTERNAL_ERROR,
        503: refusals.TOO_MANY_BODIES,
    }.get(status, refusals.BAD_REQUEST)()
