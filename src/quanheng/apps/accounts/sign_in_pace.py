"""How long a place waits after wrong passwords: arithmetic alone, whose table is its test."""

from __future__ import annotations

from datetime import timedelta

WINDOW = timedelta(hours=1)
FREE = 5  # slips of the finger
FREE_UNDER_ALARM = 1  # at a place that nobody is known to use, while strangers try the account
ALARM_AT = 10  # failures of an account in the window, from wherever
FIRST, LONGEST = timedelta(seconds=30), timedelta(minutes=15)


def pause_after(here: int, everywhere: int, *, is_known_place: bool) -> timedelta:
    """Return how long after its last failure a place may not try an account again.

    Args:
        here, everywhere: failures of the account in the window, from this place and from all.
        is_known_place: the person signed in from here before.
    """
    free = FREE_UNDER_ALARM if everywhere >= ALARM_AT and not is_known_place else FREE
    if here < free:
        return timedelta(0)
    return min(LONGEST, FIRST * (1 << min(here - free, 10)))
