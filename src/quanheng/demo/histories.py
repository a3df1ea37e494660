"""What happened to one instrument, shaped by the rates of the field (domain notes 4: about 1.2 % fail).

Days are numbers of `calendar.Days`. The rules of `regulation` are kept: a broken seal or a failure ends the
trust, a stopped instrument has a past placement and no present one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from quanheng.demo.calendar import Days

FAILURE = 0.012
EARLIER = (0, 0, 0, 1, 1, 2, 3)  # how many earlier verifications the ledger knows
WAITING = (("draft", 0.004), ("filing", 0.012), ("returned", 0.015))
OUT_OF_USE = (("stopped", 0.037), ("sealed_up", 0.04), ("under_repair", 0.043), ("scrapped", 0.06))
RETURNS = (
    "出厂编号与铭牌照片不一致，请核对后重新提交。",
    "未上传型式批准证书编号，请补充。",
    "安装位置未填写摊位号。",
)


@dataclass(slots=True)
class Event:
    """One verification: day, last valid day (None when failed), first day it no longer counts."""

    on: int
    until: int | None
    voided: int | None = None


@dataclass(slots=True)
class History:
    """State today and how it came about.

    Args:
        since: first day of use; placed: first day at the present place; left: first day out of use.
        seal_broken: the day on which a broken seal was found.
    """

    state: str
    since: int | None = None
    placed: int | None = None
    left: int | None = None
    seal_broken: int | None = None
    reason: str = ""
    events: list[Event] = field(default_factory=list)


def history(rng: Random, days: Days, months: int, quality: float, *, sealed: bool) -> History:
    """Draw the history of one instrument.

    Args:
        quality: share of the instruments in use whose verification counts today.
        sealed: whether a seal can have been broken.
    """
    lot = rng.random()
    if lot < WAITING[-1][1]:
        state = _pick(WAITING, lot)
        return History(state, reason=rng.choice(RETURNS) if state == "returned" else "")
    if lot < OUT_OF_USE[-1][1]:
        return _out_of_use(rng, days, months, _pick(OUT_OF_USE, lot))
    if rng.random() < quality:
        return _valid(rng, days, months)
    return _not_valid(rng, days, months, sealed=sealed)


def _pick(table: tuple[tuple[str, float], ...], lot: float) -> str:
    return next(state for state, bound in table if lot < bound)


def _valid(rng: Random, days: Days, months: int) -> History:
    length = days.end_of_period(days.today - 31 * months, months) - (days.today - 31 * months)
    events = _chain(rng, days, months, days.today - int(rng.random() * length))
    return History("in_use", events[0].on, events[0].on, events=events)


def _not_valid(rng: Random, days: Days, months: int, *, sealed: bool) -> History:
    lot = rng.random()
    if lot < 0.14:
        since = days.today - 1 - int(rng.random() * 60)
        return History("filed", since, since)
    if sealed and lot < 0.32:
        made = _valid(rng, days, months)
        made.seal_broken = made.events[-1].voided = max(
            made.events[-1].on + 1, days.today - int(rng.random() * 40)
        )
        made.seal_broken = made.events[-1].voided = min(made.seal_broken, days.today)
        made.events[-1].on = min(made.events[-1].on, days.today - 1)
        return made
    overdue = 1 + int(rng.random() ** 2 * 150)
    on = days.today - overdue - 30 * months
    while days.end_of_period(on, months) >= days.today:
        on -= 5
    events = _chain(rng, days, months, on)
    if lot < 0.42:
        events.append(Event(days.today - int(rng.random() * min(overdue, 30)), None))
        return History("failed", events[0].on, events[0].on, events=events)
    return History("in_use", events[0].on, events[0].on, events=events)


def _out_of_use(rng: Random, days: Days, months: int, state: str) -> History:
    events = _chain(rng, days, months, days.today - 40 - int(rng.random() * 500))
    left = events[-1].on + 1 + int(rng.random() * (days.today - events[-1].on - 1))
    if state == "under_repair" and (events[-1].until or 0) >= left:
        events[-1].voided = left
    return History(state, events[0].on, left=left, events=events)


def _chain(rng: Random, days: Days, months: int, last: int) -> list[Event]:
    """Verifications up to the one on day `last`: most renewed in time, some late, some failed before."""
    on = last
    events = [Event(on, days.end_of_period(on, months))]
    for _ in range(rng.choice(EARLIER)):
        if rng.random() < FAILURE:
            on -= 5 + int(rng.random() * 10)
            events.append(Event(on, None))
        length = days.end_of_period(on, months) - on
        late = rng.random()
        on -= length + (int(late * 1500) if late < 0.02 else -int(late * 20))
        events.append(Event(on, days.end_of_period(on, months)))
    events.reverse()
    return events
