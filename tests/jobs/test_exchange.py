"""The jobs of the exchange, with the platform in memory that the contract holds to the one over the wire."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from quanheng.apps.accounts.actors import SYSTEM
from quanheng.apps.exchange.enums import EventState, Link
from quanheng.apps.exchange.models import ExchangeLink, PlatformEvent
from quanheng.apps.exchange.queries.links import link_of
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.hold import lock, unlock
from quanheng.apps.outbox.models import Message
from quanheng.jobs import exchange
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.adapters.scale_platform import SECRET, Rules, ScalePlatformInMemory
from tests.factories import make_code, make_entity, make_instrument, make_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def rules(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rules:
    settings.DATA_DIR = tmp_path
    settings.NATIONAL_SCALES_URL, settings.NATIONAL_SCALES_SECRET = "https://scales.example.cn", SECRET
    made = Rules()
    monkeypatch.setattr(exchange, "scale_platform", lambda _mapping: ScalePlatformInMemory(made))
    return made


@pytest.fixture
def scale(rules: Rules) -> Instrument:
    made = make_instrument(make_entity(), item=make_item("digital-indicating-scale"), max_capacity_g=15000)
    make_code(made)
    return made


def lock_and_unlock(scale: Instrument, times: int = 1) -> None:
    for _ in range(times):
        for act in (lock, unlock):
            with acting_in(EVERYTHING):
                act(instrument_id=scale.pk, reason="试验", by=SYSTEM, at=timezone.now())


def a_lock(scale: Instrument, number: int) -> dict[str, object]:
    return {
        "eventId": f"E{number}",
        "eventType": "LOCK",
        "instrumentCode": scale.code,
        "occurredAt": (timezone.now() + timedelta(seconds=number)).isoformat(),
    }


def is_locked(scale: Instrument) -> bool:
    with acting_in(EVERYTHING):
        return Instrument.objects.unscoped().get(pk=scale.pk).locked


def states() -> list[str]:
    with acting_in(EVERYTHING):
        return list(PlatformEvent.objects.unscoped().order_by("pk").values_list("state", flat=True))


def test_what_happened_here_is_known_there(scale: Instrument, rules: Rules) -> None:
    lock_and_unlock(scale)
    exchange.tell_scales(0)
    told = list(rules.taken.values())
    assert [one["eventType"] for one in told] == ["LOCK", "UNLOCK"]
    assert {one["instrumentCode"] for one in told} == {scale.code}
    assert told[0]["sequence"] < told[1]["sequence"]
    assert set(Message.objects.values_list("sent_to", flat=True)) == {"国家计价秤平台"}
    link = link_of(Link.SCALES_PUSH)
    assert (link.error, link.worked_at is not None) == ("", True)


def test_a_platform_that_is_away_is_asked_three_times_and_the_rest_waits(
    scale: Instrument, rules: Rules
) -> None:
    lock_and_unlock(scale, times=5)
    rules.answers = [503] * 100
    exchange.tell_scales(0)
    assert len(rules.calls) == 3
    assert "没有送达" in link_of(Link.SCALES_PUSH).error
    rules.answers = []
    Message.objects.update(due_at=timezone.now())
    exchange.tell_scales(0)
    assert len(rules.taken) == 10
    assert link_of(Link.SCALES_PUSH).error == ""


def test_an_event_that_the_platform_refuses_holds_up_no_other(scale: Instrument, rules: Rules) -> None:
    lock_and_unlock(scale, times=2)
    rules.answers = [422]
    exchange.tell_scales(0)
    assert len(rules.taken) == 3
    refused = Message.objects.get(given_up_at__isnull=False)
    assert refused.last_error == "国家计价秤平台答复 422"


def test_a_worker_that_died_after_the_platforms_yes_tells_it_nothing_new(
    scale: Instrument, rules: Rules
) -> None:
    lock_and_unlock(scale)
    exchange.tell_scales(0)
    before = dict(rules.taken)
    Message.objects.update(delivered_at=None)  # as if its note had been lost
    exchange.tell_scales(0)
    assert rules.taken == before
    assert len(rules.calls) == 4
    assert not Message.objects.filter(delivered_at=None).exists()


def test_pages_are_fetched_until_there_is_no_more(scale: Instrument, rules: Rules) -> None:
    rules.outgoing = [a_lock(scale, number) for number in range(7)]
    exchange.ask_scales(0)
    assert states() == ["entered", *["no_change"] * 6]
    assert is_locked(scale)
    assert link_of(Link.SCALES_PULL).cursor == "7"
    rules.outgoing.append(a_lock(scale, 8))
    exchange.ask_scales(0)
    assert len(states()) == 8


def test_a_page_that_breaks_off_is_fetched_again_and_nothing_is_entered_twice(
    scale: Instrument, rules: Rules
) -> None:
    rules.outgoing = [a_lock(scale, number) for number in range(5)]
    rules.cut = 10
    exchange.ask_scales(0)
    link = link_of(Link.SCALES_PULL)
    assert (link.cursor, "不完整" in link.error, states()) == ("", True, [])
    rules.cut = None
    exchange.ask_scales(0)
    assert len(states()) == 5
    ExchangeLink.objects.update(cursor="")  # as if the note of the place had been lost
    exchange.ask_scales(0)
    assert len(states()) == 5
    assert link_of(Link.SCALES_PULL).error == ""


def test_what_is_no_page_leaves_the_place_and_says_why(rules: Rules, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Rules, "fetch", lambda _self, _after: (200, b'{"events": 3}'))
    exchange.ask_scales(0)
    assert "数组" in link_of(Link.SCALES_PULL).error


def test_a_mapping_that_cannot_be_read_stops_the_exchange_and_says_so(
    scale: Instrument, rules: Rules, tmp_path: Path
) -> None:
    lock_and_unlock(scale)
    (tmp_path / "exchange").mkdir()
    (tmp_path / "exchange" / "省版.toml").write_text("rule = ")
    exchange.tell_scales(0)
    exchange.ask_scales(0)
    assert rules.calls == []
    assert "省版.toml" in link_of(Link.SCALES_PUSH).error
    assert "省版.toml" in link_of(Link.SCALES_PULL).error


def test_a_quarantined_event_is_entered_once_its_scale_is_known(scale: Instrument, rules: Rules) -> None:
    rules.outgoing = [a_lock(scale, 1) | {"instrumentCode": "", "serialNumber": "NEW7"}]
    exchange.ask_scales(0)
    assert states() == [EventState.QUARANTINED]
    new = make_instrument(make_entity(), item=make_item("digital-indicating-scale"), serial_number="NEW7")
    exchange.try_again(0)
    assert states() == [EventState.ENTERED]
    assert is_locked(new)


def test_without_a_platform_nothing_is_asked_or_noted(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR, settings.NATIONAL_SCALES_URL = tmp_path, ""
    exchange.tell_scales(0)
    exchange.ask_scales(0)
    assert not ExchangeLink.objects.exists()
