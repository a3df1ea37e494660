"""Which days are working days.

The State Council's notice for a year states the days off and the weekend days that are worked instead. A year
whose notice is not loaded is provisional: weekends and the statutory holidays that do not depend on a notice.
Whatever reaches into a provisional year says so, and is computed again when the year is loaded.

Rule packs `work-calendar` (one edition a year; the office's own, handed in later, wins) and
`statutory-holidays`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import MAXYEAR, date, timedelta
from enum import StrEnum
from functools import reduce
from types import MappingProxyType
from typing import Any

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import Citation, RulePack, RulePacks
from quanheng.packs.sentence import tell

CALENDAR = "work-calendar"
STATUTORY = "statutory-holidays"
ONE_DAY = timedelta(days=1)
SATURDAY = 5
EARLIEST, LATEST = 1990, 2200  # years; outside, somebody mistyped


class DayKind(StrEnum):
    """What a day is in the calendar."""

    WORKING = "working"
    MAKE_UP = "make_up"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"

    @property
    def is_working(self) -> bool:
        return self in {DayKind.WORKING, DayKind.MAKE_UP}


@dataclass(frozen=True, slots=True)
class WorkYear:
    """The days of one year that are not what their day of the week says.

    Args:
        off: each day off, with the holiday's name.
        worked: weekend days that are worked.
        is_provisional: True while the year's notice is not loaded.
    """

    off: Mapping[date, str]
    worked: frozenset[date]
    is_provisional: bool
    citations: tuple[Citation, ...] = ()


PLAIN_YEAR = WorkYear(MappingProxyType({}), frozenset(), is_provisional=True)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which days are working days, as the yearly notices state them.

    Args:
        years: the years whose notice is loaded, or of which the statutory holidays are known.
    """

    years: Mapping[int, WorkYear] = field(default_factory=dict)

    def year(self, year: int) -> WorkYear:
        return self.years.get(year, PLAIN_YEAR)

    def kind(self, day: date) -> DayKind:
        year = self.year(day.year)
        if day in year.worked:
            return DayKind.MAKE_UP
        if day in year.off:
            return DayKind.HOLIDAY
        return DayKind.WEEKEND if day.weekday() >= SATURDAY else DayKind.WORKING

    def holiday(self, day: date) -> str:
        """Return the name of the holiday on which the day is off; empty where there is none."""
        return self.year(day.year).off.get(day, "")

    def is_working(self, day: date) -> bool:
        return self.kind(day).is_working

    def after(self, day: date, count: int) -> date:
        """Return the count-th working day after day; day itself does not count.

        Raises:
            CaseFault: a negative count, or one that leads beyond the calendar.
        """
        check_not_negative("count", count)
        while count > 0:
            day = next_day(day)
            count -= self.is_working(day)
        return day

    def on_or_after(self, day: date) -> date:
        """Return the day, or the first working day after it where it is none."""
        while not self.is_working(day):
            day = next_day(day)
        return day

    def between(self, day: date, other: date) -> int:
        """Count the working days after day, up to and with other; 0 where other is not later."""
        return sum(map(self.is_working, days_of(day + ONE_DAY, other))) if other > day else 0

    def is_provisional(self, first: date, last: date) -> bool:
        """Say whether any year from first to last has no notice yet."""
        return any(self.year(year).is_provisional for year in range(first.year, last.year + 1))

    def unknown_past(self, first: date, last: date) -> tuple[int, ...]:
        """Return the years of a range that lie before all that is loaded: published, and not known here."""
        begins = min(self.years, default=first.year)
        return tuple(range(first.year, min(last.year + 1, begins)))

    def citations(self, first: date, last: date) -> tuple[Citation, ...]:
        """Return the notices of the years from first to last."""
        return tuple(
            citation for year in range(first.year, last.year + 1) for citation in self.year(year).citations
        )


