"""Paging by key: every page costs the same, the last one too, and no row is skipped while others come and go.

The order is (value, id). Rows without a value come last in both directions; they are a second segment with
its own query, so that each query is one range that an index can serve. ADR 0005.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Field, Model, OuterRef, Q, QuerySet
from django.db.models.expressions import F
from django.db.models.functions import Coalesce

Key = tuple[Any, int]  # the value sorted by (None where there is none), the id
Found = tuple[int, Any]  # id, value


class BadCursor(ValueError):
    """The cursor in the address was not made by us, or for another order."""


@dataclass(frozen=True, slots=True)
class Order:
    """The order of a list.

    Args:
        field: what is sorted by, as a queryset names it; ``"id"`` for no other order.
        descending: largest first. Rows without a value stay last.
        nullable: some rows may have no value.
        fenced: hide the field from indexes. PostgreSQL would rather walk an index of the whole table in
            order, hoping to meet the few rows of a county soon, than sort those few rows.
        within: interval of area positions that all rows lie in, where the order of entry is read area by area
            (`List.by_area`): a page costs the same in a county of a thousand rows and of a million.
    """

    field: str
    descending: bool = False
    nullable: bool = False
    fenced: bool = False
    within: tuple[int, int] | None = None

    def terms(self, *, reverse: bool = False, by_id: bool = False) -> list[Any]:
        """Return the order for a queryset; reversed for reading backwards."""
        down = self.descending != reverse
        fields = ["id"] if by_id or self.field == "id" else [self.field, "id"]
        return [self._term(name, down) for name in fields]

    def _term(self, name: str, down: bool) -> Any:
        term = Coalesce(F(name), F(name)) if self.fenced else F(name)
        return term.desc() if down else term.asc()

    def export_terms(self) -> list[Any]:
        """Return the whole order in one, rows without a value last."""
        if self.field == "id" or not self.nullable:
            return self.terms()
        value = Coalesce(F(self.field), F(self.field)) if self.fenced else F(self.field)
        if self.descending:
            return [value.desc(nulls_last=True), F("id").desc()]
        return [value.asc(nulls_last=True), F("id").asc()]


@dataclass(frozen=True, slots=True)
class Cut:
    """The ids of one page, and whether there are rows before and after it."""

    found: Sequence[Found]
    before: bool
    after: bool


def field_of(model: type[Model], path: str) -> Field[Any, Any]:
    """Return the database field that a path such as ``entity__name`` ends in."""
    field: Any = None
    for name in path.split("__"):
        field = model._meta.get_field(name)
        model = field.related_model or model
    return cast("Field[Any, Any]", field)


def is_nullable(model: type[Model], path: str) -> bool:
    """Say whether any field along the path may be empty."""
    nullable = False
    for name in path.split("__"):
        field: Any = model._meta.get_field(name)
        nullable = nullable or field.null
        model = field.related_model or model
    return nullable


def cursor_of(value: Any, row_id: int) -> str:
    """Write a key as one word of the address."""
    text = json.dumps([None if value is None else str(value), row_id], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def read_cursor(cursor: str, field: Field[Any, Any]) -> Key:
    """Undo `cursor_of`.

    Raises:
        BadCursor: not a cursor, or its value is not one of this field.
    """
    try:
        value, row_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return (None if value is None else field.to_python(value)), int(row_id)
    except Exception as error:  # whatever a hand-made cursor provokes: base64, JSON, the field
        raise BadCursor from error


def first_page(rows: QuerySet[Any], order: Order, size: int) -> Cut:
    found = _read(rows, order, None, size + 1)
    return Cut(found[:size], before=False, after=len(found) > size)


def page_after(rows: QuerySet[Any], order: Order, key: Key, size: int) -> Cut:
    found = _read(rows, order, key, size + 1)
    return Cut(found[:size], before=True, after=len(found) > size)


def page_before(rows: QuerySet[Any], order: Order, key: Key, size: int) -> Cut:
    """Return the page that ends before a key; the first page when fewer rows than a page are left there."""
    found = _read(rows, order, key, size + 1, reverse=True)
    if len(found) <= size:
        return first_page(rows, order, size)
    return Cut(found[:size][::-1], before=True, after=True)


def last_page(rows: QuerySet[Any], order: Order, size: int) -> Cut:
    found = _read(rows, order, None, size + 1, reverse=True)
    return Cut(found[:size][::-1], before=len(found) > size, after=False)


def _read(
    rows: QuerySet[Any], order: Order, key: Key | None, count: int, *, reverse: bool = False
) -> list[Found]:
    """Read up to count ids from a key (or from the end), segment by segment."""
    if order.within is not None:
        return _read_areas(rows, order, order.within, key, count, reverse=reverse)
    found: list[Found] = []
    for empty in _segments(order, key, reverse=reverse):
        part = _segment(rows, order, empty=empty)
        if key is not None and (key[0] is None) == empty:
            part = part.filter(_beyond(order, key, reverse=reverse))
        ordered = part.order_by(*order.terms(reverse=reverse, by_id=empty))
        found += list(ordered.values_list("pk", order.field)[: count - len(found)])
        if len(found) >= count:
            break
    return found


def _read_areas(
    rows: QuerySet[Any], order: Order, within: tuple[int, int], key: Key | None, count: int, *, reverse: bool
) -> list[Found]:
    """Read up to count ids of each area, each from the index, and keep the first of them all."""
    part = rows.filter(area_id=OuterRef("pk"))
    if key is not None:
        part = part.filter(_beyond(order, key, reverse=reverse))
    down = order.descending != reverse
    part = part.order_by("-id" if down else "id").values("pk")[:count]
    areas = rows.model._meta.get_field("area").related_model._base_manager.filter(
        pk__gte=within[0], pk__lte=within[1]
    )
    read = areas.order_by().values_list(ArraySubquery(part), flat=True)
    ids = chain.from_iterable(each or () for each in read)  # NULL where a filter lets no row through
    return [(row_id, row_id) for row_id in sorted(ids, reverse=down)[:count]]


def _segments(order: Order, key: Key | None, *, reverse: bool) -> tuple[bool, ...]:
    """Return which segments are read, in order: False has values, True has none."""
    if not order.nullable:
        return (False,)
    if reverse:
        return (False,) if key is not None and key[0] is not None else (True, False)
    return (True,) if key is not None and key[0] is None else (False, True)


def _segment(rows: QuerySet[Any], order: Order, *, empty: bool) -> QuerySet[Any]:
    return rows.filter(**{f"{order.field}__isnull": empty}) if order.nullable else rows


def _beyond(order: Order, key: Key, *, reverse: bool) -> Q:
    """Return the condition for the rows beyond a key; the outer comparison is one that an index can use."""
    compare = "lt" if order.descending != reverse else "gt"
    value, row_id = key
    if value is None or order.field == "id":
        return Q(**{f"id__{compare}": row_id})
    further = Q(**{f"{order.field}__{compare}": value}) | Q(**{f"id__{compare}": row_id})
    return Q(**{f"{order.field}__{compare}e": value}) & further
