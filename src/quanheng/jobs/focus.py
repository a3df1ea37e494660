"""The focus list, day by day: what comes due without anybody checking anything."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from quanheng.apps.focus.services.review import review_all


@app.periodic(cron="50 16 * * *")  # procrastinate reads UTC: 00:50 in Chengdu
@app.task(name="quanheng.jobs.focus.review_daily", queueing_lock="focus.review_daily")
def review_daily(timestamp: int) -> None:  # noqa: ARG001  the queue passes when it was due
    """Propose, take back and bring up to date what the rule says today."""
    review_all(at=timezone.now())
