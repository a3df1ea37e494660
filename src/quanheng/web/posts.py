"""Addresses that take a form and have no page of their own: the page is another one's."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

View = Callable[..., HttpResponseBase]


def form_of(page: str, *arguments: str) -> Callable[[View], View]:
    """Take the forms that a page sends; whoever asks for the address itself is led to that page.

    A refused form is drawn at this address: a reload, the way back and the sign-in lead here.

    Args:
        page: name of the page's address.
        arguments: which arguments of this address are the page's; all of them when none is named.
    """

    def decorate(view: View) -> View:
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def take(request: HttpRequest, **found: Any) -> HttpResponseBase:
            if request.method == "POST":
                return view(request, **found)
            answer: HttpResponseBase = redirect(page, **{name: found[name] for name in arguments or found})
            return answer

        return take

    return decorate
