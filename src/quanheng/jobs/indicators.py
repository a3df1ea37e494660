"""Folding the indicators' changes, freezing the day that ended, recounting the ledger."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from quanheng.apps.indicators.services.check_rollup import check_rollup
from quanheng.apps.indicators.services.freeze_day import freeze_day
from quanheng.apps.instruments.services import entry_counts, rate_changes
from quanheng.apps.instruments.services.close_campaign import close_campaign

log = logging.getLogger("quanheng.indicators")


@app.periodic(cron="*/3 * * * *")
@app.task(name="quanheng.jobs.indicators.fold", queueing_lock="indicators.fold")
def fold(timestamp: int) -> None:  # noqa: ARG001  the queue passes when it was due
    """Fold what the acts of the last minutes changed."""
    rate_changes.fold()
    entry_counts.fold()


@app.periodic(cron="20 16 * * *")  # procrastinate reads UTC: 00:20 in Chengdu
@app.task(name="quanheng.jobs.indicators.freeze", queueing_lock="indicators.freeze")
def freeze(timestamp: int) -> None:  # noqa: ARG001  the queue passes when it was due
    """Freeze yesterday's figures, and once the closing report of the campaign that has ended."""
    now = timezone.now()
    freeze_day(day=timezone.localdate(now) - timedelta(days=1), at=now)
    close_campaign(at=now)


@app.periodic(cron="10 18 * * *")  # 02:10 in Chengdu
@app.task(name="quanheng.jobs.indicators.check", queueing_lock="indicators.check")
def check(timestamp: int) -> None:  # noqa: ARG001  the queue passes when it was due
    """Recount the ledger and mend the rollup; a difference is an error of ours and goes to the log too."""
    for found in check_rollup(at=timezone.now()):
        if found.differences:
            log.error(
                "the rollup of %s differed in %d rows and was mended", found.indicator, found.differences
            )
    if differing := entry_counts.recount():
        log.error("the counts of what was entered differed in %d rows and were mended", differing)
