"""One at a time, where no row exists yet that could be locked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


def take_turns(*what: object) -> None:
    """Wait until nobody else holds this; it is held until the end of the transaction.

    take_turns("serial number", manufacturer, number)   then look whether it is free, then insert
    """
    key = "\x1f".join(str(part) for part in what)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


@contextmanager
def holding(space: int, number: int) -> Iterator[bool]:
    """Hold something for as long as the block runs; yields False when another process holds it.

    It belongs to the session, not to a transaction: it vanishes with a killed process.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [space, number])
        held = bool(cursor.fetchone()[0])
        try:
            yield held
        finally:
            if held and not connection.needs_rollback:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [space, number])
