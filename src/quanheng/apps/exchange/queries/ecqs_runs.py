"""Runs of the exchange by files, and what became of their rows."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.exchange.enums import RowOutcome
from quanheng.apps.exchange.models import ExchangeRun, ResultRow
from quanheng.kit.scope import EVERYTHING, ScopedQuerySet, acting_in


def runs(by: Actor) -> ScopedQuerySet[ExchangeRun]:
    """Return the runs that an actor sees."""
    return ExchangeRun.objects.visible_to(by).select_related("area", "requested_by")


def run(run_id: int, by: Actor) -> ExchangeRun | None:
    """Return one of them, or None."""
    return runs(by).filter(pk=run_id).first()


def not_taken(run: ExchangeRun) -> QuerySet[ResultRow]:
    """Return the rows that were not taken, and that somebody has to look at."""
    return ResultRow.objects.filter(run=run, outcome__in=[RowOutcome.CONFLICT, RowOutcome.REJECTED])


def faults_of(run: ExchangeRun) -> list[dict[str, Any]]:
    """Return the rows that were not taken, as the command prints them: row, outcome, code, reason."""
    with acting_in(EVERYTHING):
        return [
            {"row": row.number, "outcome": row.outcome, "code": row.code, "reason": row.reason}
            for row in not_taken(run).order_by("position")
        ]
