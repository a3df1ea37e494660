"""Many questions at a glance: how many rows each has, and which of them have waited longest. One statement.

A desk asks for twenty numbers, most of them next to nothing: asking costs more than counting. What is
counted up to a cap is sorted no further: where there are more rows than the cap, nothing is said of
the oldest, for to find them every row would have to be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F

from quanheng.kit.lists.declaration import List
from quanheng.kit.lists.pages import COUNT_CAP, Count, TooMuch, capped_count, within
from quanheng.kit.lists.request import ListRequest

COUNTS_LIMIT_MS = 1_000
NOTHING_ASKED = ("SELECT NULL::bigint, NULL::bigint WHERE false", ())


@dataclass(frozen=True, slots=True)
class Glance:
    """The number of a question's rows, and the ids of those that are shown first."""

    count: Count
    oldest: Sequence[int] = ()


def glances(questions: Sequence[ListRequest], *, most: int) -> list[Glance]:
    """Return a glance at each question: in its own order where it asks for one, else in the order of entry.

    Args:
        most: how many rows of each; 0 for their numbers alone.
    """
    if not questions:
        return []
    try:
        found = within(COUNTS_LIMIT_MS, lambda: _asked_at_once(questions, most))
    except TooMuch:
        return [Glance(capped_count(asked)) for asked in questions]
    return [_glance(number, ids) for number, ids in found]


def rows_of(glanced: Iterable[tuple[ListRequest, Glance]]) -> dict[str, dict[int, Any]]:
    """Return the rows of glances by list and id: read once a list, as the list itself reads them."""
    wanted: dict[str, set[int]] = {}
    lists: dict[str, tuple[List[Any], Any]] = {}
    for asked, glance in glanced:
        if glance.oldest:
            wanted.setdefault(asked.listing.key, set()).update(glance.oldest)
            lists[asked.listing.key] = asked.listing, asked.actor
    return {
        key: {row.pk: row for row in lists[key][0].rows(lists[key][1]).filter(pk__in=ids)}
        for key, ids in wanted.items()
    }


def _glance(number: int, ids: list[int]) -> Glance:
    if number > COUNT_CAP:
        return Glance(Count(COUNT_CAP, capped=True))
    return Glance(Count(number, capped=False), ids)


def _asked_at_once(questions: Sequence[ListRequest], most: int) -> list[tuple[int, list[int]]]:
    """Return of each question the number of its rows, up to the cap, and the first ids."""
    tables: list[str] = []
    answers: list[str] = []
    parameters: list[Any] = []
    for place, asked in enumerate(questions):
        name, (sql, values, order) = f"asked_{place}", _question(asked)
        tables.append(f"{name}(pk, since) AS ({sql})")
        answers.append(f"(SELECT COUNT(*) FROM {name})")  # noqa: S608 - a name of ours
        answers.append(f"ARRAY(SELECT pk FROM {name} ORDER BY {order} LIMIT {most:d})")  # noqa: S608
        parameters += values
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(tables)} SELECT {', '.join(answers)}", parameters)
        found = cursor.fetchone()
    return list(zip(found[::2], found[1::2], strict=True))


def _question(asked: ListRequest) -> tuple[str, Sequence[Any], str]:
    """Return the statement for ids and what they are ordered by, and the order."""
    field, descending = ("id", False)
    if "sort" in asked.query:
        field, descending = asked.order.field, asked.order.descending
    rows = asked.rows().order_by().annotate(since_=F(field)).values_list("pk", "since_")[: COUNT_CAP + 1]
    way = "DESC" if descending else "ASC"
    try:
        sql, values = rows.query.sql_with_params()
    except EmptyResultSet:  # the filter contradicts itself: there is nothing to ask
        return *NOTHING_ASKED, "since"
    return sql, values, f"since {way} NULLS LAST, pk"
