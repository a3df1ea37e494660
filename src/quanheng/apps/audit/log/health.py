"""How long acts have been waiting for the public log, and what is refused when it is too long.

Proof that comes too late is no proof: when sealing has stopped for longer than the limit, acts that touch
somebody's rights are refused until it goes on (X-Road stops in the same way after four hours).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from quanheng.apps.audit import refusals
from quanheng.apps.audit.models import UnsealedAct
from quanheng.kit.acts import Verb


def waiting_since() -> datetime | None:
    """Return since when the oldest act has been waiting, None while none does.

    The oldest number stands for the oldest time: numbers are given out in the order of writing, but for
    transactions that run at the same time.
    """
    return UnsealedAct.objects.order_by("act_id").values_list("since", flat=True).first()


def lag(now: datetime) -> timedelta:
    """Return how long the oldest waiting act has been waiting."""
    since = waiting_since()
    return max(now - since, timedelta(0)) if since else timedelta(0)


def refuse_if_unsealed(verb: Verb, now: datetime) -> None:
    """Refuse an enforcement act while the public log stands still.

    Raises:
        RuleBroken: log_stands_still.
    """
    if not verb.enforcement:
        return
    waiting = lag(now)
    if waiting > settings.LOG_LIMIT:
        hours = int(waiting.total_seconds() // 3600)
        raise refusals.LOG_STANDS_STILL(hours=hours, waiting_seconds=int(waiting.total_seconds()))
