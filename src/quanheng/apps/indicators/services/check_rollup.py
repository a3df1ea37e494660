"""Recounting the verification rate's rollup against the ledger; a difference is kept, shown and mended."""

from __future__ import annotations

import time
from datetime import datetime

from django.db import transaction

from quanheng.apps.indicators.models import RollupCheck
from quanheng.apps.indicators.services.freeze_day import T1
from quanheng.apps.instruments.services import rate_changes

EXAMPLES = 50


def check_rollup(*, at: datetime) -> RollupCheck:
    """Recount the whole ledger, keep what was found, and mend the rollup in the same transaction."""
    started = time.perf_counter()
    with transaction.atomic():
        differences = rate_changes.compare()
        rate_changes.mend(differences)
        return RollupCheck.objects.create(
            indicator=T1, checked_at=at, seconds=round(time.perf_counter() - started, 3),
            differences=len(differences),
            examples=[
                {
                    "area": row.area_id, "premises": row.premises, "item": row.item_id, "grain": row.grain,
                    "day": row.day.isoformat(), "in_use": row.in_use, "verified": row.verified,
                    "claimed": row.claimed,
                }
                for row in differences[:EXAMPLES]
            ],
        )  # fmt: skip
