"""The peer of the scan page: the barest Django view that does one SELECT, in the same server process.

`/bare/<code>` reads one row through the ORM without any middleware, `/raw/<code>` with a plain cursor.
`/n/<code>` is the scan page without its place in the public log. Everything else goes to the product.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

from quanheng.config.wsgi import application as product  # sets Django up

from django.core.handlers.wsgi import WSGIHandler  # isort: skip
from django.db import connection  # isort: skip
from django.http import HttpRequest, HttpResponse  # isort: skip
from django.test.utils import override_settings  # isort: skip
from django.urls import path  # isort: skip

from quanheng.apps.instruments.models import Instrument  # isort: skip
from quanheng.apps.instruments.queries import scan  # isort: skip

WITHOUT_RECORD = """SELECT card || '{"record": []}' FROM scan_card(%s) AS card"""
ask = scan._one_value
this_thread = threading.local()


def ask_without_record(statement: str, values: Any) -> Any:
    without = getattr(this_thread, "without_record", False)
    return ask(WITHOUT_RECORD if without and statement == scan.SCAN else statement, values)


scan._one_value = ask_without_record


def bare(_request: HttpRequest, code: str) -> HttpResponse:
    row = Instrument.objects.unscoped().get(code=code)
    return HttpResponse(f"{row.name} {row.serial_number} {row.state} {row.valid_until}")


def raw(_request: HttpRequest, code: str) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, serial_number, state, valid_until FROM instruments_instrument WHERE code = %s",
            [code],
        )
        return HttpResponse(" ".join(map(str, cursor.fetchone())))


urlpatterns = [path("bare/<str:code>", bare), path("raw/<str:code>", raw)]


class BareHandler(WSGIHandler):
    """No middleware, two addresses."""

    def load_middleware(self, is_async: bool = False) -> None:
        with override_settings(MIDDLEWARE=[]):
            super().load_middleware(is_async)

    def get_response(self, request: HttpRequest) -> Any:
        request.urlconf = __name__  # type: ignore[attr-defined]
        return super().get_response(request)


peer = BareHandler()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    this_thread.without_record = environ["PATH_INFO"].startswith("/n/")
    if this_thread.without_record:
        environ["PATH_INFO"] = "/s/" + environ["PATH_INFO"].removeprefix("/n/")
    handler = peer if environ["PATH_INFO"].startswith(("/bare/", "/raw/")) else product
    return handler(environ, start_response)
