"""What the address says about a list: filters, order, columns, page. Unknown words are told, not guessed.

A filter that is not understood leaves no rows: nobody takes the whole ledger for what was asked, acts on it,
or hands it on as a file. An order or a column that is not known changes no row and is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from quanheng.kit.lists.actors import ListActor
from quanheng.kit.lists.columns import Column
from quanheng.kit.lists.filters import Filter, NotUnderstood
from quanheng.kit.lists.keyset import Order, is_nullable
from quanheng.kit.scope import EVERYTHING, Scope

if TYPE_CHECKING:
    from quanheng.kit.lists.declaration import List

SIZES = (20, 50, 100)
DEFAULT_SIZE = 50
WIDE = 10**10 - 1  # an interval of area positions this wide is a whole province (ADR 0004)
PAGING = ("after", "before", "page")

OWN = frozenset({"sort", "columns", "size", "view", "reach", "id", "back", "found", *PAGING})


def is_wide(scope: Scope) -> bool:
    """Say whether a scope is a province or more: its lists are read from indexes of the whole table."""
    return scope.everything or (scope.first is not None and (scope.last or 0) - scope.first >= WIDE)


@dataclass(frozen=True, slots=True)
class Unread:
    """A filter of the address that was not understood.

    Args:
        names: its parameters: without them the list shows its rows again.
        text: why, for the reader.
    """

    names: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class ListRequest:
    """A list as somebody asked for it.

    Args:
        values: what each filter was told, by key.
        unread: filters that were not understood; where there is one, there are no rows.
        notices: what was ignored, for the reader.
        query: the address without paging: what a saved view keeps and an export repeats.
    """

    listing: List[Any]
    actor: ListActor
    values: Mapping[str, Any]
    columns: tuple[Column, ...]
    sort: str
    size: int
    unread: tuple[Unread, ...] = ()
    notices: tuple[str, ...] = ()
    query: QueryDict = field(default_factory=QueryDict)

    @property
    def order(self) -> Order:
        """The order in the database."""
        name = self.sort.removeprefix("-")
        column = self.listing.column(name)
        path = (column.sort_field if column else None) or "id"
        return Order(
            field=path,
            descending=self.sort.startswith("-"),
            nullable=is_nullable(self.listing.model_for(self.actor), path),
            fenced=self._is_narrow(),
            within=self._areas() if path == "id" else None,
        )

    def _is_narrow(self) -> bool:
        return not is_wide(self.actor.scope) or self._is_narrowed()

    def _is_narrowed(self) -> bool:
        return any(f.narrows for f in self.listing.filters if f.key in self.values)

    def _areas(self) -> tuple[int, int] | None:
        """Return the interval of an officer below the province whose rows are read area by area."""
        scope = self.actor.scope
        if (
            not self.listing.by_area
            or scope.first is None
            or scope.last is None
            or scope.entity_id is not None
        ):
            return None
        return None if is_wide(scope) or self._is_narrowed() else (scope.first, scope.last)

    def rows(self) -> Any:
        """Return the rows of the filter, without order."""
        return self._filtered(self.listing.rows(self.actor))

    def rows_by_area(self) -> Any:
        """Return the rows of the filter for `Order.within`, which says itself of which areas.

        With the actor's interval beside the one area of each reading, the planner would count it twice and
        expect seven rows of a street that has two thousand: it sorted them all to show fifty.
        """
        return self._filtered(self.listing.rows(self.actor.in_scope(EVERYTHING)))

    def _filtered(self, rows: Any) -> Any:
        if self.unread:
            return rows.none()
        for each in self.listing.filters:
            if each.key in self.values:
                rows = each.apply(rows, self.values[each.key], self.actor)
        return rows

    def described(self) -> list[tuple[Filter, str]]:
        """Return the filters in force with their values in words."""
        return [(f, f.describe(self.values[f.key])) for f in self.listing.filters if f.key in self.values]


def read_request(
    listing: List[Any], query: QueryDict, actor: ListActor, preferred: Iterable[str] = ()
) -> ListRequest:
    """Read the address; `preferred` are the columns this person chose before."""
    notices: list[str] = []
    values, unread = _read_values(listing, query, actor)
    chosen = _words(query.get("columns", "")) or list(preferred)
    columns = _columns(listing, chosen, notices if "columns" in query else [])
    sort = query.get("sort") or listing.default_sort
    if not listing.can_sort(sort):
        notices.append(_("不能按“%(name)s”排序，已按默认顺序显示") % {"name": sort})
        sort = listing.default_sort
    known = OWN.union(*(f.names for f in listing.filters)) | {"csrfmiddlewaretoken"}
    unread += [_unknown(name) for name in query if name not in known]
    return ListRequest(
        listing,
        actor,
        values,
        columns,
        sort,
        _size(query.get("size", "")),
        tuple(unread),
        tuple(notices),
        _kept(query, known),
    )


def _read_values(
    listing: List[Any], query: QueryDict, actor: ListActor
) -> tuple[dict[str, Any], list[Unread]]:
    values: dict[str, Any] = {}
    unread: list[Unread] = []
    for each in listing.filters:
        try:
            value = each.read(query, actor)
        except NotUnderstood:
            text = _("条件“%(label)s”有误或不在您的范围内，未显示数据。")
            unread.append(Unread(each.names, text % {"label": each.label}))
            continue
        if value is not None:
            values[each.key] = value
    return values, unread


def _unknown(name: str) -> Unread:
    text = _("本清单没有条件“%(name)s”，未显示数据。")
    return Unread((name,), text % {"name": name})


def _columns(listing: List[Any], chosen: list[str], notices: list[str]) -> tuple[Column, ...]:
    known = [column for name in chosen if (column := listing.column(name)) is not None]
    notices += [
        _("未找到列“%(name)s”，已忽略") % {"name": name} for name in chosen if not listing.column(name)
    ]
    lead = next(column for column in listing.columns if column.lead)
    if not known:
        return tuple(column for column in listing.columns if column.shown or column.lead)
    return tuple(known) if lead in known else (lead, *known)


def _size(text: str) -> int:
    return int(text) if text in {str(size) for size in SIZES} else DEFAULT_SIZE


def _kept(query: QueryDict, known: Iterable[str]) -> QueryDict:
    dropped = {*PAGING, "view", "reach", "id", "back", "found", "csrfmiddlewaretoken"}
    kept = QueryDict(mutable=True)
    for name in query:
        values = [value for value in query.getlist(name) if value]
        if name in known and name not in dropped and values:
            kept.setlist(name, values)
    return kept


def _words(text: str) -> list[str]:
    return list(dict.fromkeys(word for word in text.split(",") if word))
