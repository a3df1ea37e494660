"""The browser that somebody sits at: a signed cookie that says for whom its pages were drawn.

A page is drawn for a person; the token against forged requests in it is made of a secret that changes with
every sign-in. The cookie remembers whose each of the last secrets was (as a keyed hash). So a form that comes
in after the session has ended tells who typed it; and one that another site sent, or that carries no token of
ours, is nobody's and is not kept.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import (  # type: ignore[attr-defined]
    CSRF_SECRET_LENGTH,
    CSRF_TOKEN_LENGTH,
    _unmask_cipher_token,
)

from quanheng.kit.fields import keyed_hash

COOKIE, SALT = "qh_forms", "quanheng.kept_forms"
SECONDS = 48 * 3600  # longer than a sign-in lasts and a form is kept
MOST_PEOPLE, MOST_PAGES = 4, 6
HASH_LENGTH = 16


@dataclass(slots=True)
class Browser:
    """What the cookie says.

    Args:
        number: by chance; what is kept is found by its hash.
        drawn_for: hash of the secret → the person for whom pages were drawn with it, the latest last.
        pages: hashes of who and where: of these pages something is kept, and no other page asks for it.
    """

    number: str
    drawn_for: dict[str, int] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)
    changed: bool = False

    def note_person(self, secret: str, user_id: int) -> None:
        """Remember for whom pages are drawn with a secret."""
        key = _short(secret)
        if self.drawn_for.get(key) != user_id:
            self.drawn_for.pop(key, None)
            self.drawn_for[key] = user_id
            self.drawn_for = dict(list(self.drawn_for.items())[-MOST_PEOPLE:])
            self.changed = True

    def owner_of(self, token: str) -> int | None:
        """Return for whom the page was drawn that carried this token; None for a token that is not ours."""
        secret = secret_in(token)
        return self.drawn_for.get(_short(secret)) if secret else None

    def note_page(self, page: str, user_id: int) -> None:
        """Remember that something is kept of a page for a person."""
        key = _short(f"{user_id} {page}")
        self.pages = [*(one for one in self.pages if one != key), key][-MOST_PAGES:]
        self.changed = True

    def may_have(self, page: str, user_id: int) -> bool:
        """Say whether something may be kept of a page for a person."""
        return _short(f"{user_id} {page}") in self.pages

    def drop_page(self, page: str, user_id: int) -> None:
        """Nothing is kept of a page any more."""
        if self.may_have(page, user_id):
            self.pages.remove(_short(f"{user_id} {page}"))
            self.changed = True


def read_browser(request: HttpRequest) -> Browser:
    """Read the cookie; whatever it does not vouch for is a new browser."""
    try:
        said: dict[str, Any] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=SECONDS)
        return Browser(said["number"], said["drawn_for"], said["pages"])
    except (signing.BadSignature, KeyError, TypeError):
        return Browser(secrets.token_hex(16))


def browser_of(request: HttpRequest) -> Browser:
    """Return the browser that the middleware has read; without it, one of which nothing is known."""
    found: Browser | None = getattr(request, "browser", None)
    return found or read_browser(request)


def write_browser(browser: Browser, response: HttpResponse) -> None:
    """Send the cookie, where there is something new in it."""
    if not browser.changed:
        return
    said = {"number": browser.number, "drawn_for": browser.drawn_for, "pages": browser.pages}
    response.set_cookie(
        COOKIE, signing.dumps(said, salt=SALT, compress=True), max_age=SECONDS, httponly=True,
        samesite="Lax", secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def secret_in(token: str) -> str:
    """Return the secret that a token of a form was made of; empty for what is no token."""
    if not (token.isascii() and token.isalnum()):
        return ""
    if len(token) == CSRF_SECRET_LENGTH:
        return token
    return str(_unmask_cipher_token(token)) if len(token) == CSRF_TOKEN_LENGTH else ""


def _short(text: str) -> str:
    return keyed_hash(text)[:HASH_LENGTH]
