"""Imports are carried on by whichever worker finds them waiting."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from quanheng.apps.instruments.services.imports.work import carry_on, waiting_runs


@app.task
def work(run_id: int) -> None:
    """Do what a run waits for."""
    carry_on(run_id, at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="imports.pick_up", pass_context=False)
def pick_up(timestamp: int) -> None:  # noqa: ARG001  (procrastinate passes the instant)
    """Every minute, carry on runs that a killed worker left."""
    for run_id in waiting_runs():
        carry_on(run_id, at=timezone.now())
