"""One at a time, where no row exists yet that could be locked."""

from __future__ import annotations

from django.db import connection


def take_turns(*what: object) -> None:
    """Wait until nobody else holds this; it is held until the end of the transaction.

    take_turns("serial number", manufacturer, number)   then look whether it is free, then insert
    """
    key = "\x1f".join(str(part) for part in what)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
