"""What a worker does for a run of the exchange, and what it takes back of one that ends before its time."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from quanheng.apps.accounts.queries import actor_behind
from quanheng.apps.exchange.enums import Direction
from quanheng.apps.exchange.models import ExchangeRun
from quanheng.apps.exchange.services.export_to_ecqs import forget_export, write_export
from quanheng.apps.exchange.services.runs import load
from quanheng.apps.exchange.services.take_results import take_results
from quanheng.kit.tasks import kind_of, running


def resume_run(run_id: int, *, at: datetime) -> ExchangeRun:
    """Do what is left of a run; does nothing when another process holds it, or when it is done."""
    running.resume_task(kind_of("ecqs"), run_id, at=at)
    return load(run_id)


def do(run: ExchangeRun, at: datetime) -> None:
    """Write or take what is left of a run's file."""
    by = actor_behind(run.requested_by_id, run.appointment_id, timezone.localdate(at))
    (write_export if run.direction == Direction.OUT else take_results)(run, by=by, at=at)


def drop(run: ExchangeRun) -> str:
    """Take back what an export said was told; of an import say what was taken and stays."""
    if run.direction == Direction.OUT:
        forget_export(run)
        return ""
    return f"前 {run.rows} 行已经处理，不受影响。" if run.rows else ""
