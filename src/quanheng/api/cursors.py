"""Pages of a list by keyset: a signed, opaque cursor holds the last row and the filters it belongs to.

Rows that arrive while somebody pages land behind the cursor or after it, never twice and never skipped.
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

M = TypeVar("M", bound=Model)
SALT = "quanheng.api.cursor"
PAGE = 100
LARGEST_PAGE = 1_000


def page_of(request: HttpRequest, rows: QuerySet[M], *, cursor: str, limit: int) -> dict[str, Any]:
    """Return one page in the order of the primary key, and where the next one is: address and cursor.

    Raises:
        Problem: bad_cursor, 400.
    """
    after = _read(request, cursor) if cursor else None
    ordered = rows.order_by("pk") if after is None else rows.order_by("pk").filter(pk__gt=after)
    found = list(ordered[: limit + 1])
    items = found[:limit]
    following = _cursor(request, items[-1].pk) if len(found) > limit else None
    return {"items": items, "next": following and _address(request, following), "next_cursor": following}


def _cursor(request: HttpRequest, after: int) -> str:
    return signing.dumps([_list_of(request), after], salt=SALT)


def _address(request: HttpRequest, cursor: str) -> str:
    query = request.GET.copy()
    query["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def _read(request: HttpRequest, cursor: str) -> int:
    try:
        whose, after = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError):
        raise _bad() from None
    if whose != _list_of(request):
        raise _bad()
    return int(after)


def _bad() -> Problem:
    return Problem(refusals.BAD_CURSOR())


def _list_of(request: HttpRequest) -> str:
    """Return a short name of this list under these filters; the size of the page may change on the way."""
    filters = sorted(
        (name, values) for name, values in request.GET.lists() if name not in {"cursor", "limit"}
    )
    text = json.dumps([request.path, filters], ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=9).hexdigest()
