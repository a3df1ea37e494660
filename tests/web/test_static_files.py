"""Static files: an address that changes with the content, kept by browsers for a year."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings
from whitenoise.middleware import WhiteNoiseMiddleware

from quanheng.web.static_files import HashedFiles

A_YEAR_OR_MORE = re.compile(r"max-age=(\d{8,}), public, immutable")


@pytest.fixture
def collected(settings: Settings, tmp_path: Path) -> HashedFiles:
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", "--no-input", verbosity=0)
    return HashedFiles()


def answer(path: str, **headers: str) -> Any:
    """Return what the middleware answers in front of every page."""

    def nothing(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=404)

    served = WhiteNoiseMiddleware(nothing)(RequestFactory().get(path, headers=headers))
    served.file_to_stream.close()  # closing the answer would ask for a database
    return served


def test_an_address_carries_the_hash_of_its_content_and_is_kept_for_a_year(collected: HashedFiles) -> None:
    address = collected.url("quanheng/quanheng.css")
    assert re.fullmatch(r"/static/quanheng/quanheng\.[0-9a-f]{12}\.css", address)
    served = answer(address)
    assert served.status_code == 200
    assert A_YEAR_OR_MORE.fullmatch(served.headers["Cache-Control"])


def test_a_browser_that_unpacks_gets_the_twin(collected: HashedFiles) -> None:
    served = answer(collected.url("vendor/tabler.min.css"), **{"Accept-Encoding": "gzip"})
    assert served.headers["Content-Encoding"] == "gzip"


def test_a_plain_name_is_served_and_asked_for_again(collected: HashedFiles) -> None:
    """Pages of errors name their stylesheet without asking for its address."""
    served = answer("/static/quanheng/quanheng.css")
    assert served.status_code == 200
    assert "immutable" not in served.headers["Cache-Control"]


def test_a_page_that_names_a_file_that_is_not_there_is_refused(collected: HashedFiles) -> None:
    with pytest.raises(ValueError, match=r"quanheng/none\.css"):
        collected.url("quanheng/none.css")


def test_before_anything_was_collected_addresses_are_plain_and_answered(
    settings: Settings, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = tmp_path
    address = HashedFiles().url("quanheng/quanheng.css")
    assert address == "/static/quanheng/quanheng.css"
    assert answer(address).status_code == 200
