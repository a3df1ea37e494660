"""Forgetting what was sent long ago: the log of a subscription is bounded by days and by lines."""

from __future__ import annotations

from datetime import datetime, timedelta

from quanheng.apps.changes.queries.subscriptions import WAITING
from quanheng.apps.changes.subscriptions import Delivery, Subscription

KEPT = timedelta(days=14)
MOST_LINES = 2_000  # of a subscription


def sweep_deliveries(*, at: datetime) -> int:
    """Forget messages that are over and old, or beyond the newest two thousand; return how many."""
    gone = 0
    for number in Subscription.objects.values_list("pk", flat=True):
        over = Delivery.objects.filter(subscription_id=number).exclude(WAITING)
        gone += over.filter(at__lt=at - KEPT).delete()[0]
        beyond = over.order_by("-pk").values_list("pk", flat=True)[MOST_LINES : MOST_LINES + 1].first()
        if beyond is not None:
            gone += over.filter(pk__lte=beyond).delete()[0]
    return gone
