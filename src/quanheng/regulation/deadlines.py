"""When a step is due, and which day or hour was counted for what reason.

Clock hours run from the instant of receipt, through nights and holidays. Days leave out the day of receipt
(day 0) and end with the last day: an act before `late_from` is in time. What a pause covers is not counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import Citation
from quanheng.packs.sentence import tell
from quanheng.regulation.deadline_rules import Counting, Duration, DurationUnit, check_length
from quanheng.regulation.pauses import (
    Pause,
    PausedDays,
    PausedTime,
    PauseReason,
    in_zone,
    merged,
    paused_days,
)
from quanheng.regulation.workdays import ONE_DAY, DayKind, WorkCalendar, next_day

ZERO = timedelta()


class DayStanding(StrEnum):
    """What a day is for a deadline."""

    START = "start"
    COUNTED = "counted"
    NOT_WORKING = "not_working"
    PAUSED = "paused"
    CARRIED = "carried"


@dataclass(frozen=True, slots=True)
class CountedDay:
    """One day on the way to the end.

    Args:
        number: how many days were counted up to and with this one.
        holiday: the name of the holiday on which the day is off.
        reasons: of the pause that leaves it out.
    """

    day: date
    kind: DayKind
    standing: DayStanding
    number: int
    holiday: str = ""
    reasons: tuple[PauseReason, ...] = ()


@dataclass(frozen=True, slots=True)
class CountedTime:
    """One stretch of hours on the way to the end; reasons are those of the pause that leaves it out."""

    starts_at: datetime
    ends_at: datetime | None
    reasons: tuple[PauseReason, ...] = ()

    @property
    def is_counted(self) -> bool:
        return not self.reasons


@dataclass(frozen=True, slots=True)
class Extension:
    """More time, in the unit of the duration.

    Args:
        granted_at: an extension of what has already ended is none.
    """

    count: int
    granted_at: datetime


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a step is due.

    Args:
        count: hours or days in all, extensions included.
        due_on: the last day; None while a pause lasts that began before the end.
        late_from: the first instant that is late: for days, midnight after the last day. None as above.
        days, times: how it was counted; days for days, times for hours.
        is_provisional: the way to the end leads into a year whose calendar is not published; compute it
            again when it is.
        unknown_past: years on the way that are over, and whose calendar is not loaded here.
    """

    count: int
    unit: DurationUnit
    received_at: datetime
    due_on: date | None
    late_from: datetime | None
    days: tuple[CountedDay, ...]
    times: tuple[CountedTime, ...]
    is_provisional: bool
    citations: tuple[Citation, ...]
    unknown_past: tuple[int, ...] = ()

    @property
    def is_running(self) -> bool:
        """False while a pause lasts and the end is therefore open."""
        return self.late_from is not None

    def is_late(self, at: datetime) -> bool:
        return self.late_from is not None and at >= self.late_from


def deadline(
    received_at: datetime,
    duration: Duration,
    counting: Counting,
    calendar: WorkCalendar,
    *,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
) -> Deadline:
    """Return when a step is due that started at an instant.

    Raises:
        CaseFault: an instant without zone, a length beyond reason, a pause or an extension that the rule does
            not allow, or an extension that was granted too late.
    """
    check_length("count", duration.count, duration.unit)
    received_at = in_zone("received_at", received_at, counting.utc_offset)
    _check_pauses(pauses, duration)
    paused = merged(pauses, counting.utc_offset)
    found = _counted(received_at, duration, counting, calendar, paused)
    for index, extension in enumerate(extensions):
        _check_extension(f"extensions[{index}]", index, extension, duration, found)
        longer = replace(duration, count=found.count + extension.count)
        check_length(f"extensions[{index}].count", longer.count, longer.unit)
        found = _counted(received_at, longer, counting, calendar, paused)
    return found


def _counted(
    received_at: datetime,
    duration: Duration,
    counting: Counting,
    calendar: WorkCalendar,
    paused: Sequence[PausedTime],
) -> Deadline:
    if duration.unit is DurationUnit.HOURS:
        times = tuple(_times(received_at, timedelta(hours=duration.count), paused))
        late_from = times[-1].ends_at if times[-1].is_counted else None
        due_on = None if late_from is None else late_from.date()
        return _result(received_at, duration, counting, late_from, due_on, times=times)
    left_out = paused_days(paused, partly_paused_day_counts=counting.partly_paused_day_counts)
    days = tuple(_days(received_at.date(), duration, calendar, left_out))
    if days[-1].number < duration.count:
        return _result(received_at, duration, counting, None, None, days=days, calendar=calendar)
    last = days[-1].day
    midnight = datetime.combine(last + ONE_DAY, time(), timezone(counting.utc_offset))
    return _result(received_at, duration, counting, midnight, last, days=days, calendar=calendar)


