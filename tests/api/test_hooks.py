"""What the platform for scales sends: signed, fresh, bounded, and each event once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from quanheng.api import hooks
from quanheng.apps.exchange.enums import Link
from quanheng.apps.exchange.models import PlatformEvent
from quanheng.apps.exchange.queries.links import link_of
from quanheng.apps.instruments.models import Instrument
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.kit.signed_calls import headers_of
from tests.factories import make_code, make_entity, make_instrument, make_item
from tests.factories.exchange import delivery

pytestmark = pytest.mark.django_db
SECRET = "s" * 20
Send = Callable[..., Any]


@pytest.fixture(autouse=True)
def configured(settings: Settings, tmp_path: Path, at: datetime) -> Iterator[None]:
    settings.DATA_DIR = tmp_path
    settings.NATIONAL_SCALES_URL, settings.NATIONAL_SCALES_SECRET = "https://scales.example.cn", SECRET
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def scale() -> Instrument:
    made = make_instrument(make_entity(), item=make_item("digital-indicating-scale"))
    make_code(made)
    return made


@pytest.fixture
def send(at: datetime) -> Send:
    """Return a function that sends a body as the platform does."""

    def post(body: bytes, *, secret: str = SECRET, signed_at: datetime = at, **headers: Any) -> Any:
        signed = headers_of(secret, body, signed_at.timestamp())
        client = Client(enforce_csrf_checks=True)
        return client.post(
            "/api/hooks/national-scales", body, content_type="application/json", headers=signed | headers
        )

    return post


def a_lock(scale: Instrument, at: datetime, number: str = "E1") -> bytes:
    told = {"eventId": number, "eventType": "LOCK", "instrumentCode": scale.code}
    return delivery(told | {"occurredAt": at.isoformat()})


def events() -> int:
    with acting_in(EVERYTHING):
        return PlatformEvent.objects.unscoped().count()


def is_locked(scale: Instrument) -> bool:
    with acting_in(EVERYTHING):
        return Instrument.objects.unscoped().get(pk=scale.pk).locked


def test_a_lock_is_entered_and_the_platform_learns_what_became_of_it(
    send: Send, scale: Instrument, at: datetime
) -> None:
    answer = send(a_lock(scale, at))
    assert (answer.status_code, json.loads(answer.content)) == (
        200,
        {"known": 0, "outcomes": {"E1": "entered"}},
    )
    assert is_locked(scale)
    assert link_of(Link.SCALES_HOOK).worked_at == at


def test_a_recording_that_is_played_again_changes_nothing(
    send: Send, scale: Instrument, at: datetime
) -> None:
    body = a_lock(scale, at)
    send(body)
    assert json.loads(send(body).content)["known"] == 1
    assert send(body, signed_at=at - timedelta(minutes=6)).status_code == 401
    assert events() == 1


@pytest.mark.parametrize(
    "how",
    [
        {"secret": "another secret"},
        {"headers": {"X-Signature": ""}},
        {"headers": {"X-Timestamp": ""}},
        {"headers": {"X-Timestamp": "soon"}},
        {"headers": {"X-Signature": "é"}},
    ],
    ids=["secret", "no signature", "no stamp", "no time", "no hexadecimal"],
)
def test_a_stranger_is_turned_away_and_the_page_says_so_once_a_minute(
    send: Send, scale: Instrument, at: datetime, how: dict[str, Any]
) -> None:
    headers = how.pop("headers", {})
    for _ in range(2):
        answer = send(a_lock(scale, at), **how, **headers)
        assert (answer.status_code, json.loads(answer.content)["code"]) == (401, "not_genuine")
    assert events() == 0
    assert "密钥" in link_of(Link.SCALES_HOOK).error


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not_json"), (b"{", "not_json"), (b"\xff\xfe", "not_json"), (b"[]", "not_events"),
        (b'{"events": {}}', "not_events"), (b'{"events": [NaN]}', "not_json"),
        (b'{"events": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "too_deep"),
        (b'{"events": [' + b"1," * 500 + b"1]}", "too_many_events"),
    ],
    ids=["empty", "torn", "no utf-8", "no object", "no list", "no number", "deep", "many"],
)  # fmt: skip
def test_what_is_no_delivery_is_refused_by_its_name(send: Send, body: bytes, code: str) -> None:
    answer = send(body)
    assert (answer.status_code, json.loads(answer.content)["code"]) == (422, code)
    assert link_of(Link.SCALES_HOOK).error.startswith("收到的内容无法读取")
    assert events() == 0


def test_what_is_too_large_is_not_even_read(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "is_genuine", lambda *_: pytest.fail("it was read"))
    answer = send(b"x" * (hooks.MOST_BYTES + 1))
    assert (answer.status_code, json.loads(answer.content)["code"]) == (413, "too_large")


def test_one_event_of_nonsense_holds_up_no_other(send: Send, scale: Instrument, at: datetime) -> None:
    good = json.loads(a_lock(scale, at))["events"][0]
    odd: list[Any] = [
        None,
        3,
        "x\x00y",
        [],
        {"eventId": {"a": 1}},
        {"eventId": "\ud800"},
        {"eventId": "E" * 500},
    ]
    outcomes = json.loads(send(json.dumps({"events": [*odd, good]}).encode()).content)["outcomes"]
    assert outcomes["E1"] == "entered"
    assert events() == len(odd) + 1


def test_where_no_platform_is_configured_nobody_is_let_in(send: Send, settings: Settings) -> None:
    settings.NATIONAL_SCALES_URL, settings.NATIONAL_SCALES_SECRET = "", ""
    assert send(b"{}", secret="").status_code == 404


def test_only_a_post_brings_something() -> None:
    answer = Client().get("/api/hooks/national-scales")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
