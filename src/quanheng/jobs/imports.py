"""Imports are carried on by whichever worker finds them waiting; one that fails stops none of the others."""

from __future__ import annotations

import logging

from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from quanheng.apps.instruments.services.imports.work import carry_on, waiting_runs

log = logging.getLogger(__name__)


@app.task
def work(run_id: int) -> None:
    """Do what a run waits for."""
    _do(run_id)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="imports.pick_up", pass_context=False)
def pick_up(timestamp: int) -> None:  # noqa: ARG001  (procrastinate passes the instant)
    """Every minute, carry on runs that a killed worker left, or that failed."""
    for run_id in waiting_runs():
        _do(run_id)


def _do(run_id: int) -> None:
    try:
        carry_on(run_id, at=timezone.now())
    except Exception:  # whatever it is: the run counts its tries, and others wait
        log.exception("import %s did not get on", run_id)
        connection.close_if_unusable_or_obsolete()