def _times(start: datetime, left: timedelta, paused: Sequence[PausedTime]) -> Iterator[CountedTime]:
    """Yield the stretches from the start until the time is used up, or until a pause that lasts."""
    at = start
    for pause in paused:
        if pause.ends_at is not None and pause.ends_at <= at:
            continue
        pause_start = max(pause.starts_at, at)
        if at + left <= pause_start:
            break
        if pause_start > at:
            yield CountedTime(at, pause_start)
        yield CountedTime(pause_start, pause.ends_at, pause.reasons)
        if pause.ends_at is None:
            return
        left, at = left - (pause_start - at), pause.ends_at
    yield CountedTime(at, at + left)


def _days(
    start: date, duration: Duration, calendar: WorkCalendar, left_out: Sequence[PausedDays]
) -> Iterator[CountedDay]:
    """Yield the days from day 0 until the count is reached, or until a pause that lasts."""
    counts_all = duration.unit is DurationUnit.CALENDAR_DAYS
    pauses, number, day = list(reversed(left_out)), 0, start
    yield CountedDay(day, calendar.kind(day), DayStanding.START, 0, calendar.holiday(day))
    while number < duration.count:
        day = next_day(day)
        kind, holiday = calendar.kind(day), calendar.holiday(day)
        while pauses and pauses[-1].ends_before(day):
            pauses.pop()
        if pauses and pauses[-1].first <= day:
            yield CountedDay(day, kind, DayStanding.PAUSED, number, holiday, pauses[-1].reasons)
            if pauses[-1].last is None:
                return
        elif counts_all or kind.is_working:
            number += 1
            yield CountedDay(day, kind, DayStanding.COUNTED, number, holiday)
        else:
            yield CountedDay(day, kind, DayStanding.NOT_WORKING, number, holiday)
    if duration.ends_on_working_day:
        yield from _carried(day, number, calendar)


def _carried(day: date, number: int, calendar: WorkCalendar) -> Iterator[CountedDay]:
    """Yield the days by which an end on a day off moves, up to and with the next working day."""
    while not calendar.is_working(day):
        day = next_day(day)
        yield CountedDay(day, calendar.kind(day), DayStanding.CARRIED, number, calendar.holiday(day))


def _result(
    received_at: datetime,
    duration: Duration,
    counting: Counting,
    late_from: datetime | None,
    due_on: date | None,
    *,
    days: tuple[CountedDay, ...] = (),
    times: tuple[CountedTime, ...] = (),
    calendar: WorkCalendar | None = None,
) -> Deadline:
    """Put together what was counted, with what the counting stood on; hours need no calendar."""
    needs_calendar = duration.unit is DurationUnit.WORKING_DAYS or duration.ends_on_working_day
    by = calendar if needs_calendar else None
    first, last = received_at.date(), days[-1].day if days else received_at.date()
    rule = () if duration.citation is None else (duration.citation,)
    return Deadline(
        count=duration.count,
        unit=duration.unit,
        received_at=received_at,
        due_on=due_on,
        late_from=late_from,
        days=days,
        times=times,
        is_provisional=by is not None and by.is_provisional(first, last),
        citations=(*rule, counting.citation, *(by.citations(first, last) if by else ())),
        unknown_past=by.unknown_past(first, last) if by else (),
    )


def _check_pauses(pauses: Sequence[Pause], duration: Duration) -> None:
    if duration.pause_reasons is None:
        return
    for index, pause in enumerate(pauses):
        if pause.reason not in duration.pause_reasons:
            allowed = "、".join(sorted(duration.pause_reasons)) or tell("无")
            raise CaseFault(
                f"pauses[{index}].reason",
                "pause_not_allowed",
                tell(
                    "这一期限不扣除“{reason}”的时间；可以扣除的有：{allowed}。",
                    reason=pause.reason,
                    allowed=allowed,
                ),
            )


def _check_extension(
    name: str, index: int, extension: Extension, duration: Duration, so_far: Deadline
) -> None:
    check_length(f"{name}.count", extension.count, duration.unit)
    if duration.extensions is not None:
        if index >= len(duration.extensions):
            raise CaseFault(
                name,
                "no_more_extensions",
                tell("这一期限最多延长 {most} 次。", most=len(duration.extensions)),
            )
        most = duration.extensions[index]
        if most is not None and extension.count > most:
            message = tell("第 {number} 次延长最多 {most}。", number=index + 1, most=most)
            raise CaseFault(f"{name}.count", "extension_too_long", message, most=most)
    if so_far.is_late(in_zone(f"{name}.granted_at", extension.granted_at, ZERO)):
        raise CaseFault(
            f"{name}.granted_at", "granted_too_late", "延长须在原期限届满之前批准；届满之后批准的不算。"
        )
