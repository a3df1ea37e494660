"""How the reader wants the pages: language, light or dark, elder-friendly. Cookies, no script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from quanheng.web.access import public_page

THEMES: Final = ("auto", "light", "dark")
YEAR: Final = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the cookies say; anything unknown counts as not said."""

    theme: str
    elder: bool

    @property
    def drawn_theme(self) -> Literal["light", "dark"]:
        """What the server draws; `theme.js` corrects it for a reader who follows the system."""
        return "dark" if self.theme == "dark" else "light"


def read_preferences(request: HttpRequest) -> Preferences:
    """Read the cookies; a signed-in person's stored elder mode counts where the cookie says nothing."""
    theme = request.COOKIES.get("theme", "auto")
    elder = request.COOKIES.get("elder")
    stored = getattr(getattr(request, "user", None), "elder_mode", False)
    return Preferences(theme if theme in THEMES else "auto", elder == "1" if elder else bool(stored))


@public_page
@require_POST
def set_preferences(request: HttpRequest) -> HttpResponse:
    """Keep one choice in a cookie and go back to the page it was made on."""
    response = HttpResponseRedirect(_page_to_return_to(request))
    if request.POST.get("theme") in THEMES:
        _keep(response, "theme", request.POST["theme"])
    if request.POST.get("elder") in {"0", "1"}:
        _keep(response, "elder", request.POST["elder"])
    if request.POST.get("language") in dict(settings.LANGUAGES):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, request.POST["language"])
    return response


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


def _page_to_return_to(request: HttpRequest) -> str:
    page = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if safe and page.startswith("/") else "/"
