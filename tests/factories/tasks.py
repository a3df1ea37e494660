"""What workers do with the long tasks that wait."""

from __future__ import annotations

from contextlib import suppress

from django.utils import timezone

from quanheng.kit.tasks import kinds
from quanheng.kit.tasks.running import resume_task, waiting_tasks


def next_minute() -> None:
    """Carry on every task that waits, as workers do that find it; one that fails stops no other."""
    for kind in kinds():
        for task_id in waiting_tasks(kind):
            with suppress(Exception):
                resume_task(kind, task_id, at=timezone.now())
