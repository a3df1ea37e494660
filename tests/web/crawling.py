"""Following every link and every form that asks: what somebody is shown who clicks their way through.

A page is of a kind: the view that answers, what the address says besides numbers, and what is asked of it. A
walk opens one of each kind, and of a view no more than a few; the first in English too, unless another walk
has done so. `faults_of` says what is wrong with a page.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter, deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from django.apps import apps
from django.conf import settings
from django.db.models import TextChoices
from django.test import Client
from django.urls import Resolver404, resolve
from lxml import html

from quanheng import packs
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.web.access import access_of
from quanheng.web.examinations.pasting import HEADERS

START = "/desk/"
OF_A_VIEW = 2  # kinds of questions to one view: as it stands, and filtered, sorted or paged
HAN = re.compile("[\u4e00-\u9fff]+")
SNAKE = re.compile(r"(?<![\w./@:-])(?!qh_|msg_[0-9a-f]{24}\b)[a-z][a-z0-9]*(?:_{1,2}[a-z0-9]+)+(?![\w.@-])")
# (the public half of a key of the API begins with qh_, the number of a webhook's message with msg_)
SHOUTED = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")
CODE = re.compile(r"%\(\w+\)|\{\{|\{%|Decimal\(|datetime\.|<\w+ object|&lt;")
VALUE_OF_PYTHON = re.compile(r"(?<![\w-])(?:None|True|False)(?![\w-])")  # an English page may well say so
SAID_BY = ("title", "aria-label", "placeholder", "alt", "data-taken")
SILENT = {"script", "style", "template", "code", "pre", "textarea"}
QUOTED = ("电子秤", "加油机", "成都市锦江区", "净含量", "符合", "不符合")  # to be typed, or read, in Chinese
LEAVING = {"account_logout", "set_preferences"}
NAMES_FIELDS = "/api/"  # it tells programmers how the fields are called
MADE_UP = {"certificate_public"}  # the world's certificates were never signed: nobody knows them


@dataclass(frozen=True, slots=True)
class Kind:
    """What kind of page an address is: its view, the words in it, the names of what is asked."""

    view: str
    words: tuple[str, ...]
    asked: tuple[str, ...]
    public: bool = False


@dataclass(slots=True)
class Read:
    """What is the same whoever reads it: views in English, and the pages of the public."""

    in_english: set[str] = field(default_factory=set)
    public: set[Kind] = field(default_factory=set)


@dataclass(slots=True)
class Walk:
    """One person's way through everything that they are shown.

    Args:
        data: what is in the database, and nobody's to translate.
        read: what walks before this one have read for all of them; this one adds to it.
    """

    client: Client
    data: re.Pattern[str]
    read: Read
    faults: list[str] = field(default_factory=list)
    visited: int = 0
    views: Counter[str] = field(default_factory=Counter)
    _seen: set[str] = field(default_factory=set)
    _kinds: set[Kind] = field(default_factory=set)
    _open: deque[tuple[str, str, str]] = field(default_factory=deque)

    def go(self, start: str = START) -> Walk:
        """Walk until nothing new is shown."""
        self._meet(start, "")
        while self._open:
            address, on, view = self._open.popleft()
            self._visit(address, on, "zh-hans")
            if view not in self.read.in_english:
                self.read.in_english.add(view)
                self._visit(address, on, "en")
        return self

    def _meet(self, address: str, on: str) -> None:
        if address in self._seen:
            return
        self._seen.add(address)
        kind = kind_of(address)
        if kind is None:
            self.faults.append(f"{on} links to {address}: no such page")
        elif kind.view not in LEAVING | MADE_UP and not self._is_known(kind):
            (self.read.public if kind.public else self._kinds).add(kind)
            self.views[kind.view] += 1
            self._open.append((address, on, kind.view))

    def _is_known(self, kind: Kind) -> bool:
        many = self.views[kind.view] >= OF_A_VIEW and not kind.words
        return many or kind in self._kinds or kind in self.read.public

    def _visit(self, address: str, on: str, language: str) -> None:
        self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        self.visited += 1
        answer = self.client.get(address)
        if answer.status_code in {301, 302}:
            if answer.headers["Location"].startswith(settings.LOGIN_URL):
                self.faults.append(f"{on} links to {address}: asks to sign in again")
            else:
                self._follow(urljoin(address, answer.headers["Location"]), address)
            return
        if not is_page(answer):
            if answer.status_code != 200:
                self.faults.append(f"{address} (from {on}) answers {answer.status_code}")
            elif answer.streaming:
                deque(answer, maxlen=0)  # read to its end, a file is closed
            return
        page = html.fromstring(answer.content)
        self.faults += [
            f"{address} ({language}, from {on}): {fault}"
            for fault in faults_of(page, answer.status_code, self.data)
            if not (address == NAMES_FIELDS and fault.startswith("shows a field's name"))
        ]
        if answer.status_code == 200 and language != "en":
            for found in asked_by(page, address):
                self._follow(found, address)

    def _follow(self, address: str, on: str) -> None:
        if address.startswith("/") and not address.startswith("//"):
            self._meet(address, on)


def kind_of(address: str) -> Kind | None:
    """Return what kind of page an address is; None where nothing answers."""
    parts = urlsplit(address)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None
    words = tuple(
        str(value)
        for name, value in sorted(match.kwargs.items())
        if name in {"slug", "act_key", "kind"} or (name == "key" and "list" not in match.view_name)
    )
    query = dict(parse_qsl(parts.query))
    words += (query["lang"],) if "lang" in query else ()
    access = access_of(match.func)
    return Kind(
        match.view_name or match._func_path, words, tuple(sorted(query)), bool(access and access.public)
    )


def is_page(answer: Any) -> bool:
    """Say whether an answer is a page (and no file, no picture)."""
    return answer.headers.get("Content-Type", "").startswith("text/html") and not answer.streaming


def asked_by(page: html.HtmlElement, address: str) -> Iterator[str]:
    """Yield every address that a page leads to: its links, its forms that ask, each of their buttons."""
    for link in page.iter("a"):
        target = link.get("href")
        if target and not target.startswith(("#", "mailto:", "tel:", "http:", "https:", "data:")):
            yield urljoin(address, target.partition("#")[0]) or address
    for form in page.iter("form"):
        if (form.get("method") or "get").lower() == "get":
            yield from _questions(form, address)


def _questions(form: html.HtmlElement, address: str) -> Iterator[str]:
    """Yield what each button of a form asks with the fields as they stand, the first row chosen."""
    fields = list(form.form_values())
    if not any(name == "id" for name, _value in fields):
        rows = form.xpath(".//input[@type='checkbox' and @name='id']/@value")
        fields += [("id", str(value)) for value in rows[:1]]
    buttons = [each for each in form.iter("button") if (each.get("type") or "submit") == "submit"]
    for button in buttons or [None]:
        own = (
            []
            if button is None or not button.get("name")
            else [(button.get("name"), button.get("value", ""))]
        )
        action = (button.get("formaction") if button is not None else None) or form.get("action") or address
        question = urlencode([(name, value or "") for name, value in [*fields, *own]])
        yield urljoin(address, action.partition("?")[0]) + (f"?{question}" if question else "")


def faults_of(page: html.HtmlElement, status: int, data: re.Pattern[str]) -> list[str]:
    """Return what a reader would stumble over on a page, in the language that it says it is in."""
    if status != 200:
        return [f"answers {status}"]
    texts = list(texts_of(page))
    faults = [*_empty(page), *_raw(texts)]
    return [*faults, *(_untranslated(texts, data) if page.get("lang") == "en" else _values(texts))]


def texts_of(element: html.HtmlElement) -> Iterator[str]:
    """Yield what a page says to whoever reads it or hears it; quoted Chinese says that it is (lang)."""
    if not isinstance(element.tag, str) or element.tag in SILENT or "qh-code" in element.get("class", ""):
        return
    if element.get("lang", "").startswith("zh") and element.tag != "html":
        return
    for name in SAID_BY:
        if element.get(name):
            yield element.get(name)
    if element.text and element.text.strip():
        yield element.text.strip()
    for child in element:
        yield from texts_of(child)
        if child.tail and child.tail.strip():
            yield child.tail.strip()


def _empty(page: html.HtmlElement) -> Iterator[str]:
    mains = page.xpath("//main")
    if not mains:
        yield "has no main part"
        return
    heads = mains[0].xpath(".//h1")
    if not heads:
        yield "has no heading"
    said = "".join(mains[0].itertext()).strip()
    if len(said) <= sum(len("".join(head.itertext()).strip()) for head in heads):
        yield "is an empty shell"


def _raw(texts: Collection[str]) -> Iterator[str]:
    for text in texts:
        for what, pattern in (("a field's name", SNAKE), ("a setting's name", SHOUTED), ("code", CODE)):
            if found := pattern.search(text):
                yield f"shows {what}: {found[0]!r} in {text[:80]!r}"


def _values(texts: Collection[str]) -> Iterator[str]:
    for text in texts:
        if text in raw_values() or VALUE_OF_PYTHON.search(text):
            yield f"shows a raw value: {text[:80]!r}"


def _untranslated(texts: Collection[str], data: re.Pattern[str]) -> Iterator[str]:
    for text in texts:
        if HAN.search(text) and (left := HAN.findall(data.sub("", text))):
            yield f"is not translated: {''.join(left)[:40]!r} in {text[:80]!r}"


@cache
def raw_values() -> frozenset[str]:
    """Return the values of every choice, as the database keeps them: nobody should read them."""
    found: set[str] = set()
    waiting: list[type] = [TextChoices]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith("quanheng."):
            found |= {str(value) for value in kind}  # type: ignore[attr-defined]
    return frozenset(value for value in found if re.fullmatch("[a-z]{4,}", value))


def known_data() -> re.Pattern[str]:
    """Return what is nobody's to translate: every Chinese text of the database and of the rules in force."""
    said = {*QUOTED, *(heading for headings in HEADERS.values() for heading in headings)}
    with acting_in(EVERYTHING):
        for model in apps.get_models():
            if model.__module__.startswith("quanheng."):
                for row in model._base_manager.values():
                    said.update(_strings(list(row.values())))
    for file in (Path(packs.__file__).parent / "data").glob("*.toml"):
        said.update(_strings(tomllib.loads(file.read_text(encoding="utf-8"))))
    chinese = sorted((text for text in said if HAN.search(text)), key=len, reverse=True)
    masked = "[\u4e00-\u9fff]\\*+"  # of a name
    return re.compile("|".join([masked, *map(re.escape, chinese)]))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value.strip()
    elif isinstance(value, dict):
        yield from value
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list | tuple | set):
        for each in value:
            yield from _strings(each)
