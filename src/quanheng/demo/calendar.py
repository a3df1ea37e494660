"""Days as small numbers, so that ten million histories can be written without ten million date objects.

Day 0 is ORIGIN days before the day of the demonstration.
"""

from __future__ import annotations

from datetime import date, timedelta

from quanheng.regulation.periods import valid_until

ORIGIN = 4_400  # twelve years back
AHEAD = 4_400


class Days:
    """The calendar around one day: number → ISO text, number and period → number of the last valid day.

    Args:
        today: the day of the demonstration.
    """

    def __init__(self, today: date) -> None:
        self.first = today - timedelta(days=ORIGIN)
        self.today = ORIGIN
        self.text = [(self.first + timedelta(days=number)).isoformat() for number in range(ORIGIN + AHEAD)]
        self._ends: dict[int, list[int]] = {}

    def end_of_period(self, number: int, months: int) -> int:
        """Return the last valid day of a verification made on a day."""
        ends = self._ends.get(months)
        if ends is None:
            ends = self._ends[months] = [self._end(on, months) for on in range(ORIGIN + 1)]
        return ends[number]

    def _end(self, number: int, months: int) -> int:
        last = valid_until(self.first + timedelta(days=number), months)
        assert last is not None  # noqa: S101
        return (last - self.first).days
