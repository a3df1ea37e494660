"""Pages of others may ask what needs no key: the scan answer, the calculations, the description (CORS).

A key never comes from a page: `Authorization` is not among the headers that a page may send, and no cookie
counts here.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

# Below the prefix of the API; `tests/api/test_answers.py` holds it against the operations without a key.
WITHOUT_KEY = ("/api/v1/calculations/", "/api/v1/scan/")
ALLOWED = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After"}
PREFLIGHT = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, POST",
    "Access-Control-Allow-Headers": "Accept-Language, Content-Type",
    "Access-Control-Max-Age": "86400",
}


def asks_first(request: HttpRequest) -> bool:
    """Say whether a browser asks if a page may call an operation that needs no key."""
    named = "Access-Control-Request-Method" in request.headers
    return request.method == "OPTIONS" and named and request.path_info.startswith(WITHOUT_KEY)


def leave() -> HttpResponse:
    """Return the answer that lets it."""
    return HttpResponse(status=204, headers=PREFLIGHT)


def let(request: HttpRequest, response: HttpResponse) -> None:
    """Let a page read an answer that needed no key."""
    if request.path_info.startswith(WITHOUT_KEY) and "Authorization" not in request.headers:
        for name, value in ALLOWED.items():
            response.headers[name] = value
