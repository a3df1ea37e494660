"""A list as its template draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import QueryDict

from quanheng.kit.lists import Filter, List
from quanheng.kit.lists.columns import Column
from quanheng.kit.lists.filters import Choice, Flag
from quanheng.kit.lists.pages import Count, RowPage, TooMuch, capped_count, read_page
from quanheng.kit.lists.request import SIZES, ListRequest
from quanheng.kit.models import ExportFormat, SavedView
from quanheng.kit.tones import Text

SORT_WORDS = {"": "none", "up": "ascending", "down": "descending"}


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: where a click leads, and how it sorts now."""

    column: Column
    url: str
    direction: str  # "up", "down" or "" (not sorted by this column)

    @property
    def aria_sort(self) -> str:
        return SORT_WORDS[self.direction]

    @property
    def icon(self) -> str:
        return {"": "selector", "up": "arrow-up", "down": "arrow-down"}[self.direction]


@dataclass(frozen=True, slots=True)
class Cell:
    """One value; `drawing` says how each kind looks."""

    column: Column
    value: Any


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its id for selecting, its page, its cells."""

    id: int
    url: str
    cells: Sequence[Cell]

    @property
    def name(self) -> str:
        return next(str(cell.value) for cell in self.cells if cell.column.lead)


@dataclass(frozen=True, slots=True)
class Control:
    """A filter with what was typed into it."""

    filter: Filter
    typed: QueryDict
    value: Any

    @property
    def text(self) -> str:
        """What a text box shows again."""
        option = getattr(self.value, "text", None)
        name = self.filter.names[-1] if len(self.filter.names) > 1 else self.filter.key
        return str(option) if option is not None else self.typed.get(name, "")

    @property
    def kept(self) -> str:
        return str(getattr(self.value, "value", "") or "")

    @property
    def labels(self) -> dict[str, Text]:
        """The values of a filter of a few, in words."""
        return self.filter.labels if isinstance(self.filter, Choice | Flag) else {}

    @property
    def chosen(self) -> list[str]:
        return self.typed.getlist(self.filter.key)

    @property
    def ends(self) -> list[tuple[str, str]]:
        return [(name, self.typed.get(name, "")) for name in self.filter.names]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, with the address without it."""

    label: Text
    text: str
    url: str


@dataclass(frozen=True)
class ShownList:
    """Everything the list templates need."""

    asked: ListRequest
    typed: QueryDict
    path: str
    views: Sequence[SavedView]
    page: RowPage | None
    count: Count | None

    @property
    def listing(self) -> List[Any]:
        return self.asked.listing

    @property
    def too_much(self) -> bool:
        return self.page is None

    @property
    def is_filtered(self) -> bool:
        return bool(self.asked.values or self.asked.unread)

    @property
    def unread(self) -> list[Chip]:
        """Filters that were not understood: why, and the address without them."""
        return [
            Chip("", each.text, self.url(**dict.fromkeys(each.names, None))) for each in self.asked.unread
        ]

    @cached_property
    def query(self) -> str:
        """The address without paging."""
        return self.asked.query.urlencode()

    @cached_property
    def rows(self) -> list[Row]:
        return [self._row(row) for row in self.page.rows] if self.page else []

    def _row(self, row: Any) -> Row:
        cells = [Cell(column, column.of(row)) for column in self.asked.columns]
        return Row(row.pk, self.listing.row_url(row), cells)

    @cached_property
    def heads(self) -> list[Head]:
        return [self._head(column) for column in self.asked.columns]

    def _head(self, column: Column) -> Head:
        if column.sort_field is None:
            return Head(column, "", "")
        now = self.asked.sort
        direction = {column.key: "up", f"-{column.key}": "down"}.get(now, "")
        return Head(column, self.url(sort=f"-{column.key}" if direction == "up" else column.key), direction)

    @cached_property
    def controls(self) -> list[Control]:
        return [Control(f, self.typed, self.asked.values.get(f.key)) for f in self.listing.filters]

    @property
    def first_controls(self) -> list[Control]:
        return [control for control in self.controls if control.filter.first]

    @property
    def more_controls(self) -> list[Control]:
        return [control for control in self.controls if not control.filter.first]

    @property
    def more_is_open(self) -> bool:
        return any(control.filter.key in self.asked.values for control in self.more_controls)

    @cached_property
    def chips(self) -> list[Chip]:
        return [
            Chip(f.label, text, self.url(**dict.fromkeys(f.names, None)))
            for f, text in self.asked.described()
        ]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the filter form carries along without showing it."""
        kept = ("sort", "columns", "size")
        return [(name, value) for name in kept if (value := self.asked.query.get(name))]

    @property
    def all_fields(self) -> list[tuple[str, str]]:
        """The whole question, for the form around the rows."""
        return [(name, value) for name, values in self.asked.query.lists() for value in values]

    @property
    def sizes(self) -> list[tuple[int, str, bool]]:
        return [(size, self.url(size=str(size)), size == self.asked.size) for size in SIZES]

    @cached_property
    def column_order(self) -> list[tuple[Column, bool]]:
        """Every column with whether it is shown: the shown ones first, in their order."""
        shown = [(column, True) for column in self.asked.columns]
        return shown + [
            (column, False) for column in self.listing.columns if column not in self.asked.columns
        ]

    @property
    def saved(self) -> list[tuple[SavedView, str, bool, bool]]:
        """Saved views: the view, its address, whether it is open, whether it is the reader's own."""
        open_id = self.typed.get("view", "")
        me = self.asked.actor.user_id
        return [
            (
                v,
                f"{self.path}?{v.query}{'&' if v.query else ''}view={v.pk}",
                str(v.pk) == open_id,
                v.owner_id == me,
            )
            for v in self.views
        ]

    @property
    def bulk_acts(self) -> list[Any]:
        if self.asked.unread:
            return []
        return self.listing.bulk_acts_for(self.asked.actor)

    @property
    def acts(self) -> Sequence[object]:
        return self.listing.acts(self.asked.actor)

    @property
    def formats(self) -> list[tuple[str, str]]:
        return ExportFormat.choices

    @property
    def first_url(self) -> str:
        return self.url() if self.page and self.page.before else ""

    @property
    def before_url(self) -> str:
        return self.url(before=self.page.before) if self.page and self.page.before else ""

    @property
    def after_url(self) -> str:
        return self.url(after=self.page.after) if self.page and self.page.after else ""

    @property
    def last_url(self) -> str:
        return self.url(page="last") if self.page and self.page.after else ""

    @property
    def clear_url(self) -> str:
        """The address without any filter, in the same order and columns."""
        names = [name for f in self.listing.filters for name in f.names]
        return self.url(**dict.fromkeys(names, None))

    def url(self, **changes: str | None) -> str:
        """Return the address of this list with some parameters changed; None removes one."""
        query = self.asked.query.copy()
        for name, value in changes.items():
            query.pop(name, None)
            if value is not None:
                query[name] = value
        return f"{self.path}?{query.urlencode()}" if query else self.path


def show(asked: ListRequest, typed: QueryDict, path: str, views: Sequence[SavedView]) -> ShownList:
    """Read the page; a filter that cannot be read in time shows as too much data."""
    try:
        page: RowPage | None = read_page(asked, typed)
    except TooMuch:
        return ShownList(asked, typed, path, views, None, None)
    return ShownList(asked, typed, path, views, page, _count(asked, page))


def _count(asked: ListRequest, page: RowPage | None) -> Count:
    if page is not None and not page.before and not page.after:
        return Count(len(page.rows), capped=False)
    return capped_count(asked, at_least=len(page.rows) if page else 0)
