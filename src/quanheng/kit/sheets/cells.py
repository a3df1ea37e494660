"""Cells that are more than their value: what a formula could not say, and days of another calendar."""

from __future__ import annotations

from datetime import date, datetime, timedelta


class ErrorValue(str):
    """What a formula shows that has no result: #REF!, #N/A, #VALUE!. It is no text of the clerk's."""

    __slots__ = ()


class Day1904(float):
    """A bare number in a workbook that counts its days from 1904, as old ones from a Macintosh do."""

    __slots__ = ()


# Exporters in a browser miss midnight by the seconds by which Beijing's mean time differed from UTC+8.
NEARLY_MIDNIGHT = timedelta(minutes=10)
LAST_SECOND = (23, 59, 59)


def day_meant(instant: datetime) -> date:
    """Return the day that a local time means: a few minutes before midnight it is the next one.

    The last second is how programs write the end of a day: it is that day.
    """
    if (instant.hour, instant.minute, instant.second) == LAST_SECOND:
        return instant.date()
    return (instant + NEARLY_MIDNIGHT).date()


ERROR_VALUES = frozenset(
    {"#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA", "#SPILL!", "#CALC!"}
)
"""As they stand in a csv; #N/A there is also what clerks write for nothing."""
