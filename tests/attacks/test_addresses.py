"""Limits by address: the same in every process, and not to be got round by a header."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from pytest_django import Settings

from quanheng.kit.clients import client_address
from quanheng.kit.pace import AddressPaces, PaceExchange


def process(clock: list[float], size: int = 20) -> tuple[AddressPaces, PaceExchange]:
    """Return what one process knows of a purpose."""
    paces = AddressPaces(size, 3600.0, name="", clock=lambda: clock[0])
    return paces, PaceExchange({"reports": paces})


@pytest.mark.django_db
def test_two_processes_together_let_no_more_through_than_one() -> None:
    clock = [1_000.0]
    (one, one_exchange), (other, other_exchange) = process(clock), process(clock)
    assert [one.spend("a") for _ in range(10)] == [0] * 10
    assert [other.spend("a") for _ in range(8)] == [0] * 8
    for exchange in (one_exchange, other_exchange, one_exchange):
        exchange.exchange()
    assert [bool(one.spend("a")) for _ in range(4)] == [False, False, True, True]
    one_exchange.exchange()
    other_exchange.exchange()
    assert other.spend("a") > 0
    assert other.spend("b") == 0, "another address is another matter"


@pytest.mark.django_db
def test_a_process_that_starts_anew_knows_who_had_asked_too_much() -> None:
    clock = [1_000.0]
    one, exchange = process(clock)
    for _ in range(20):
        one.spend("a")
    exchange.exchange()
    fresh, fresh_exchange = process(clock)
    fresh_exchange.exchange()
    assert fresh.spend("a") > 0


@pytest.mark.django_db
def test_what_cannot_be_told_is_told_the_next_time(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1_000.0]
    (one, one_exchange), (other, other_exchange) = process(clock), process(clock)
    for _ in range(20):
        one.spend("a")
    with monkeypatch.context() as broken:
        broken.setattr(one_exchange, "_ask", lambda *_: 1 / 0)
        one_exchange.exchange()
    one_exchange.exchange()
    other_exchange.exchange()
    assert other.spend("a") > 0


@pytest.mark.django_db
def test_an_ordinary_visitor_leaves_nothing_in_the_database_and_a_loud_one_no_address() -> None:
    paces, exchange = process([1_000.0], size=100)
    paces.spend("10.1.2.3")
    for _ in range(50):
        paces.spend("10.9.9.9")
    exchange.exchange()
    with connection.cursor() as cursor:
        cursor.execute("SELECT who FROM kit_pace WHERE name = 'reports'")
        (row,) = cursor.fetchall()
    assert "10." not in row[0]


def test_a_written_forwarded_for_is_believed_only_from_our_own_proxy(settings: Settings) -> None:
    def address(remote: str, forwarded: str, *proxies: str) -> str:
        settings.ENVIRONMENT = SimpleNamespace(trusted_proxies=proxies)
        return client_address(RequestFactory().get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded))

    assert address("203.0.113.7", "10.0.0.1") == "203.0.113.7"
    assert address("203.0.113.7", "10.0.0.1", "192.0.2.0/24") == "203.0.113.7"
    assert address("192.0.2.9", "10.0.0.1, 203.0.113.8", "192.0.2.0/24") == "203.0.113.8"


@pytest.mark.django_db
def test_a_new_forwarded_for_each_time_gets_round_no_limit(client: Client) -> None:
    statuses = [
        client.post(
            "/calculators/draw/",
            {"proof": ""},
            REMOTE_ADDR="203.0.113.7",
            HTTP_X_FORWARDED_FOR=f"10.0.0.{number}",
        )
        .content.decode()
        .count("过于频繁")
        for number in range(3)
    ]
    assert statuses == [0, 0, 0]
    calculator = AddressPaces.shared["calculator"]
    while not calculator.spend("203.0.113.7"):
        pass
    answer = client.post(
        "/calculators/draw/", {"proof": ""}, REMOTE_ADDR="203.0.113.7", HTTP_X_FORWARDED_FOR="10.9.9.9"
    )
    assert "过于频繁" in answer.content.decode()
