"""What is counted by area follows a reorganisation at once, in its transaction."""

from __future__ import annotations

from typing import Any

from quanheng.apps.instruments.services import rate_changes


def recount_rates(**_: Any) -> None:
    """Bring the indicators' rollup to the areas in which the instruments now stand.

    Past placements stay filed under the area of their day, so counts cannot simply be moved from one area to
    the other: the ledger is recounted and the difference kept. Reorganisations are a few a year.
    """
    rate_changes.mend(rate_changes.compare())
