"""What was told goes when its term is over; the log of acts keeps what happened."""

from __future__ import annotations

from datetime import datetime, timedelta

from quanheng.apps.notices.models import Notice
from quanheng.kit.scope import EVERYTHING, acting_in

KEPT_DAYS = 90
AT_ONCE = 10_000


def sweep(*, at: datetime) -> int:
    """Delete what is older than the term, so many at once; return how many went."""
    gone = 0
    while True:
        with acting_in(EVERYTHING):
            rows = Notice.objects.unscoped()
            old = rows.filter(at__lt=at - timedelta(days=KEPT_DAYS)).order_by("at").values("pk")[:AT_ONCE]
            deleted, _by_model = rows.filter(pk__in=old).delete()
        gone += deleted
        if deleted < AT_ONCE:
            return gone
