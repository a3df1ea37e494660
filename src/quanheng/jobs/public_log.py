"""Watching over the public log from outside its own process."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from quanheng.apps.audit.log.health import lag
from quanheng.apps.outbox.services import post_once

log = logging.getLogger("quanheng.public_log")

AGAIN = timedelta(hours=1)  # between two alarms of one incident


@app.periodic(cron="* * * * *")
@app.task(name="quanheng.jobs.public_log.watch", queueing_lock="public_log.watch")
def watch(timestamp: int) -> None:  # noqa: ARG001  the queue passes when it was due
    """Raise an alarm when acts have been waiting too long for the public log."""
    now = timezone.now()
    waiting = lag(now)
    if waiting <= settings.LOG_ALARM:
        return
    minutes = int(waiting.total_seconds() // 60)
    log.error("the public log has been standing still for %d minutes", minutes)
    post_once("alarm.public_log", {"minutes": minutes}, within=AGAIN, at=now)
