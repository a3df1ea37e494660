"""Carrying runs of the exchange on: whoever holds the lock does what is left, also after a crash."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from quanheng.apps.accounts.queries import actor_behind
from quanheng.apps.exchange.enums import Direction, RunState
from quanheng.apps.exchange.models import ExchangeRun
from quanheng.apps.exchange.services.export_to_ecqs import forget_export, write_export
from quanheng.apps.exchange.services.runs import LOCK_SPACE, load, save
from quanheng.apps.exchange.services.take_results import take_results
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.taking_turns import holding


def carry_on(run_id: int, *, at: datetime) -> ExchangeRun:
    """Do what is left of a run; does nothing when another process holds it, or when it is done."""
    with holding(LOCK_SPACE, run_id) as held:
        run = load(run_id)
        if held and run.state == RunState.RUNNING:
            _finish(run, at)
    return load(run_id)


def _finish(run: ExchangeRun, at: datetime) -> None:
    is_export = run.direction == Direction.OUT
    try:
        by = actor_behind(run.started_by_id, run.appointment_id, timezone.localdate(at))
        (write_export if is_export else take_results)(run, by=by, at=at)
    except RuleBroken as refused:
        if is_export:
            forget_export(run)
        done = f"前 {run.rows} 行已经处理，不受影响。" if run.rows and not is_export else ""
        save(run, state=RunState.REFUSED, message=f"{refused.message}{done}"[:300], finished_at=at)
