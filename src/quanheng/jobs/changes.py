"""Keeping what changed: instants are noted, what is old goes, a copy of the platform begins anew."""

from __future__ import annotations

import logging

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from quanheng.apps.changes.services.begin_epoch import begin_epoch
from quanheng.apps.changes.services.mark_instant import mark_instant
from quanheng.apps.changes.services.sweep_changes import sweep_changes

log = logging.getLogger("quanheng.changes")


@app.periodic(cron="* * * * *")
@app.task(name="quanheng.jobs.changes.mark", lock="changes.mark", queueing_lock="changes.mark")
def mark(timestamp: int) -> None:  # noqa: ARG001  the queue passes when it was due
    """Every minute, note the instant; in another database than before, begin a new epoch first."""
    if begin_epoch():
        log.warning("this database is another than before: every cursor of the changes ends here")
    mark_instant()


@app.periodic(cron="41 * * * *")
@app.task(name="quanheng.jobs.changes.sweep", lock="changes.sweep", queueing_lock="changes.sweep")
def sweep(timestamp: int) -> None:  # noqa: ARG001  the queue passes when it was due
    """Every hour, forget changes whose term is over."""
    gone = sweep_changes(timezone.now() - settings.CHANGES_KEPT)
    if gone:
        log.info("%d changes are older than %s and went", gone, settings.CHANGES_KEPT)
