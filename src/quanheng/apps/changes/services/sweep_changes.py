"""Forgetting changes whose term is over, in bounded steps; a cursor of before then is told so."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from quanheng.apps.changes.models import FeedEpoch, FeedMark
from quanheng.apps.changes.queries.standing import newest_epoch
from quanheng.kit.scope import EVERYTHING, acting_in

STEP = 20_000
STEPS = 500  # of one run; the next one goes on
SWEEP = """
DELETE FROM changes_change WHERE (xid, number) IN (
  SELECT xid, number FROM changes_change WHERE xid < %s ORDER BY xid, number LIMIT %s)
"""


def sweep_changes(before: datetime, *, step: int = STEP) -> int:
    """Forget what had ended before an instant; return how many changes went.

    The floor is raised first: whoever reads meanwhile is told that some is gone, and not handed half of it.
    """
    mark = FeedMark.objects.filter(at__lte=before).order_by("-at").first()
    if mark is None:
        return 0
    kept = FeedEpoch.objects.filter(pk=newest_epoch().pk, floor__lt=mark.xid)
    kept.update(floor=mark.xid, begun_at=mark.at)
    FeedMark.objects.filter(at__lt=mark.at).delete()
    gone = 0
    for _ in range(STEPS):
        with acting_in(EVERYTHING), connection.cursor() as cursor:
            cursor.execute(SWEEP, [mark.xid, step])
            gone += cursor.rowcount
            if cursor.rowcount < step:
                break
    return gone
