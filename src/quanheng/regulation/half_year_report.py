"""Half-year reports of hospitals on their measuring instruments: which period, due when, late or not.

Rule pack `half-year-report` (the plan of 2026, chapter 3(1)1).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from quanheng.packs.rule_pack import Citation, RulePack
from quanheng.regulation.workdays import WorkCalendar, check_year


class ReportStanding(StrEnum):
    """Where the report of one period stands on a day."""

    RUNNING = "running"
    DUE = "due"
    IN_TIME = "in_time"
    LATE = "late"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True, order=True)
class HalfYear:
    """January to June is half 1, July to December half 2."""

    year: int
    half: int

    @property
    def first_day(self) -> date:
        return date(self.year, 1 if self.half == 1 else 7, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, 6, 30) if self.half == 1 else date(self.year, 12, 31)

    @property
    def following(self) -> HalfYear:
        return HalfYear(self.year, 2) if self.half == 1 else HalfYear(self.year + 1, 1)


@dataclass(frozen=True, slots=True)
class HalfYearReport:
    """The report of one period.

    Args:
        is_provisional: the day it is due may still move with a calendar that is not published.
    """

    period: HalfYear
    due_on: date
    standing: ReportStanding
    is_provisional: bool
    citation: Citation


def half_year_of(day: date) -> HalfYear:
    """Return the period that a day belongs to."""
    return HalfYear(day.year, 1 if day.month <= 6 else 2)


def due_on(period: HalfYear, calendar: WorkCalendar, pack: RulePack) -> date:
    """Return the last day on which the report of the period is in time.

    Raises:
        CaseFault: a year beyond reason.
    """
    check_year("period", period.year)
    rule = pack.table("due").values
    month_day = rule["first_half" if period.half == 1 else "second_half"]
    year = period.last_day.year if period.half == 1 else period.last_day.year + 1
    day = date(year, month_day["month"], month_day["day"])
    return calendar.on_or_after(day) if rule["moves_to_working_day"] else day


def report(
    period: HalfYear, submitted_on: date | None, day: date, calendar: WorkCalendar, pack: RulePack
) -> HalfYearReport:
    """Return where the report of the period stands on the day."""
    due = due_on(period, calendar, pack)
    moves = pack.table("due").values["moves_to_working_day"]
    return HalfYearReport(
        period=period,
        due_on=due,
        standing=_standing(period, submitted_on, day, due),
        is_provisional=moves and calendar.is_provisional(due, due),
        citation=pack.cite("due"),
    )


def _standing(period: HalfYear, submitted_on: date | None, day: date, due: date) -> ReportStanding:
    if submitted_on is not None and submitted_on <= day:
        return ReportStanding.IN_TIME if submitted_on <= due else ReportStanding.LATE
    if day > due:
        return ReportStanding.OVERDUE
    return ReportStanding.DUE if day > period.last_day else ReportStanding.RUNNING


def reports(
    since: date, day: date, submitted: Mapping[HalfYear, date], calendar: WorkCalendar, pack: RulePack
) -> Iterator[HalfYearReport]:
    """Yield the report of each period from the one that a hospital began in to the one that is running."""
    period = half_year_of(since)
    while period <= half_year_of(day):
        yield report(period, submitted.get(period), day, calendar, pack)
        period = period.following
