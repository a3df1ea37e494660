"""The platform for scales: one contract for the fake in memory and for our client against a server."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import ThreadingHTTPServer

import pytest
from pytest_django import Settings

from quanheng.adapters.national_scales import (
    HttpScalePlatform,
    NotFetched,
    ScalePlatform,
    over_http,
    scale_platform,
)
from quanheng.apps.exchange.mapping import SCALES, mapping_of
from quanheng.apps.outbox.services import NotDelivered
from quanheng.kit.signed_calls import headers_of, is_genuine, signature
from tests.adapters.providers import serving
from tests.adapters.scale_platform import SECRET, Rules, ScalePlatformInMemory, scale_platform_of

PATHS = {"push": "/events", "pull": "/outgoing", "cursor": "after"}
LOCK = {"eventType": "LOCK", "instrumentCode": "QH1", "place": "一号摊"}


@pytest.fixture
def rules() -> Rules:
    return Rules()


@pytest.fixture(params=["memory", "http"])
def platform(request: pytest.FixtureRequest, rules: Rules) -> Iterator[ScalePlatform]:
    if request.param == "memory":
        yield ScalePlatformInMemory(rules)
    else:
        with serving(ThreadingHTTPServer(("127.0.0.1", 0), scale_platform_of(rules))) as port:
            yield HttpScalePlatform(f"http://127.0.0.1:{port}", SECRET, PATHS, patience=2)


over_the_wire = pytest.mark.parametrize("platform", ["http"], indirect=True)


def test_an_event_arrives_as_it_was_told(platform: ScalePlatform, rules: Rules) -> None:
    platform.push(key="1-1", told=LOCK)
    assert rules.taken == {"1-1": LOCK}


def test_the_same_key_again_is_taken_for_told(platform: ScalePlatform, rules: Rules) -> None:
    platform.push(key="1-1", told=LOCK)
    platform.push(key="1-1", told=LOCK)
    assert (len(rules.taken), len(rules.calls)) == (1, 2)


@pytest.mark.parametrize(
    ("status", "for_good"),
    [(401, False), (403, False), (404, False), (408, False), (429, False), (500, False), (503, False),
     (400, True), (413, True), (422, True)],
)  # fmt: skip
def test_its_no_says_whether_to_try_again(
    platform: ScalePlatform, rules: Rules, status: int, for_good: bool
) -> None:
    rules.answers = [status]
    with pytest.raises(NotDelivered, match=str(status)) as refusal:
        platform.push(key="1-1", told=LOCK)
    assert refusal.value.for_good is for_good
    assert rules.taken == {}


def test_it_is_left_alone_for_as_long_as_it_asks(platform: ScalePlatform, rules: Rules) -> None:
    rules.answers, rules.rest = [429], 90
    with pytest.raises(NotDelivered) as refusal:
        platform.push(key="1-1", told=LOCK)
    assert refusal.value.not_before == timedelta(seconds=90)


@over_the_wire
@pytest.mark.parametrize(("rest", "hours"), [(10**9, 6), (0, 0), (-5, 0)])
def test_nobody_makes_us_wait_for_ever(platform: ScalePlatform, rules: Rules, rest: int, hours: int) -> None:
    rules.answers, rules.rest = [503], rest
    with pytest.raises(NotDelivered) as refusal:
        platform.push(key="1-1", told=LOCK)
    assert refusal.value.not_before == timedelta(hours=hours)


def test_what_it_has_for_us_comes_page_by_page(platform: ScalePlatform, rules: Rules) -> None:
    rules.outgoing = [{"eventId": str(number)} for number in range(4)]
    first = json.loads(platform.fetch(after=""))
    assert [event["eventId"] for event in first["events"]] == ["0", "1", "2"]
    rest = json.loads(platform.fetch(after=first["next"]))
    assert [event["eventId"] for event in rest["events"]] == ["3"]
    assert json.loads(platform.fetch(after=rest["next"]))["events"] == []


@pytest.mark.parametrize("status", [401, 404, 429, 500])
def test_a_page_that_is_refused_is_no_page(platform: ScalePlatform, rules: Rules, status: int) -> None:
    rules.answers = [status]
    with pytest.raises(NotFetched, match=str(status)):
        platform.fetch(after="")


def test_half_a_page_is_no_page(platform: ScalePlatform, rules: Rules) -> None:
    rules.outgoing, rules.cut = [{"eventId": "1"}], 20
    with pytest.raises(NotFetched):
        platform.fetch(after="")


@over_the_wire
def test_a_redirect_is_not_followed(platform: ScalePlatform, rules: Rules) -> None:
    rules.answers = [302]
    with pytest.raises(NotFetched, match="302"):
        platform.fetch(after="")
    rules.answers = [307]
    with pytest.raises(NotDelivered, match="307"):
        platform.push(key="1-1", told=LOCK)
    assert rules.taken == {}


@over_the_wire
def test_an_answer_that_does_not_come_is_not_waited_for(platform: ScalePlatform, rules: Rules) -> None:
    rules.before = lambda: time.sleep(3)
    with pytest.raises(NotDelivered, match="连不上"):
        platform.push(key="1-1", told=LOCK)


@over_the_wire
def test_an_endless_answer_is_cut_off(
    platform: ScalePlatform, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(over_http, "MOST_BYTES", 100)
    rules.outgoing = [{"eventId": "x" * 200}]
    with pytest.raises(NotFetched, match="超过"):
        platform.fetch(after="")


def test_a_wrong_secret_is_refused_and_may_be_put_right(rules: Rules) -> None:
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), scale_platform_of(rules))) as port:
        stranger = HttpScalePlatform(f"http://127.0.0.1:{port}", "another secret", PATHS)
        with pytest.raises(NotDelivered, match="401") as refusal:
            stranger.push(key="1-1", told=LOCK)
        with pytest.raises(NotFetched, match="401"):
            stranger.fetch(after="1")
    assert not refusal.value.for_good


def test_nobody_there_means_later() -> None:
    nobody = HttpScalePlatform("http://127.0.0.1:9", SECRET, PATHS)
    with pytest.raises(NotDelivered, match="连不上"):
        nobody.push(key="1-1", told=LOCK)
    with pytest.raises(NotFetched, match="连不上"):
        nobody.fetch(after="")


def test_without_an_address_there_is_no_platform(settings: Settings, at: datetime) -> None:
    mapping = mapping_of(SCALES, at.date())
    settings.NATIONAL_SCALES_URL = ""
    assert scale_platform(mapping) is None
    settings.NATIONAL_SCALES_URL, settings.NATIONAL_SCALES_SECRET = "https://scales.example.cn", SECRET
    platform = scale_platform(mapping)
    assert isinstance(platform, HttpScalePlatform)
    assert dict(platform.paths) == PATHS


def test_a_call_is_genuine_with_the_secret_and_for_a_few_minutes(at: datetime) -> None:
    stamp, signed = headers_of(SECRET, b"{}", at.timestamp()).values()
    assert is_genuine(SECRET, stamp, signed, b"{}", at)
    assert not is_genuine(SECRET, stamp, signed, b"{ }", at)
    assert not is_genuine("another", stamp, signed, b"{}", at)
    assert is_genuine(SECRET, stamp, signed, b"{}", at + timedelta(minutes=5))
    assert not is_genuine(SECRET, stamp, signed, b"{}", at + timedelta(minutes=5, seconds=1))
    assert not is_genuine(SECRET, stamp, signed, b"{}", at - timedelta(minutes=5, seconds=1))


@pytest.mark.parametrize("stamp", ["", "-1", "1e9", "١٢٣", "9" * 400, "1.5"])
def test_a_stamp_that_is_no_time_is_not_genuine(stamp: str) -> None:
    now = datetime.fromtimestamp(0, UTC)
    assert not is_genuine(SECRET, stamp, signature(SECRET, stamp, b""), b"", now)
    assert not is_genuine(SECRET, "0", "é", b"", now)
