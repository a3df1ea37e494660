"""Rows into a table by COPY: the one place that speaks it, so that no field is ever taken for a row.

In COPY's text a tab ends a field and a line end ends a row. The driver escapes both in every value, whatever
a worksheet was called or a cell said; nobody builds such lines by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from psycopg import Cursor, sql


def copy_rows(cursor: Cursor[Any], table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Append rows to a table that has no row-level security for whoever asks (PostgreSQL refuses it else).

    Args:
        cursor: psycopg's own (`connection.cursor().cursor` of Django's).
        columns: the columns that every row states, in this order.
        rows: plain values; None is NULL. A text holding NUL is refused, as everywhere in PostgreSQL.
    """
    command = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join([sql.Identifier(column) for column in columns])
    )
    with cursor.copy(command) as copy:
        for row in rows:
            copy.write_row(row)
