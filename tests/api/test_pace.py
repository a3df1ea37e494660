"""Rate limits: per key, exact over processes; per address without one."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from quanheng.api.pace import Pace, pace_of, spend
from quanheng.kit.pace import AddressPaces
from tests.factories import make_actor


@pytest.mark.parametrize(
    ("limit", "busy", "left", "reset"),
    [(60, 0, 60, 0), (60, 1, 59, 2), (60, 30, 30, 31), (60, 60, 0, 61), (600, 0.1, 599, 1), (1, 60, 0, 61)],
)
def test_what_is_left_follows_from_how_long_the_caller_is_busy(
    limit: int, busy: float, left: int, reset: int
) -> None:
    pace = pace_of(limit, busy)
    assert (pace.left, pace.refused) == (left, False)
    assert abs(pace.reset_seconds - reset) <= 1


def test_a_refused_caller_is_told_when_the_next_request_fits() -> None:
    assert pace_of(60, 59.5, refused=True) == Pace(60, 0, 1, refused=True)
    assert pace_of(60, 59.5, refused=True).headers()["Retry-After"] == "1"


@pytest.mark.django_db
def test_the_burst_is_one_minute_and_then_429(program: Any) -> None:
    system = program(make_actor(), per_minute=3)
    answers = [system.get("/entities") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer["RateLimit"].partition(";r=")[2].partition(";")[0] for answer in answers] == [
        "2",
        "1",
        "0",
        "0",
    ]
    assert 1 <= int(answers[3]["Retry-After"]) <= 21
    assert answers[3].json()["facts"]["limit"] == 3


@pytest.mark.django_db(transaction=True)
def test_eight_threads_together_get_no_more_than_the_limit() -> None:
    from tests.api.conftest import make_program

    system = make_program(make_actor(), per_minute=10)
    passed: list[bool] = []

    def ask() -> None:
        passed.extend(not spend(system.key_id, 10).refused for _ in range(4))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(passed), sum(passed)) == (32, 10)


def test_an_address_gets_its_requests_back_evenly() -> None:
    now = [0.0]
    paces = AddressPaces(3, 30.0, name="", clock=lambda: now[0])
    assert [paces.spend("a") for _ in range(4)] == [0, 0, 0, 10]
    assert paces.spend("b") == 0
    now[0] = 10.0
    assert (paces.spend("a"), paces.spend("a")) == (0, 10)


def test_addresses_seen_longest_ago_are_forgotten_first() -> None:
    paces = AddressPaces(1, 60.0, most=2, name="", clock=lambda: 0.0)
    for address in ("a", "b", "c"):
        paces.spend(address)
    assert paces.spend("c") > 0
    assert paces.spend("a") == 0
