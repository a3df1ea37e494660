"""Opening the half-year reports of hospitals, and reminding those who owe one."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from quanheng.apps.hospitals.services.open_reports import open_reports


@app.periodic(cron="40 16 * * *")  # procrastinate reads UTC: 00:40 in Chengdu
@app.task(name="quanheng.jobs.hospitals.open_due", queueing_lock="hospitals.open_due")
def open_due(timestamp: int) -> None:  # noqa: ARG001  the queue passes when it was due
    """Open the reports of the half-year that has ended, once."""
    open_reports(at=timezone.now())
