"""What was kept of forms that were not taken in goes when its day is over."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from quanheng.apps.accounts.services.keep_form import forget_overdue


@app.periodic(cron="23 * * * *")
@app.task(name="quanheng.jobs.kept_forms.forget", queueing_lock="kept_forms.forget")
def forget(timestamp: int) -> None:  # noqa: ARG001  the queue passes when it was due
    """Every hour, delete what is over."""
    forget_overdue(at=timezone.now())
