"""扫码计数: how often each instrument was scanned on a day. No address, no device, no hour."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import connection

from quanheng.kit.scope import EVERYTHING, acting_in

ADD = """
INSERT INTO instruments_scanday (instrument_id, day, count)
SELECT n.instrument_id, n.day, n.count
FROM unnest(%s::bigint[], %s::date[], %s::int[]) AS n (instrument_id, day, count)
JOIN instruments_instrument i ON i.id = n.instrument_id -- an undone import may have taken it away meanwhile
ORDER BY n.instrument_id, n.day
ON CONFLICT (instrument_id, day) DO UPDATE SET count = instruments_scanday.count + excluded.count
"""


def count_scans(counts: Mapping[tuple[int, date], int]) -> None:
    """Add scans counted since the last call, in one statement.

    Args:
        counts: scans by instrument id and day. Counting is no official act and leaves no row in the log.
    """
    if not counts:
        return
    ids, days = zip(*counts, strict=True)
    with acting_in(EVERYTHING), connection.cursor() as cursor:
        cursor.execute(ADD, [list(ids), list(days), list(counts.values())])
