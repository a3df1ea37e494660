"""Which files a person opened last: a short list of ids in the database, written after the page was read."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from quanheng.kit.models import SeenFile

KEPT = 10
GRAIN = "1 minute"  # opened again sooner, nothing is written
# The list is a convenience: to lose the last second of it in a power cut costs nobody anything, and the page
# does not wait for the disk. What is older than the last few goes at once.
NOTE = f"""
WITH quick AS (SELECT set_config('synchronous_commit', 'off', true)),
noted AS (
    INSERT INTO kit_seenfile AS seen (user_id, list_key, row_id, seen_at)
    SELECT %(user)s, %(list)s, %(row)s, %(at)s FROM quick
    ON CONFLICT (user_id, list_key, row_id) DO UPDATE SET seen_at = excluded.seen_at
    WHERE seen.seen_at < excluded.seen_at - interval '{GRAIN}'
    RETURNING 1
)
DELETE FROM kit_seenfile WHERE EXISTS (SELECT FROM noted) AND id IN (
    SELECT id FROM kit_seenfile WHERE user_id = %(user)s ORDER BY seen_at DESC, id DESC OFFSET {KEPT - 1}
)
"""  # noqa: S608 - numbers of ours


def note_seen(user_id: int, list_key: str, row_id: int, *, at: datetime) -> None:
    """Remember that a person opened a file: one statement, and at most `KEPT` rows a person."""
    with connection.cursor() as cursor:
        cursor.execute(NOTE, {"user": user_id, "list": list_key, "row": row_id, "at": at})


def seen_files(user_id: int) -> list[tuple[str, int]]:
    """Return what a person opened, the latest first: the key of its list and its id."""
    mine = SeenFile.objects.filter(user_id=user_id).order_by("-seen_at", "-id")
    return list(mine.values_list("list_key", "row_id")[:KEPT])
