"""Recounting the indicators' rollup against the ledger; a difference is kept, shown and mended."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from django.db import transaction

from quanheng.apps.indicators.models import RollupCheck
from quanheng.apps.instruments.indicators import indicators
from quanheng.apps.instruments.services import rate_changes

EXAMPLES = 50


def check_rollup(*, at: datetime) -> list[RollupCheck]:
    """Recount the whole ledger, keep what was found, and mend the rollup in the same transaction.

    Returns:
        One check for each indicator; all are of one snapshot, and their time is that of the whole.
    """
    started = time.perf_counter()
    with transaction.atomic():
        differences = rate_changes.compare()
        rate_changes.mend(differences)
        seconds = round(time.perf_counter() - started, 3)
        found: dict[str, list[dict[str, Any]]] = {indicator.key: [] for indicator in indicators()}
        for row in differences:
            found.setdefault(row.indicator, []).append(rate_changes.facts_of(row))
        return [
            RollupCheck.objects.create(
                indicator=key, checked_at=at, seconds=seconds, differences=len(own), examples=own[:EXAMPLES]
            )
            for key, own in found.items()
        ]
