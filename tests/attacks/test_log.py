"""What strangers make the log write."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import Any

from quanheng.config.logging import MOST_PLACES, LatersTogether


def answered(status: int, path: str, at: float, **more: Any) -> logging.LogRecord:
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "Answered: %s", (path,), None)
    record.created = at
    record.__dict__ |= {"status_code": status, "request": SimpleNamespace(path=path)} | more
    return record


def test_a_thousand_answers_to_come_later_are_one_line_a_minute_with_their_number() -> None:
    together = LatersTogether()
    lines = [answered(503, f"/s/{number}/report", 1000 + number * 0.06) for number in range(1001)]
    passed = [line for line in lines if together.filter(line)]
    assert len(passed) == 2
    assert "999 more" in passed[1].getMessage()
    assert passed[1].levelname == "WARNING", "nobody is woken by it"


def test_another_part_of_the_platform_has_a_line_of_its_own_and_memory_is_bounded() -> None:
    together = LatersTogether()
    assert together.filter(answered(503, "/s/1", 1000.0))
    assert together.filter(answered(503, "/api/v1/x", 1000.0))
    assert not together.filter(answered(503, "/api/v1/y", 1001.0))
    for number in range(3 * MOST_PLACES):
        together.filter(answered(503, f"/{number}/", 1002.0))
    assert len(together._seen) <= MOST_PLACES + 1


def test_a_fault_of_ours_and_a_refusal_are_always_told() -> None:
    together = LatersTogether()
    assert all(together.filter(answered(500, "/s/1", 1000.0)) for _ in range(3))
    assert all(together.filter(answered(403, "/s/1", 1000.0)) for _ in range(3))
    fault = (ValueError, ValueError("x"), None)
    assert all(together.filter(answered(503, "/s/1", 1000.0, exc_info=fault)) for _ in range(3))
