"""Pages of a list by keyset: a signed, opaque cursor holds the last row and the filters it belongs to.

Rows that arrive while somebody pages land behind the cursor or after it, never twice and never skipped. In an
order by something that changes (`valid_until`), a row that changes meanwhile may be met again, or not at all:
whoever keeps a copy reads by the number, which never changes.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, TypeVar

from django.core import signing
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from quanheng.api import refusals
from quanheng.api.problems import Problem
from quanheng.apps.accounts.actors import Actor
from quanheng.kit.lists.keyset import Key, Order, field_of, first_page, is_nullable, page_after
from quanheng.kit.lists.pages import PAGE_LIMIT_MS, Count, TooMuch, count_of, within
from quanheng.kit.lists.request import is_wide

M = TypeVar("M", bound=Model)
SALT = "quanheng.api.cursor"
PAGE = 100
LARGEST_PAGE = 1_000
BY_NUMBER = Order("id")
OF_THE_PAGE = {"cursor", "limit", "totals"}  # what may change from one page of a list to the next


def page_of(
    request: HttpRequest,
    rows: QuerySet[M],
    *,
    cursor: str,
    limit: int,
    order: Order = BY_NUMBER,
    totals: bool = False,
) -> dict[str, Any]:
    """Return one page of rows, where the next one is (address and cursor), and how many there are if asked.

    Raises:
        Problem: bad_cursor, 400; too_much_to_read, 422, where it takes longer than a page of the office may.
    """
    after = _read(request, cursor, rows, order) if cursor else None
    found = _by_number if order == BY_NUMBER else _in_order
    try:
        items, last = within(PAGE_LIMIT_MS, lambda: found(rows, order, after, limit))
    except TooMuch:
        raise Problem(refusals.TOO_MUCH_TO_READ()) from None
    following = last and _cursor(request, last)
    page = {"items": items, "next": following and _address(request, following), "next_cursor": following}
    return page | {"total": _told(count_of(rows))} if totals and not cursor else page  # counted once


def order_of(rows: QuerySet[Any], sort: str, by: Actor, *, is_narrow: bool = False) -> Order:
    """Return the order that a parameter names, for rows that a reader sees.

    Args:
        sort: a column with an index, with a minus in front for the largest first.
        is_narrow: the filters leave few rows: they are sorted, instead of walked through in an index of all.
    """
    column = sort.removeprefix("-")
    return Order(
        column, descending=sort.startswith("-"), nullable=is_nullable(rows.model, column),
        fenced=column != "id" and (is_narrow or not is_wide(by.scope)),
    )  # fmt: skip


def _by_number(rows: QuerySet[M], _order: Order, after: Key | None, limit: int) -> tuple[list[M], Key | None]:
    """Read rows by their number, in one statement."""
    ordered = rows.order_by("pk") if after is None else rows.order_by("pk").filter(pk__gt=after[1])
    found = list(ordered[: limit + 1])
    return found[:limit], (None, found[limit - 1].pk) if len(found) > limit else None


def _in_order(rows: QuerySet[M], order: Order, after: Key | None, limit: int) -> tuple[list[M], Key | None]:
    """Read which rows come next, then the rows."""
    cut = first_page(rows, order, limit) if after is None else page_after(rows, order, after, limit)
    by_number = {row.pk: row for row in rows.filter(pk__in=[number for number, _value in cut.found])}
    items = [by_number[number] for number, _value in cut.found if number in by_number]
    last = cut.found[-1] if cut.after else None
    return items, last and (last[1], last[0])


def _told(count: Count) -> dict[str, Any]:
    return {"number": count.number or 0, "at_least": count.capped}


def _cursor(request: HttpRequest, last: Key) -> str:
    value, number = last
    return signing.dumps([_list_of(request), None if value is None else str(value), number], salt=SALT)


def _address(request: HttpRequest, cursor: str) -> str:
    query = request.GET.copy()
    query.pop("totals", None)  # counted once
    query["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def _read(request: HttpRequest, cursor: str, rows: QuerySet[M], order: Order) -> Key:
    try:
        whose, value, number = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError):
        raise _bad() from None
    if whose != _list_of(request):
        raise _bad()
    return None if value is None else field_of(rows.model, order.field).to_python(value), int(number)


def _bad() -> Problem:
    return Problem(refusals.BAD_CURSOR())


def _list_of(request: HttpRequest) -> str:
    """Return a short name of this list under these filters in this order; the size of the page may change."""
    filters = sorted((name, values) for name, values in request.GET.lists() if name not in OF_THE_PAGE)
    text = json.dumps([request.path, filters], ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=9).hexdigest()
