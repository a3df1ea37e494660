"""Quarters of a year, and where a campaign will stand at the end of its quarter if it goes on as it does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

FIRST_WEEK = 7  # days


@dataclass(frozen=True, slots=True)
class Quarter:
    """One quarter. Raises ValueError for one that no year has."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1 <= self.number <= 4 and 2000 <= self.year <= 2100):
            raise ValueError(f"{self.year} Q{self.number} is no quarter")

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        after = date(self.year + 1, 1, 1) if self.number == 4 else date(self.year, 3 * self.number + 1, 1)
        return after - timedelta(days=1)


def quarter_of(day: date) -> Quarter:
    """Return the quarter in which a day lies."""
    return Quarter(day.year, (day.month + 2) // 3)


def forecast(*, done: int, drawn: int, since: date, today: date, last: date) -> int:
    """Return how many will be done on the last day, at the pace since the draw; never more than were drawn.

    A week in which nothing was done yet tells no pace: then all of them are expected.

    Args:
        since: the day of the draw, which counts as the first day of work; `today` counts as well.
    """
    if today >= last or done >= drawn:
        return done
    worked = max(1, (today - since).days + 1)
    if not done and worked <= FIRST_WEEK:
        return drawn
    left = (last - today).days
    return min(drawn, done + done * left // worked)
