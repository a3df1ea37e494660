"""A scale that the platform has to know of, and a platform that is configured."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.exchange.incoming import Incoming, read_delivery
from quanheng.apps.exchange.mapping import SCALES, FieldMapping, mapping_of
from quanheng.apps.exchange.models import ExchangeRun
from quanheng.apps.exchange.services.receive_results import receive_results
from quanheng.apps.exchange.services.resume_run import resume_run
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.registry.models import Entity
from tests.factories import make_code, make_instrument, make_item
from tests.factories.exchange import delivery, ecqs_sheet

Events = Callable[..., list[Incoming]]
Take = Callable[..., ExchangeRun]


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def configured(settings: Settings) -> None:
    settings.NATIONAL_SCALES_URL, settings.NATIONAL_SCALES_SECRET = "https://scales.example.cn", "s" * 20


@pytest.fixture
def mapping(at: datetime) -> FieldMapping:
    return mapping_of(SCALES, at.date())


@pytest.fixture
def scale(stall: Entity) -> Instrument:
    made = make_instrument(stall, item=make_item("digital-indicating-scale"), max_capacity_g=15000)
    make_code(made)
    return made


@pytest.fixture
def events(mapping: FieldMapping, scale: Instrument, at: datetime) -> Events:
    """Return a function that makes events of the scale, as they are read from the wire."""

    def make(kind: str, number: str, *, after: timedelta = timedelta(0), **fields: Any) -> list[Incoming]:
        told = {"instrumentCode": scale.code} | fields
        body = delivery({"eventId": number, "eventType": kind, "occurredAt": (at + after).isoformat()} | told)
        return read_delivery(body, mapping).events

    return make


@pytest.fixture
def take(officer: Actor, at: datetime) -> Take:
    """Import a sheet in one go, as a worker would."""

    def make(*rows: dict[str, str], **options: Any) -> ExchangeRun:
        content = options.pop("content", None) or ecqs_sheet(*rows, **options)
        run = receive_results(name="结果.csv", chunks=[content], by=officer, at=at)
        return resume_run(run.pk, at=at)

    return make
