"""A column of a list: what it shows, by what it sorts, how it is exported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any

from quanheng.kit.tones import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    value: Callable[[Any], object] | None = None
    sort: bool | str = False
    shown: bool = True
    lead: bool = False
    numeric: bool = False
    code: bool = False


@dataclass(frozen=True, slots=True)
class Column(_Options):
    """One column.

    Args:
        key: name in the address; also the attribute that is shown (``entity__name`` follows relations).
        label: head of the column.
        value: shows something else than the attribute. May return text, a number, a date, a
            `kit.tones.State` (drawn as a badge), or None (a dash).
        sort: True sorts by the attribute, a string by that field; it has to be a column of the database.
        shown: shown until somebody chooses columns.
        lead: names the row: row header, link to the row's page, title of the card on a phone. One per list.
        numeric: aligned to the right.
        code: set in the fixed-width face.
    """

    key: str
    label: Text

    def of(self, row: object) -> object:
        """Return the value shown for a row."""
        if self.value is not None:
            return self.value(row)
        shown = getattr(row, f"get_{self.key}_display", None)
        return shown() if shown else reduce(_follow, self.key.split("__"), row)

    @property
    def sort_field(self) -> str | None:
        """The field by which the column sorts, as a queryset names it."""
        return self.key if self.sort is True else (self.sort or None)


def _follow(thing: object, name: str) -> object:
    return None if thing is None else getattr(thing, name)
