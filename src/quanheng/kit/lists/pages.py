"""One page of a list, read within a time limit."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from psycopg.errors import QueryCanceled

from quanheng.kit.lists.keyset import (
    BadCursor,
    Cut,
    cursor_of,
    field_of,
    first_page,
    last_page,
    page_after,
    page_before,
    read_cursor,
)
from quanheng.kit.lists.request import ListRequest

T = TypeVar("T")
COUNT_CAP = 1_000
PAGE_LIMIT_MS = 5_000
COUNT_LIMIT_MS = 1_500
GLANCE_LIMIT_MS = 300


class TooMuch(Exception):
    """The rows of this filter cannot be read in time."""


@dataclass(frozen=True, slots=True)
class RowPage:
    """The rows of a page and the cursors of its neighbours (empty where there is none)."""

    rows: Sequence[Any]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows there are: exact, or at least so many when `capped`; None when nothing is known."""

    number: int | None
    capped: bool

    def __str__(self) -> str:
        if self.number is None:
            return _("统计超时")
        return f"{self.number:,}+" if self.capped else f"{self.number:,}"


def read_page(asked: ListRequest, query: QueryDict) -> RowPage:
    """Read the ids of the page in order, then the rows by their ids.

    Raises:
        TooMuch: it takes longer than `PAGE_LIMIT_MS`.
    """
    if asked.unread:
        return RowPage((), "", "")
    cut = within(PAGE_LIMIT_MS, lambda: _cut(asked, query))
    ids = [row_id for row_id, _value in cut.found]
    by_id = {row.pk: row for row in asked.listing.rows(asked.actor).filter(pk__in=ids)} if ids else {}
    return RowPage(
        rows=[by_id[row_id] for row_id in ids if row_id in by_id],
        before=_cursor(cut.found[0]) if cut.before and cut.found else "",
        after=_cursor(cut.found[-1]) if cut.after and cut.found else "",
    )


def _cut(asked: ListRequest, query: QueryDict) -> Cut:
    order = asked.order
    rows = asked.rows() if order.within is None else asked.rows_by_area()
    field = field_of(asked.listing.model_for(asked.actor), order.field)
    try:
        if after := query.get("after"):
            return page_after(rows, order, read_cursor(after, field), asked.size)
        if before := query.get("before"):
            return page_before(rows, order, read_cursor(before, field), asked.size)
    except BadCursor:
        return first_page(rows, order, asked.size)
    return (
        last_page(rows, order, asked.size)
        if query.get("page") == "last"
        else first_page(rows, order, asked.size)
    )


def _cursor(found: tuple[int, Any]) -> str:
    return cursor_of(found[1], found[0])


def capped_count(asked: ListRequest, *, at_least: int = 0) -> Count:
    """Count no further than the cap, and no longer than the limit: then say how many there are at least.

    Args:
        at_least: how many the caller has seen already.
    """
    return count_of(asked.rows(), at_least=at_least)


def count_of(rows: QuerySet[Any, Any], *, at_least: int = 0) -> Count:
    """Count rows as a list does: no further than the cap, and no longer than the limit."""
    capped: QuerySet[Any, Any] = rows.order_by().values("pk")[: COUNT_CAP + 1]
    try:
        number = within(COUNT_LIMIT_MS, capped.count)
    except TooMuch:
        return Count(at_least or _seen(capped) or None, capped=True)
    return Count(min(number, COUNT_CAP), capped=number > COUNT_CAP)


def _seen(rows: Any) -> int:
    """Return how many rows come one by one in a moment: a count that is cut off says nothing of them."""
    seen, until = 0, time.monotonic() + GLANCE_LIMIT_MS / 1000

    def look() -> None:
        nonlocal seen
        for _row in rows.iterator(chunk_size=1):
            seen += 1
            if time.monotonic() > until:
                break

    with suppress(TooMuch):
        within(GLANCE_LIMIT_MS, look)
    return min(seen, COUNT_CAP)


def exact_count(asked: ListRequest) -> Count:
    """Count all rows, as somebody asked to.

    Raises:
        TooMuch: it takes longer than twice `PAGE_LIMIT_MS`.
    """
    return Count(within(2 * PAGE_LIMIT_MS, asked.rows().order_by().count), capped=False)


def within(limit_ms: int, read: Callable[[], T]) -> T:
    """Read under a time limit of the database.

    Raises:
        TooMuch: the database stopped the query.
    """
    try:
        with _savepoint_with_limit(limit_ms):
            return read()
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TooMuch from error
        raise


@contextmanager
def _savepoint_with_limit(limit_ms: int) -> Iterator[None]:
    """Set the limit within a savepoint that is always rolled back: what was set before holds again.

    Two statements beside the reading (a desk has twenty such limits), where `transaction.atomic` and
    settings read and put back would be five.
    """
    if not connection.in_atomic_block:
        with transaction.atomic(), _savepoint_with_limit(limit_ms):
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SAVEPOINT time_limit; SET LOCAL statement_timeout = {limit_ms:d}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK TO SAVEPOINT time_limit; RELEASE SAVEPOINT time_limit")
