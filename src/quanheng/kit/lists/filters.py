"""Filters of a list. Each reads its own parameters from the address and narrows the rows.

A value that is not understood, or names something out of the actor's reach, raises `NotUnderstood`: the list
says so and shows no row at all. All rows instead of none would be taken for those that somebody asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _

from quanheng.kit.lists.actors import ListActor
from quanheng.kit.lists.pickers import Option, PickerSource, find_source
from quanheng.kit.tones import Text

Rows = QuerySet[Any]
Narrow = Callable[[Rows, str, ListActor], Rows]


class NotUnderstood(ValueError):
    """The value in the address means nothing to this filter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What every filter has.

    Args:
        key: name in the address.
        label: shown above the control.
        field: the queryset's field; the key when left out.
        first: shown at once; the others wait behind "more filters".
        narrows: leaves so few rows that sorting all of them beats walking an index of the whole table.
    """

    key: str
    label: Text
    field: str = ""
    first: bool = True
    narrows: bool = False
    template: ClassVar[str] = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters that belong to this filter."""
        return (self.key,)

    @property
    def path(self) -> str:
        return self.field or self.key

    def read(self, query: QueryDict, actor: ListActor) -> Any:
        """Return the value, or None when the address says nothing.

        Raises:
            NotUnderstood: the address says something else than a value of this filter.
        """
        raise NotImplementedError

    def apply(self, rows: Rows, value: Any, actor: ListActor) -> Rows:
        raise NotImplementedError

    def describe(self, value: Any) -> str:
        """Say the value in words, for the chip above the rows."""
        return str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Filter):
    """One or several of a few values.

    Args:
        choices: pairs of value and label.
        many: several values at once (``state=a&state=b``).
        narrow: what a value means, when it is more than ``field = value`` (not together with many).
    """

    choices: Sequence[tuple[Any, Text]]
    many: bool = False
    narrow: Narrow | None = None
    template: ClassVar[str] = "ui/filters/choice.html"

    @property
    def labels(self) -> dict[str, Text]:
        return {str(value): label for value, label in self.choices}

    def read(self, query: QueryDict, actor: ListActor) -> tuple[str, ...] | None:
        values = tuple(dict.fromkeys(value for value in query.getlist(self.key) if value))
        if any(value not in self.labels for value in values) or (len(values) > 1 and not self.many):
            raise NotUnderstood
        return values or None

    def apply(self, rows: Rows, value: tuple[str, ...], actor: ListActor) -> Rows:
        if self.narrow is not None:
            return self.narrow(rows, value[0], actor)
        return rows.filter(**{f"{self.path}__in": value})

    def describe(self, value: tuple[str, ...]) -> str:
        return _("、").join(str(self.labels[each]) for each in value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(Filter):
    """Yes or no."""

    template: ClassVar[str] = "ui/filters/choice.html"
    many: ClassVar[bool] = False

    @property
    def labels(self) -> dict[str, Text]:
        return {"1": _("是"), "0": _("否")}

    def read(self, query: QueryDict, actor: ListActor) -> bool | None:
        value = query.get(self.key) or None
        if value not in {None, "0", "1"}:
            raise NotUnderstood
        return None if value is None else value == "1"

    def apply(self, rows: Rows, value: bool, actor: ListActor) -> Rows:
        return rows.filter(**{self.path: value})

    def describe(self, value: bool) -> str:
        return str(self.labels[str(int(value))])


YEARS = range(1900, 2200)  # beyond lies no day of this platform, and soon none that can be counted with


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRange(Filter):
    """Two days, both included, either of which may be left out. A time counts on its day in China.

    Args:
        on_time: the field is a time, not a date.
    """

    on_time: bool = False
    template: ClassVar[str] = "ui/filters/date_range.html"

    @property
    def names(self) -> tuple[str, ...]:
        return (f"{self.key}_from", f"{self.key}_to")

    def read(self, query: QueryDict, actor: ListActor) -> tuple[date | None, date | None] | None:
        first, last = (_day(query.get(name, "")) for name in self.names)
        if first and last and first > last:
            raise NotUnderstood
        return (first, last) if first or last else None

    def apply(self, rows: Rows, value: tuple[date | None, date | None], actor: ListActor) -> Rows:
        first, last = value
        if first:
            rows = rows.filter(**{f"{self.path}__gte": self._start_of(first)})
        if last:
            rows = rows.filter(**{f"{self.path}__lt": self._start_of(last + timedelta(days=1))})
        return rows

    def _start_of(self, day: date) -> date:
        return make_aware(datetime.combine(day, time.min)) if self.on_time else day

    def describe(self, value: tuple[date | None, date | None]) -> str:
        first, last = value
        if first and last:
            return f"{first} ~ {last}"
        return _("%(day)s 起") % {"day": first} if first else _("至 %(day)s") % {"day": last}


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise NotUnderstood from None
    if day.year not in YEARS:
        raise NotUnderstood
    return day


LONGEST_TEXT = 300  # a scanned address with its mark has 150 signs


@dataclass(frozen=True, slots=True, kw_only=True)
class Search(Filter):
    """One text box over several fields.

    Args:
        starts: fields that begin with the text, read as a range so that an index serves below row security
            (LIKE is not leakproof; comparisons are).
        equals: fields that are the text.
        contains: fields that contain it; only for lists whose rows are few before.
    """

    key: str = "q"
    starts: tuple[str, ...] = ()
    equals: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    narrows: bool = True
    template: ClassVar[str] = "ui/filters/search.html"

    def read(self, query: QueryDict, actor: ListActor) -> str | None:
        text = query.get(self.key, "").strip()
        if len(text) > LONGEST_TEXT or "\x00" in text:
            raise NotUnderstood
        return text or None

    def apply(self, rows: Rows, value: str, actor: ListActor) -> Rows:
        found = Q()
        for field in self.starts:
            found |= Q(**{f"{field}__gte": value, f"{field}__lt": after_prefix(value)})
        for field in self.equals:
            found |= Q(**{field: value})
        for field in self.contains:
            found |= Q(**{f"{field}__icontains": value})
        return rows.filter(found)


def after_prefix(text: str) -> str:
    """Return the first text, in code point order, that does not begin with this one."""
    code = ord(text[-1]) + 1
    return text[:-1] + chr(0xE000 if code == 0xD800 else min(code, 0x10FFFF))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick(Filter):
    """One thing found by a remote picker.

    Args:
        source: key of a `PickerSource`.
        narrow: what the value means, when it is more than ``field = value``.
    """

    source: str
    narrow: Narrow | None = None
    narrows: bool = True
    template: ClassVar[str] = "ui/filters/pick.html"

    @property
    def names(self) -> tuple[str, ...]:
        return (self.key, f"{self.key}_text")

    def read(self, query: QueryDict, actor: ListActor) -> Option | None:
        source = self._source()
        value, text = query.get(self.key, ""), query.get(f"{self.key}_text", "").strip()
        if not value and not text:
            return None
        option = source.find(actor, value) if value else source.resolve(actor, text)
        if option is None:
            raise NotUnderstood
        return option

    def _source(self) -> PickerSource:
        source = find_source(self.source)
        if source is None:
            raise LookupError(f"No picker source {self.source!r} is declared.")
        return source

    def apply(self, rows: Rows, value: Option, actor: ListActor) -> Rows:
        if self.narrow is not None:
            return self.narrow(rows, value.value, actor)
        return rows.filter(**{self.path: value.value})

    def describe(self, value: Option) -> str:
        return value.text
