"""Two handlers behind one server: the office's pages, and the public's with almost no middleware."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quanheng.config.settings")
django.setup(set_prefix=False)

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.test.utils import override_settings

from quanheng.api.answers import busy
from quanheng.apps.instruments.scan_counter import SCANS
from quanheng.web.lanes import BodyLane, PageLane
from quanheng.web.middleware.intake import BUSY, BUSY_SECONDS, page_of


class PublicHandler(WSGIHandler):
    """The same URLs with the public's short list of middleware."""

    def load_middleware(self, is_async: bool = False) -> None:
        with override_settings(MIDDLEWARE=settings.PUBLIC_MIDDLEWARE):
            super().load_middleware(is_async)


office = PageLane(WSGIHandler())
public = PublicHandler()
SCANS.start()


def _by_address(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Choose the handler by address. Which host answers which is for `web.middleware.hosts` to say."""
    if environ["PATH_INFO"].startswith(settings.PUBLIC_PREFIXES):
        return public(environ, start_response)
    return office(environ, start_response)


def _busy(environ: dict[str, Any]) -> HttpResponse:
    """Tell a program as a program reads it, and everybody else by a page."""
    is_program = environ["PATH_INFO"].startswith(settings.API_PREFIX)
    return busy(environ, BUSY_SECONDS) if is_program else page_of(BUSY)


application = BodyLane(_by_address, busy=_busy)
