"""A fresh worker that many ask at once: nobody hears that a list is unknown while it is being imported."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from quanheng.kit.lists import discovery
from quanheng.kit.lists.discovery import load_declarations, on_first_need

ASKING = 8


@pytest.fixture(autouse=True)
def _only_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "_waiting", [])


def test_whoever_asks_while_the_declarations_are_imported_waits_for_them() -> None:
    known: set[str] = set()
    begun, together = Event(), Barrier(ASKING)

    def imports() -> None:
        begun.set()
        finish.wait(10)
        known.add("instruments")

    def first() -> bool:
        load_declarations()
        return "instruments" in known

    def later() -> bool:
        begun.wait(10)
        together.wait(10)
        load_declarations()
        return "instruments" in known

    def ends() -> None:
        together.wait(10)
        finish.set()

    finish = Event()
    on_first_need(imports)
    with ThreadPoolExecutor(ASKING + 1) as pool:
        asked = [pool.submit(first), *(pool.submit(later) for _ in range(ASKING - 1))]
        pool.submit(ends)
        assert [each.result(20) for each in asked] == [True] * ASKING


def test_the_imports_themselves_may_ask() -> None:
    asked: list[str] = []

    def imports() -> None:
        asked.append("once")
        load_declarations()

    on_first_need(imports)
    load_declarations()
    load_declarations()
    assert asked == ["once"]


def test_an_import_that_failed_is_tried_again_by_the_next_who_asks() -> None:
    tries = iter([ImportError("half written"), None])

    def imports() -> None:
        if failure := next(tries):
            raise failure

    on_first_need(imports)
    with pytest.raises(ImportError):
        load_declarations()
    load_declarations()
    assert next(tries, "used up") == "used up"
