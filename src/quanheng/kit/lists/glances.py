"""Many questions at a glance: how many rows each has, and which of them have waited longest. One statement.

A desk asks for thirty numbers, most of them next to nothing: asking costs more than counting. What is
counted up to a cap is sorted no further: where there are more rows than the cap, nothing is said of
the oldest, for to find them every row would have to be read.

Putting a question into SQL takes longer than its answer, and whoever comes back to the desk asks the same
again: the statement is remembered for its actor and the minute, the answer never.
"""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F
from django.utils import timezone

from quanheng.kit.lists.declaration import List
from quanheng.kit.lists.pages import COUNT_CAP, Count, TooMuch, capped_count, within
from quanheng.kit.lists.request import ListRequest

COUNTS_LIMIT_MS = 1_000
NOTHING_ASKED = ("SELECT NULL::bigint, NULL::bigint WHERE false", ())
MOST_REMEMBERED: Final = 8_192  # questions in a process: those of some two hundred desks
MINUTE: Final = 60  # seconds; what a question says of now ("in the last seven days") is as old at most

Question: TypeAlias = tuple[str, Sequence[Any], str]  # statement for ids and what orders them, values, order
REMEMBERED: Final[OrderedDict[object, Question]] = OrderedDict()


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


def _question(asked: ListRequest) -> Question:
    """Return the statement of a question: remembered, unless the database had to be asked to say it."""
    minute = int(timezone.now().timestamp()) // MINUTE
    key = type(asked.listing), asked.query.urlencode(), asked.actor, minute
    known = REMEMBERED.get(key)
    if known is None:
        statements = _Statements()
        with connection.execute_wrapper(statements):
            known = _put(asked)
        if not statements.any:
            _remember(key, known)
    return known


class _Statements:
    """Notes whether anything was asked of the database."""

    def __init__(self) -> None:
        self.any = False

    def __call__(self, execute: Any, *statement: Any) -> Any:
        self.any = True
        return execute(*statement)


def _remember(key: object, question: Question) -> None:
    """Keep a question; its text stands once for everybody who asks it."""
    sql, values, order = question
    REMEMBERED[key] = sys.intern(sql), values, order
    while len(REMEMBERED) > MOST_REMEMBERED:
        REMEMBERED.popitem(last=False)


def _put(asked: ListRequest) -> Question:
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
