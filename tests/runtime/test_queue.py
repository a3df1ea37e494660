"""Queued work commits with the act that queued it, and the job of a dead worker runs again."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from quanheng.kit import queue


def waiting() -> list[str]:
    return list(ProcrastinateJob.objects.order_by("id").values_list("task_name", flat=True))


@pytest.mark.django_db
def test_a_job_is_queued_by_module_and_function() -> None:
    job_id = queue.defer("subject.act", lock="ledger", run_id=7)
    job = ProcrastinateJob.objects.get()
    assert (job.id, job.task_name, job.lock, job.args) == (
        job_id,
        "quanheng.jobs.subject.act",
        "ledger",
        {"run_id": 7},
    )


@pytest.mark.django_db(transaction=True)
def test_an_act_that_is_rolled_back_leaves_no_job() -> None:
    with transaction.atomic():
        queue.defer("subject.act")
        transaction.set_rollback(True)
    assert waiting() == []


@pytest.mark.django_db
def test_what_waits_already_is_not_queued_twice() -> None:
    assert queue.defer("subject.count", once="count") is not None
    assert queue.defer("subject.count", once="count") is None
    assert waiting() == ["quanheng.jobs.subject.count"]


@pytest.mark.django_db
def test_a_job_may_wait_for_its_instant() -> None:
    at = timezone.now() + timedelta(days=1)
    queue.defer("subject.act", at=at)
    assert ProcrastinateJob.objects.get().scheduled_at == at


@pytest.mark.django_db(transaction=True)
def test_the_job_of_a_worker_without_heartbeat_is_given_to_another() -> None:
    from django.conf import settings
    from procrastinate import PsycopgConnector
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.utils import connector_params

    from quanheng.runtime.worker import rescue_once

    job_id = queue.defer("subject.act")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')"
            " RETURNING id"
        )
        (worker,) = cursor.fetchone()
        cursor.execute("SELECT * FROM procrastinate_fetch_job_v2(NULL, %s)", [worker])
    assert ProcrastinateJob.objects.get().status == "doing"

    async def rescued() -> list[int | None]:
        parameters = connector_params() | {"options": f"-c role={settings.DATABASE_ROLE}"}
        async with app.with_connector(PsycopgConnector(kwargs=parameters)).open_async() as working:
            return await rescue_once(working)

    assert asyncio.run(rescued()) == [job_id]
    assert ProcrastinateJob.objects.get().status == "todo"
