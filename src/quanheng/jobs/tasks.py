"""Long tasks are carried on by whichever worker finds them waiting; one that fails stops no other."""

from __future__ import annotations

import logging

from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from quanheng.kit.queue import defer
from quanheng.kit.tasks import kind_of, kinds
from quanheng.kit.tasks.files import end_overdue
from quanheng.kit.tasks.running import resume_task, waiting_tasks

log = logging.getLogger("quanheng.tasks")


@app.task(name="quanheng.jobs.tasks.work")
def work(kind: str, task_id: int) -> None:
    """Do what a task waits for."""
    try:
        resume_task(kind_of(kind), task_id, at=timezone.now())
    except Exception:  # whatever it is: the task counts its tries, and the next minute is another one
        log.exception("the task %s %s did not get on", kind, task_id)
        connection.close_if_unusable_or_obsolete()


@app.periodic(cron="* * * * *")
@app.task(name="quanheng.jobs.tasks.pick_up", queueing_lock="tasks.pick_up")
def pick_up(timestamp: int) -> None:  # noqa: ARG001  the queue passes when it was due
    """Every minute, queue what a killed worker left, or what failed; what is queued is not doubled."""
    for kind in kinds():
        for task_id in waiting_tasks(kind):
            defer("tasks.work", once=f"tasks.{kind.key}.{task_id}", kind=kind.key, task_id=task_id)


@app.periodic(cron="17 * * * *")
@app.task(name="quanheng.jobs.tasks.end", queueing_lock="tasks.end")
def end(timestamp: int) -> None:  # noqa: ARG001  the queue passes when it was due
    """Every hour, delete the results whose term is over, and give up what nobody answered."""
    end_overdue(at=timezone.now())
