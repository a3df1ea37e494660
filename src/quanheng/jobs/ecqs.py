"""Files for e-CQS and from it are carried on by whichever worker finds them waiting."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from quanheng.apps.exchange.services.carry_on import carry_on
from quanheng.apps.exchange.services.runs import waiting_runs


@app.task
def work(run_id: int) -> None:
    """Do what is left of a run."""
    carry_on(run_id, at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="ecqs.pick_up", pass_context=False)
def pick_up(timestamp: int) -> None:  # noqa: ARG001  (procrastinate passes the instant)
    """Every minute, carry on runs that a killed worker left."""
    for run_id in waiting_runs():
        carry_on(run_id, at=timezone.now())
