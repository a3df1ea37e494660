"""Keeping the counts of what was entered: folding what the ledger's trigger appended, recounting it whole.

The trigger (migration 0011) writes the difference of every statement, so no act has to remember it.
"""

from __future__ import annotations

from django.db import connection, transaction

from quanheng.kit.scope import seeing_everything

COUNTS = ("in_time", "now", "coded", "filed", "no_serial", "no_maker", "no_verification")
FOLD_LOCK = 7_310_002  # advisory lock: one fold or recount at a time

SUMS = ", ".join(f"sum({name}) AS {name}" for name in COUNTS)
FOLD = f"""
WITH fresh AS (DELETE FROM instruments_entrycount WHERE NOT folded RETURNING *)
INSERT INTO instruments_entrycount AS kept (area_id, item_id, folded, {", ".join(COUNTS)})
SELECT area_id, item_id, true, {SUMS} FROM fresh GROUP BY area_id, item_id ORDER BY area_id, item_id
ON CONFLICT (area_id, item_id) WHERE folded
DO UPDATE SET {", ".join(f"{name} = kept.{name} + excluded.{name}" for name in COUNTS)}
"""  # noqa: S608 - names of our own columns
# What the ledger says less what is kept, in one snapshot; acts that commit meanwhile stay counted.
RECOUNT = f"""
WITH found AS (
    SELECT area_id, item_id,
        count(*) FILTER (WHERE registered_at < '2026-07-01T00:00:00+08:00') AS in_time, count(*) AS now,
        count(*) FILTER (WHERE code IS NOT NULL) AS coded,
        count(*) FILTER (WHERE state NOT IN ('draft', 'filing', 'returned')) AS filed,
        count(*) FILTER (WHERE serial_number = '') AS no_serial,
        count(*) FILTER (WHERE manufacturer = '') AS no_maker,
        count(*) FILTER (WHERE verified_on IS NULL) AS no_verification
    FROM instruments_instrument WHERE state <> 'scrapped' GROUP BY area_id, item_id
    UNION ALL
    SELECT area_id, item_id, {", ".join(f"-{name}" for name in COUNTS)} FROM instruments_entrycount
)
INSERT INTO instruments_entrycount (area_id, item_id, folded, {", ".join(COUNTS)})
SELECT area_id, item_id, false, {SUMS} FROM found GROUP BY area_id, item_id
HAVING {" OR ".join(f"sum({name}) <> 0" for name in COUNTS)}
"""  # noqa: S608 - names of our own columns


def fold() -> int:
    """Fold the fresh rows into one per area and item; return the rows written. One fold at a time."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [FOLD_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(FOLD)
        return int(cursor.rowcount)


def recount() -> int:
    """Recount the whole ledger, add what the counts lack, and return in how many rows they differed."""
    with seeing_everything() as cursor:
        cursor.execute(RECOUNT)
        return int(cursor.rowcount)
