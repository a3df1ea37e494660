"""Somebody at a browser without scripts: opens pages, fills their forms in, sends them as a browser does."""

from __future__ import annotations

from typing import Any

from django.test import Client
from lxml import html
from lxml.html import HtmlElement

from quanheng.apps.accounts.actors import Actor
from tests.factories.people import sign_in

HOST = "http://testserver"
Fields = dict[str, Any]


class Sitting:
    """A browser and who sits at it. Tokens against forged requests are checked as in the real platform."""

    def __init__(self, actor: Actor | None = None) -> None:
        self.client = Client(enforce_csrf_checks=True)
        if actor is not None:
            self.sign_in(actor)

    def sign_in(self, actor: Actor) -> None:
        """Sign in; as every real sign-in does, it makes a new secret for tokens."""
        self.client.cookies.pop("csrftoken", None)
        sign_in(self.client, actor)

    def lose_session(self) -> None:
        """The sign-in has ended; everything else in the browser stays."""
        self.client.cookies.pop("sessionid", None)

    def open(self, address: str) -> HtmlElement:
        """Open a page and return it as a tree."""
        answer = self.client.get(address)
        assert answer.status_code == 200, f"{address} → {answer.status_code}"
        return tree_of(answer)

    def send(self, page: str, form: HtmlElement, typed: Fields | None = None, **extra: Any) -> Any:
        """Send a form of a page with what it holds, but for what was typed otherwise."""
        fields: dict[str, Any] = {}
        for name, value in values_of(form):
            fields.setdefault(name, []).append(value)
        target = form.get("action") or page
        return self.client.post(target, fields | (typed or {}), headers={"Referer": HOST + page}, **extra)


def tree_of(answer: Any) -> HtmlElement:
    """Return an answer as a tree."""
    return html.document_fromstring(answer.content.decode())


def values_of(form: HtmlElement) -> list[tuple[str, str]]:
    """Return what a form holds; the first line break of a long text is not part of it, in a browser."""
    long = {control.get("name") for control in form.iter("textarea")}
    return [
        (name, value.removeprefix("\r").removeprefix("\n") if name in long else value)
        for name, value in form.form_values()
    ]


def form_with(page: HtmlElement, name: str) -> HtmlElement:
    """Return the form of a page that has a field of this name."""
    return next(form for form in page.forms if name in form.fields and form.method == "POST")


def notice(page: HtmlElement) -> HtmlElement | None:
    """Return the notice that something was given back."""
    return next(iter(page.xpath("//*[@data-kept]")), None)