def next_day(day: date) -> date:
    """Return the day after.

    Raises:
        CaseFault: the calendar ends.
    """
    if day == date.max:
        raise CaseFault(
            "count", "beyond_calendar", tell("期限超出了公元 {maxyear} 年，请核对天数。", maxyear=MAXYEAR)
        )
    return day + ONE_DAY


def days_of(first: date, last: date) -> Iterator[date]:
    """Yield the days from first to last, both included."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def calendar_of(packs: RulePacks) -> WorkCalendar:
    """Build the calendar from the packs; of two for one year, the one that stands later wins.

    Raises:
        CaseFault: a pack states a day of another year, or works a day that is no weekend.
    """
    known: dict[int, WorkYear] = {}
    statutory = reduce(_with_statutory, packs.editions(STATUTORY), known)
    published = {pack.in_force_from.year: work_year(pack) for pack in packs.editions(CALENDAR)}
    return WorkCalendar(MappingProxyType({**statutory, **published}))


def work_year(pack: RulePack) -> WorkYear:
    """Read the notice of one year.

    Raises:
        CaseFault: a day of another year, a worked day that is no weekend, or a day both off and worked.
    """
    rule = pack.table("days").values
    off = dict(_named_days(rule["off"]))
    worked = frozenset(rule["worked"])
    _check_year(pack.in_force_from.year, off, worked)
    return WorkYear(MappingProxyType(off), worked, bool(rule.get("provisional", False)), (pack.cite("days"),))


def _with_statutory(years: dict[int, WorkYear], pack: RulePack) -> dict[int, WorkYear]:
    """Add the years of which the lunar holidays are stated; each stays provisional."""
    fixed, lunar = pack.table("fixed").values["off"], pack.table("lunar").values["off"]
    found = dict(years)
    for year in sorted({span["from"].year for span in lunar}):
        spans = [_of_year(span, year) for span in fixed]
        spans += [span for span in lunar if span["from"].year == year]
        found[year] = WorkYear(
            MappingProxyType(dict(_named_days(spans))),
            frozenset(),
            is_provisional=True,
            citations=(pack.cite(),),
        )
    return found


def _of_year(span: Mapping[str, Any], year: int) -> dict[str, Any]:
    return {
        "from": date.fromisoformat(f"{year}-{span['from']}"),
        "to": date.fromisoformat(f"{year}-{span['to']}"),
        "name": span["name"],
    }


def _named_days(spans: Iterable[Mapping[str, Any]]) -> Iterator[tuple[date, str]]:
    for span in spans:
        for day in days_of(span["from"], span["to"]):
            yield day, span["name"]


def _check_year(year: int, off: Mapping[date, str], worked: frozenset[date]) -> None:
    for day in sorted({*off, *worked}):
        if day.year != year:
            raise CaseFault(
                "days",
                "other_year",
                tell("{day} 不在 {year} 年，请改到所在年份的日历。", day=day, year=year),
                day=day,
            )
    for day in sorted(worked):
        if day.weekday() < SATURDAY:
            raise CaseFault(
                "worked", "no_weekend", tell("{day} 本是工作日，不必列为调休上班。", day=day), day=day
            )
        if day in off:
            raise CaseFault(
                "worked", "off_and_worked", tell("{day} 既列为放假又列为上班，请核对通知。", day=day), day=day
            )


def check_not_negative(name: str, count: int) -> None:
    if count < 0:
        raise CaseFault(
            name, "negative", tell("天数或小时数不能小于 0，现为 {count}。", count=count), count=count
        )


def check_year(name: str, year: int) -> None:
    """Refuse a year that somebody mistyped.

    Raises:
        CaseFault: before 1990 or after 2200.
    """
    if not EARLIEST <= year <= LATEST:
        message = tell(
            "年份须在 {earliest} 至 {latest} 之间，现为 {year}。", earliest=EARLIEST, latest=LATEST, year=year
        )
        raise CaseFault(name, "year_beyond_reason", message, year=year)
