"""Noting an instant: by then every transaction below had ended (a job does it each minute)."""

from __future__ import annotations

from django.db import connection

from quanheng.kit.scope import EVERYTHING, acting_in

# The clock is read behind the snapshot: what has not ended by the instant is at or above the number.
MARK = """
INSERT INTO changes_feedmark (at, xid)
SELECT clock_timestamp(), pg_snapshot_xmin(pg_current_snapshot())::text::bigint
WHERE NOT EXISTS (SELECT FROM changes_feedmark) OR EXISTS (
  SELECT FROM changes_change WHERE xid >= (SELECT xid FROM changes_feedmark ORDER BY at DESC LIMIT 1))
"""


def mark_instant() -> None:
    """Note the instant, unless nothing has changed since the last one that was noted."""
    with acting_in(EVERYTHING), connection.cursor() as cursor:
        cursor.execute(MARK)
