"""Whoever scrapes is slowed; a market hall behind one address is not."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from quanheng.apps.instruments.models import Instrument
from quanheng.regulation.instrument_code import code_from_random
from quanheng.web.public.limits import UNKNOWN, Limiter
from tests.web.public.conftest import CODE

HOUR = 3600.0


class Clock:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limiter(clock: Clock) -> Limiter:
    return Limiter(clock=clock)


def test_market_hall_with_300_scans_an_hour_is_never_stopped(limiter: Limiter, clock: Clock) -> None:
    for scan in range(300 * 12):
        assert limiter.known("hall", f"code{scan % 800}", root_id=7) == 0
        clock.seconds += HOUR / 300


def test_scraper_is_out_of_budget_after_a_hundred_markets(limiter: Limiter) -> None:
    let = [limiter.known("scraper", f"code{n}", root_id=n) == 0 for n in range(300)]
    assert let.count(True) == 100
    assert limiter.known("scraper", "code5", root_id=5) == 0  # what it has seen stays open
    assert limiter.known("somebody else", "code200", root_id=200) == 0


def test_budget_comes_back_with_time(limiter: Limiter, clock: Clock) -> None:
    for n in range(100):
        limiter.known("address", f"code{n}", root_id=n)
    wait = limiter.known("address", "more", root_id=1000)
    assert wait == pytest.approx(864)
    clock.seconds += wait
    assert limiter.known("address", "more", root_id=1000) == 0


def test_unknown_codes_have_a_small_budget_of_their_own(limiter: Limiter) -> None:
    assert [limiter.spend("a", UNKNOWN) == 0 for _ in range(25)].count(True) == 20
    assert limiter.known("a", "code", root_id=1) == 0


def test_memory_is_bounded(clock: Clock) -> None:
    limiter = Limiter(most_addresses=10, most_seen=50, clock=clock)
    for n in range(1000):
        limiter.known(f"address{n}", "code", root_id=1)
        limiter.known("busy", f"code{n}", root_id=1)
    assert len(limiter._visitors) <= 10
    assert limiter._seen == sum(len(visitor.seen) for visitor in limiter._visitors.values())
    assert limiter._seen <= 52


def test_passes_run_out_too(limiter: Limiter) -> None:
    assert [limiter.let_through("a", f"code{n}") == 0 for n in range(40)].count(True) == 30


@pytest.mark.django_db
def test_unknown_codes_lead_to_429_and_known_ones_go_on(phone: Client, scale: Instrument) -> None:
    answers = [phone.get(f"/s/{code_from_random(bytes([n]) * 13)}").status_code for n in range(22)]
    assert answers == [404] * 20 + [429] * 2
    assert phone.get(f"/s/{CODE}").status_code == 200


@pytest.mark.django_db
def test_a_person_presses_the_button_and_goes_on(
    phone: Client, scale: Instrument, monkeypatch: pytest.MonkeyPatch
) -> None:
    from quanheng.web.public import limits

    monkeypatch.setattr(limits.LIMITER, "known", lambda *visit: 30.2)
    stopped = phone.get(f"/s/{CODE}")
    assert (stopped.status_code, stopped.headers["Retry-After"]) == (429, "31")
    ticket = re.search(r'name="pass" value="([^"]+)"', stopped.content.decode())
    assert ticket
    assert phone.get(f"/s/{CODE}", {"pass": ticket[1]}).status_code == 429  # no person is that quick
    assert phone.get(f"/s/{CODE}", {"pass": "forged"}).status_code == 429
    from django.utils import timezone

    with time_machine.travel(timezone.now() + timedelta(seconds=3), tick=False):
        assert phone.get(f"/s/{CODE}", {"pass": ticket[1]}).status_code == 200
        assert phone.get(f"/s/{CODE}", {"pass": ticket[1]}, REMOTE_ADDR="10.9.9.9").status_code == 429
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        assert phone.get(f"/s/{CODE}", {"pass": ticket[1]}).status_code == 429
