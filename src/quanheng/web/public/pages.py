"""Turning facts into a page: compiled templates, two languages, the response's headers.

Django's template engine would cost more than the rest of the scan together (ADR 0006).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from quanheng.regulation.instrument_code import grouped
from quanheng.web.public.english import ENGLISH

MARKED = re.compile(r"""_\(["']([^"']+)["']\)""")
HERE = Path(__file__).parent
LANGUAGES = ("zh", "en")


# "?" alone takes every other value out of the address again.
QUERIES = {
    ("zh", False): "?",
    ("zh", True): "?big=1",
    ("en", False): "?lang=en",
    ("en", True): "?lang=en&big=1",
}


def chinese_day(iso: str) -> str:
    """2026-11-03 → 2026年11月3日."""
    year, month, day = iso.split("-")
    return f"{year}年{int(month)}月{int(day)}日"


def in_english(text: str) -> str:
    return ENGLISH.get(text, text)


def as_it_is(text: str) -> str:
    return text


def plain_number(value: float | str) -> str:
    """Show a decimal without trailing zeros: 5.0000 → 5."""
    return f"{float(value):g}"


def mass(grams: float | str) -> str:
    """Show a mass in the unit that a nameplate uses."""
    value = float(grams)
    return f"{value / 1000:g} kg" if value >= 1000 else f"{value:g} g"


class TranslatedTemplates(FileSystemLoader):
    """Templates whose `_("…")` are put into the page's language once, when they are compiled."""

    def __init__(self, translate: Callable[[str], str]) -> None:
        super().__init__(HERE / "templates")
        self.translate = translate

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        source, path, uptodate = super().get_source(environment, template)
        return (
            MARKED.sub(lambda found: json.dumps(self.translate(found[1]), ensure_ascii=False), source),
            path,
            uptodate,
        )


def _environment(language: str, translate: Callable[[str], str]) -> Environment:
    made = Environment(
        loader=TranslatedTemplates(translate),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals |= {
        "language": language,
        "is_demo": settings.IS_DEMO,
        "photos_kept_days": settings.PHOTOS_KEPT.days,
        "stylesheet": static("public/scan.css"),  # its address changes with it: kept for a year
    }
    day = chinese_day if language == "zh" else as_it_is
    made.filters |= {"day": day, "number": plain_number, "mass": mass, "grouped": grouped, "tr": translate}
    return made


PAGES = {
    language: _environment(language, translate)
    for language, translate in (("zh", as_it_is), ("en", in_english))
}


def respond(request: HttpRequest, page: str, *, status: int = 200, **facts: Any) -> HttpResponse:
    """Render a page in the language and type size that the address asks for."""
    language, big = _asked_for(request)
    content = (
        PAGES[language]
        .get_template(page)
        .render(
            facts,
            big=big,
            office=settings.OFFICE_URL if settings.PUBLIC_HOST else "",
            kept=_query(language, big),
            other_language=_query("zh" if language == "en" else "en", big),
            other_size=_query(language, not big),
        )
    )
    data = content.encode()
    response = HttpResponse(data, status=status, content_type="text/html; charset=utf-8")
    response.headers["Content-Length"] = str(len(data))
    response.headers["Content-Language"] = "zh-CN" if language == "zh" else "en"
    response.headers["Cache-Control"] = "no-store"
    return response


def kept_query(request: HttpRequest) -> str:
    """Return what a redirect keeps of the address's query."""
    return _query(*_asked_for(request))


def _asked_for(request: HttpRequest) -> tuple[str, bool]:
    return ("en" if request.GET.get("lang") == "en" else "zh"), request.GET.get("big") == "1"


def _query(language: str, big: bool) -> str:
    """What has to stay in every link of the page: language and type size, nothing about the visitor."""
    return QUERIES[language, big]
