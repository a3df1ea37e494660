"""The calendar of an institute: how many a half day takes, how many are booked, what falls due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from django.db.models import Count, Max, Q
from django.utils import timezone

from quanheng.apps.certificates.enums import HalfDay
from quanheng.apps.certificates.models import ApplicationLine, Authorisation
from quanheng.kit.dated import holding_on
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.packs.shipped import shipped
from quanheng.regulation.verification_procedure import BOOKED
from quanheng.regulation.workdays import WorkCalendar, calendar_of

FREE_DAY_WITHIN = timedelta(weeks=8)
ENDS = {HalfDay.MORNING: time(12), HalfDay.AFTERNOON: time(18)}  # by our own choice


@dataclass(frozen=True, slots=True)
class DayLoad:
    """One day of an institute. Numbers are instruments.

    Args:
        capacity, booked: by half day, in the order of `HalfDay`.
    """

    day: date
    is_working: bool
    capacity: tuple[int, int]
    booked: tuple[int, int]

    @property
    def free_halves(self) -> tuple[int, int]:
        """Return the room of the morning and of the afternoon."""
        if not self.is_working:
            return 0, 0
        pairs = zip(self.capacity, self.booked, strict=True)
        morning, afternoon = (max(0, all_ - taken) for all_, taken in pairs)
        return morning, afternoon

    @property
    def free(self) -> int:
        return sum(self.free_halves)

    @property
    def total(self) -> int:
        return sum(self.capacity) if self.is_working else 0

    @property
    def taken(self) -> int:
        return sum(self.booked)


@lru_cache(maxsize=1)
def calendar() -> WorkCalendar:
    """Return the calendar of working days."""
    return calendar_of(shipped())


def halves(capacity: int) -> tuple[int, int]:
    """Share the instruments of a day between morning and afternoon; the odd one comes in the morning."""
    return capacity - capacity // 2, capacity // 2


def item_capacities(institute_id: int, day: date) -> dict[int, int]:
    """Return how many instruments of each item an institute verifies in a day: its largest authorisation."""
    rows = Authorisation.objects.filter(holding_on(day), institute=institute_id)
    return dict(rows.values_list("item").annotate(most=Max("daily_capacity")))


def day_capacity(institute_id: int, day: date) -> int:
    """Return how many instruments an institute takes in a day, whatever they are.

    The rooms and people are the same for every item: the day holds what its largest item holds.
    """
    return max(item_capacities(institute_id, day).values(), default=0)


def load_of(institute_id: int, day: date) -> DayLoad:
    """Return one day of an institute."""
    return next(iter(loads(institute_id, day, day)))


def loads(institute_id: int, first: date, last: date) -> Sequence[DayLoad]:
    """Return the days of an institute. Only counts leave: whose instruments they are stays hidden."""
    booked = _booked(institute_id, first, last)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    rows = valid_rows(institute_id)
    return [
        DayLoad(
            day,
            calendar().is_working(day),
            halves(_largest(rows, day)),
            (booked[day, HalfDay.MORNING], booked[day, HalfDay.AFTERNOON]),
        )
        for day in days
    ]


def valid_rows(institute_id: int) -> list[tuple[date, date | None, int]]:
    """Return from when, until when and how many, for each authorisation of an institute."""
    rows = Authorisation.objects.filter(institute=institute_id)
    return list(rows.values_list("valid_from", "valid_to", "daily_capacity"))


def first_free_day(institute_id: int, day: date) -> date | None:
    """Return the first working day from a day on with room; None within eight weeks."""
    free = (load.day for load in loads(institute_id, day, day + FREE_DAY_WITHIN) if load.free)
    return next(free, None)


def is_over(day: date, half: HalfDay, at: datetime) -> bool:
    """Say whether a half day has ended; what has only begun can still be booked."""
    end = datetime.combine(day, ENDS[half], tzinfo=timezone.get_current_timezone())
    return end <= at


def half_days(first: date) -> Iterator[tuple[date, HalfDay]]:
    """Yield the half days on which somebody works, from a day on, for eight weeks."""
    days = (first + timedelta(days=n) for n in range(FREE_DAY_WITHIN.days))
    return ((day, half) for day in days if calendar().is_working(day) for half in HalfDay)


def week_starts(first: date, last: date) -> Iterator[date]:
    """Yield the Mondays of the weeks from first to last."""
    monday = first - timedelta(days=first.weekday())
    while monday <= last:
        yield monday
        monday += timedelta(days=7)


def _largest(rows: Sequence[tuple[date, date | None, int]], day: date) -> int:
    valid = (most for since, until, most in rows if since <= day and (until is None or day <= until))
    return max(valid, default=0)


def _booked(institute_id: int, first: date, last: date) -> Counter[tuple[date, str]]:
    held = Q(institute=institute_id, state__in=BOOKED, booked_for__gte=first, booked_for__lte=last)
    with acting_in(EVERYTHING, read_only=False):
        rows = ApplicationLine.objects.unscoped().filter(held).values_list("booked_for", "half")
        return Counter({(day, half): count for day, half, count in rows.annotate(n=Count("id")) if day})
