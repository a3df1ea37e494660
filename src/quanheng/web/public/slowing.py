"""Over budget: a page that says so, and a button by which a person gets on."""

from __future__ import annotations

import math
import time

from django.core import signing
from django.http import HttpRequest, HttpResponse

from quanheng.web.public.limits import LIMITER
from quanheng.web.public.pages import respond

SHORTEST, LONGEST = 1.5, 600.0  # seconds between the page and the button
SALT = "quanheng.scan.pass"


def slow_down(request: HttpRequest, client: str, code: str, address: str, wait: float) -> HttpResponse:
    """Answer 429.

    Args:
        code, address: what was asked for; empty where there is nothing to go on to.
        wait: seconds until the budget has refilled.
    """
    ticket = signing.dumps([client, code, time.time()], salt=SALT, compress=False) if code else ""
    response = respond(request, "slow_down.jinja", status=429, address=address, ticket=ticket)
    response.headers["Retry-After"] = str(math.ceil(wait))
    return response


def has_pass(request: HttpRequest, client: str, code: str) -> bool:
    """Say whether a person pressed the button: for this code, from this address, a moment ago."""
    ticket = request.GET.get("pass")
    if not ticket:
        return False
    try:
        pressed_by, for_code, made_at = signing.loads(ticket, salt=SALT)
    except (signing.BadSignature, ValueError):
        return False
    in_time = SHORTEST <= time.time() - made_at <= LONGEST
    return in_time and (pressed_by, for_code) == (client, code) and not LIMITER.let_through(client, code)
