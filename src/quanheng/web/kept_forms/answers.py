"""What a view or a door says about a form: it was not taken in, or it is a step of several."""

from __future__ import annotations

from typing import TypeVar

from django.http import HttpRequest, HttpResponse

R = TypeVar("R", bound=HttpResponse)


def turned_away(response: R) -> R:
    """Mark an answer, such as the way to the sign-in, that was given instead of the view's: keep the form."""
    response.turned_away = True  # type: ignore[attr-defined]
    return response


def keep_step(request: HttpRequest) -> None:
    """Of a view with several steps: what was chosen so far comes back when one goes back to the page.

    By the button, by the browser's own, after signing in anew: it is kept as a refused form is, until the
    last step is taken in.
    """
    request.keeps_step = True  # type: ignore[attr-defined]
