"""A phone before the public pages: no cookie, budgets of its own, keys of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from quanheng.apps.instruments.models import Instrument
from quanheng.regulation.instrument_code import code_from_random
from quanheng.web.public import labels
from tests.factories import make_code, make_instrument
from tests.factories.visitors import forget_visitors

CODE = code_from_random(bytes(range(13)))
OTHER_CODE = code_from_random(bytes(range(1, 14)))


@pytest.fixture(autouse=True)
def _apart(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.DATA_DIR = tmp_path
    settings.PUBLIC_URL = "https://check.example.cn"
    labels.key_ring.cache_clear()
    labels._keys_at.cache_clear()
    forget_visitors(monkeypatch)
    yield
    labels.key_ring.cache_clear()
    labels._keys_at.cache_clear()


@pytest.fixture(autouse=True)
def _today(at: datetime) -> Iterator[None]:
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def phone() -> Client:
    return Client()


@pytest.fixture
def scale(db: None) -> Instrument:
    """A scale in use, valid until the end of the year, with a code."""
    scale = make_instrument()
    make_code(scale, value=CODE)
    return scale
