"""Times that a deadline leaves out: testing, hearing, announcement and the like.

Pauses that overlap or touch are one pause: nothing is left out twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum

from quanheng.packs.case_fault import CaseFault
from quanheng.regulation.workdays import check_year


class PauseReason(StrEnum):
    """Why a time is not counted (《市场监督管理行政处罚程序规定》 art. 64 and its like)."""

    TESTING = "testing"
    HEARING = "hearing"
    ANNOUNCEMENT = "announcement"
    SUSPENSION = "suspension"
    IDENTIFICATION = "identification"
    REFUND = "refund"
    MEDIATION = "mediation"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class Pause:
    """One time that is left out.

    Args:
        starts_at: with its zone.
        ends_at: the first instant that counts again; None while the pause lasts.
    """

    reason: PauseReason
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class PausedTime:
    """Pauses that overlap or touch, as one."""

    starts_at: datetime
    ends_at: datetime | None
    reasons: tuple[PauseReason, ...]


@dataclass(frozen=True, slots=True)
class PausedDays:
    """Whole days that are left out; last is None while the pause lasts."""

    first: date
    last: date | None
    reasons: tuple[PauseReason, ...]

    def ends_before(self, day: date) -> bool:
        return self.last is not None and self.last < day


def merged(pauses: Iterable[Pause], offset: timedelta) -> tuple[PausedTime, ...]:
    """Return the pauses in order, none touching another, in the zone of the offset from UTC.

    Raises:
        CaseFault: an instant without a zone or beyond reason, or an end that is not after its beginning.
    """
    found: list[PausedTime] = []
    for pause in sorted(_in_zone(pauses, offset), key=lambda pause: pause.starts_at):
        if found and (found[-1].ends_at is None or pause.starts_at <= found[-1].ends_at):
            found[-1] = _joined(found[-1], pause)
        else:
            found.append(pause)
    return tuple(found)


def _in_zone(pauses: Iterable[Pause], offset: timedelta) -> Iterable[PausedTime]:
    for index, pause in enumerate(pauses):
        starts_at = in_zone(f"pauses[{index}].starts_at", pause.starts_at, offset)
        ends_at = (
            None if pause.ends_at is None else in_zone(f"pauses[{index}].ends_at", pause.ends_at, offset)
        )
        if ends_at is not None and ends_at <= starts_at:
            raise CaseFault(
                f"pauses[{index}].ends_at", "ends_before_it_begins", "暂停的结束须晚于开始，请核对两个时间。"
            )
        yield PausedTime(starts_at, ends_at, (pause.reason,))


def _joined(one: PausedTime, other: PausedTime) -> PausedTime:
    last = None if one.ends_at is None or other.ends_at is None else max(one.ends_at, other.ends_at)
    return PausedTime(one.starts_at, last, tuple(dict.fromkeys((*one.reasons, *other.reasons))))


def paused_days(times: Sequence[PausedTime], *, partly_paused_day_counts: bool) -> tuple[PausedDays, ...]:
    """Return the days that are left out.

    Args:
        times: as `merged` returns them.
        partly_paused_day_counts: True leaves out only days that are paused from midnight to midnight; False
            leaves out every day that a pause touches.
    """
    ranges = (_days(time, inner=partly_paused_day_counts) for time in times)
    return tuple(days for days in ranges if days.last is None or days.first <= days.last)


def _days(time: PausedTime, *, inner: bool) -> PausedDays:
    first, last = time.starts_at.date(), None
    if inner and not _is_midnight(time.starts_at):
        first += timedelta(days=1)
    if time.ends_at is not None:
        last = time.ends_at.date()
        if inner or _is_midnight(time.ends_at):
            last -= timedelta(days=1)
    return PausedDays(first, last, time.reasons)


def _is_midnight(at: datetime) -> bool:
    return at.time() == datetime.min.time()


def in_zone(name: str, at: datetime, offset: timedelta) -> datetime:
    """Return the same instant as clocks at the offset from UTC show it.

    Raises:
        CaseFault: no zone is given, or the year is beyond reason.
    """
    shift = at.utcoffset()
    if shift is None:
        raise CaseFault(name, "no_zone", "时间须带时区，如 2026-02-13T09:30:00+08:00。")
    check_year(name, at.year)
    return (at.replace(tzinfo=None) - shift + offset).replace(tzinfo=timezone(offset))
