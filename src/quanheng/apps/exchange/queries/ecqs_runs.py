"""Runs of the exchange by files, and what became of their rows."""

from __future__ import annotations

from typing import Any

from quanheng.apps.exchange.enums import RowOutcome
from quanheng.apps.exchange.models import ExchangeRun, ResultRow
from quanheng.kit.scope import EVERYTHING, acting_in


def faults_of(run: ExchangeRun) -> list[dict[str, Any]]:
    """Return the rows that were not taken, as the command prints them: row, outcome, code, reason."""
    with acting_in(EVERYTHING):
        rows = ResultRow.objects.filter(run=run, outcome__in=[RowOutcome.CONFLICT, RowOutcome.REJECTED])
        return [
            {"row": row.number, "outcome": row.outcome, "code": row.code, "reason": row.reason}
            for row in rows.order_by("position")
        ]
