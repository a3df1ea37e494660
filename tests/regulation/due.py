"""Deadlines as tests write them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any

from quanheng.packs.shipped import shipped
from quanheng.regulation.deadline_rules import Counting, Duration, DurationUnit, counting_of
from quanheng.regulation.deadlines import Deadline, Extension, deadline
from quanheng.regulation.pauses import Pause, PauseReason
from quanheng.regulation.workdays import calendar_of

PACKS = shipped()
CALENDAR = calendar_of(PACKS)
COUNTING = counting_of(PACKS, date(2026, 1, 1))
TOUCHED_DAYS_LEFT_OUT = Counting(COUNTING.utc_offset, False, COUNTING.citation)
CHINA = timezone(timedelta(hours=8))
HOURS, WORKING, CALENDAR_DAYS = DurationUnit.HOURS, DurationUnit.WORKING_DAYS, DurationUnit.CALENDAR_DAYS
TESTING = PauseReason.TESTING
NOON_TO_THREE = ("2026-03-02 12:00", "2026-03-02 15:00")


def at(text: str) -> datetime:
    """Read ``"2026-02-13 09:30"`` as clocks in China show it."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def pause(first: str, until: str | None, reason: PauseReason = TESTING) -> Pause:
    return Pause(reason, at(first), None if until is None else at(until))


def due(
    received: str | datetime,
    count: int,
    unit: DurationUnit,
    *,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
    counting: Counting = COUNTING,
    **rule: Any,
) -> Deadline:
    start = at(received) if isinstance(received, str) else received
    return deadline(
        start, Duration(count, unit, **rule), counting, CALENDAR, pauses=pauses, extensions=extensions
    )
