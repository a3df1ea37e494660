"""Beginning anew: after a restore or a failover the changes that are kept are not those that were told."""

from __future__ import annotations

from django.db import connection

from quanheng.apps.changes.queries.standing import newest_epoch, standing
from quanheng.kit.scope import EVERYTHING, acting_in

BEGIN = "INSERT INTO changes_feedepoch (begun_at, database, floor) VALUES (clock_timestamp(), %s, %s)"


def begin_epoch() -> bool:
    """Begin a new epoch where this database is another than the one in which the last one began.

    What the copy brought along of the changes goes: its numbers are those of another database, and what was
    told after the copy was made is not in it. Every cursor of before ends.
    """
    if _is_begun():
        return False
    with acting_in(EVERYTHING), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE changes_feedepoch IN SHARE ROW EXCLUSIVE MODE")
        if _is_begun():
            return False
        cursor.execute("DELETE FROM changes_change")
        cursor.execute("DELETE FROM changes_feedmark")
        # What went was committed before any cursor of this epoch is handed out: whoever reads it pulls anew.
        stands = standing()
        cursor.execute(BEGIN, [stands.database, stands.settled])
    return True


def _is_begun() -> bool:
    return bool(newest_epoch().pk) and standing().is_here
