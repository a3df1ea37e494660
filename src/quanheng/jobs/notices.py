"""What was told in the app goes when its term is over."""

from __future__ import annotations

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from quanheng.apps.notices.services.sweep import sweep

log = logging.getLogger("quanheng.notices")


@app.periodic(cron="37 19 * * *")  # procrastinate reads UTC: 03:37 in Chengdu
@app.task(name="quanheng.jobs.notices.forget", lock="notices.forget", queueing_lock="notices.forget")
def forget(timestamp: int) -> None:  # noqa: ARG001  the queue passes when it was due
    """Every night, delete what is older than the term."""
    gone = sweep(at=timezone.now())
    if gone:
        log.info("%d notices are over their term", gone)
