"""Queueing work inside the transaction of an act: it runs when the act commits, and never without it."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import transaction
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued


@lru_cache(maxsize=1)
def _app() -> App:
    # In a worker the app's own connector is a pool beside Django's connection: it would commit by itself.
    result: App = app.with_connector(DjangoConnector())
    return result


def defer(
    task: str,
    *,
    lock: str | None = None,
    once: str | None = None,
    at: datetime | None = None,
    **arguments: Any,
) -> int | None:
    """Queue a task of `quanheng.jobs` on Django's connection.

    Args:
        task: module and function below `quanheng.jobs`, such as ``"imports.commit"``.
        lock: jobs with the same lock run one after the other.
        once: while a job with this name waits, another one is not queued.
        at: not before this instant.
        arguments: JSON values that the task gets by keyword.

    Returns:
        The job's id, or None when `once` found it waiting.
    """
    configured = _app().configure_task(
        f"quanheng.jobs.{task}", lock=lock, queueing_lock=once, schedule_at=at, allow_unknown=True
    )
    try:
        with transaction.atomic():  # the refusal of a duplicate is an error to PostgreSQL
            job_id: int = configured.defer(**arguments)
    except AlreadyEnqueued:
        return None
    return job_id
