"""Many rows at once: a stream cut into lists, and what changed on rows of one table in one statement.

`QuerySet.bulk_update` builds an expression for every row and column; a thousand rows take seconds. Arrays
that are unnested beside the table take milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from django.db import DatabaseError, connection
from django.db.models import Model

LENGTH = re.compile(r"\(.*\)")  # a cast to varchar(20) would cut, an assignment refuses

T = TypeVar("T")


def chunks(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """Cut a stream of rows into lists."""
    stream = iter(rows)
    while block := list(islice(stream, size)):
        yield block


def ranges_of(numbers: Iterable[int]) -> list[list[int]]:
    """Return numbers as ranges, first and last of each: what follows one another takes two numbers."""
    ranges: list[list[int]] = []
    for number in sorted(numbers):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ranges


def forget_plans() -> None:
    """Have PostgreSQL plan anew what this session has asked before, foreign keys among it.

    A session keeps the plan by which it checks a foreign key. One that was made while the table was empty
    reads the table from end to end for each row: a hundred thousand rows later that takes minutes, until the
    statistics are renewed. Called where a transaction fills tables, before their constraints are checked.
    """
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS")


def update_many(rows: Sequence[Model], columns: Collection[str]) -> None:
    """Write some columns of rows that exist.

    Args:
        rows: of one table, each once.
        columns: by attribute, such as ``"state"`` or ``"checker_id"``.

    Raises:
        DatabaseError: a row is gone, or row-level security hides it; nothing of it may be half written.
    """
    if not rows or not columns:
        return
    meta = type(rows[0])._meta
    key = meta.pk
    changed = [field for field in meta.concrete_fields if field.attname in columns]
    fields = [key, *changed]
    arrays = ", ".join(f"%s::{LENGTH.sub('', field.db_type(connection) or '')}[]" for field in fields)
    names = ", ".join(f'"{field.column}"' for field in fields)
    assigned = ", ".join(f'"{field.column}" = n."{field.column}"' for field in changed)
    values = [
        [field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows] for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{meta.db_table}" t SET {assigned} FROM unnest({arrays}) AS n({names})'  # noqa: S608
            f' WHERE t."{key.column}" = n."{key.column}"',
            values,
        )
        if cursor.rowcount != len(rows):
            raise DatabaseError(f"{cursor.rowcount} of {len(rows)} rows of {meta.db_table} were written")
