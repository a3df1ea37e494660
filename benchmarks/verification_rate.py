"""The verification rate of the province on a day: the rollup against the aggregate over the instruments.

    python -m benchmarks.verification_rate --instruments 10000000

The province of that size that `benchmarks.provinces` has built is used where there is one.

The peer is as cheap as a plain query can be: it reads the verification that was copied to the instrument's
own row and therefore only answers for today. The count from the rows on any day (`counts_of_streets.sql`) is
timed too.
Reach: 100 times the peer, under 50 ms.
"""

from __future__ import annotations

import argparse
import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks import common, provinces

PROVINCE = 510_000_000_000
LAST = 519_999_999_999
MEASURES = (
    "src/quanheng/apps/indicators/queries",
    "src/quanheng/apps/indicators/declared/t1.py",
    "src/quanheng/apps/instruments/services/sql",
)
SCALE = float(os.environ.get("QUANHENG_BENCH_SCALE", "1"))
PLAIN = """
SELECT count(*), count(*) FILTER (WHERE i.result = 'passed' AND i.verified_on <= %(day)s
    AND (i.trusted_until IS NULL OR i.trusted_until >= %(day)s))
FROM instruments_instrument i
WHERE i.state = ANY(%(states)s) AND i.placed_on <= %(day)s AND i.premises = ANY(%(premises)s)
    AND i.item_id = ANY(%(items)s)
    AND NOT EXISTS (SELECT FROM instruments_instrument c WHERE c.parent_id = i.id)"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instruments", type=int, default=int(10_000_000 * SCALE))
    parser.add_argument("--home", type=Path, help="keep the data in this directory and use it again")
    options = parser.parse_args()
    built = provinces.home_of(options.instruments) if provinces.is_built(options.instruments) else None
    with common.platform(options.home or built):
        loaded = _load(options.instruments)
        common.report("verification_rate", instruments=_counted(), **loaded, **_measure())


def _load(instruments: int) -> dict[str, Any]:
    from django.utils import timezone

    from quanheng.demo.province import is_loaded, load_province

    if is_loaded():
        return {}
    loaded = load_province(instruments, at=timezone.now())
    return {"load_seconds": round(loaded.seconds), "loaded_per_second": round(instruments / loaded.seconds)}


def _counted() -> int:
    """Return how many instruments there are: a kept directory may hold another number than was asked for."""
    from quanheng.apps.instruments.models import Instrument
    from quanheng.kit.scope import EVERYTHING, acting_in

    with acting_in(EVERYTHING):
        return Instrument.objects.unscoped().count()


def _measure() -> dict[str, Any]:
    from django.utils import timezone

    from quanheng.apps.indicators.declared.t1 import T1
    from quanheng.apps.indicators.queries import counts

    today = timezone.localdate()
    selection = counts.whole(T1)
    days = [today, today - timedelta(days=200), today - timedelta(days=700), today + timedelta(days=100)]
    counties = _counties()
    rollup = [
        taken
        for day in days
        for taken in common.milliseconds(lambda day=day: counts.cells_on(day, [PROVINCE], 1, selection), 9)
    ]
    plain = common.milliseconds(lambda: _plain(today, selection), 3)
    count = counts.total(counts.cells_on(today, [PROVINCE], 1, selection))
    assert (count.denominator, count.numerator) == _plain(today, selection)
    started = time.perf_counter()
    exact = counts.total(counts.street_cells_on(days[1], PROVINCE, LAST, selection))
    seconds = time.perf_counter() - started
    assert exact == counts.total(counts.cells_on(days[1], [PROVINCE], 1, selection))
    return {
        "rate_percent": round(count.percent or 0, 3), "in_use": count.denominator,
        "rollup_ms": common.median(rollup), "rollup_worst_ms": round(max(rollup), 2),
        "plain_today_ms": common.median(plain), "ratio": round(common.median(plain) / common.median(rollup)),
        "definition_any_day_ms": round(seconds * 1000),
        "map_of_counties_ms": common.median(
            common.milliseconds(lambda: counts.cells_on(today, counties, 3, selection), 9)
        ),
        "trend_of_a_year_ms": common.median(
            common.milliseconds(
                lambda: counts.trend(today - timedelta(days=365), today, PROVINCE, 1, selection), 9
            )
        ),
    }  # fmt: skip


def _plain(day: Any, selection: Any) -> tuple[int, int]:
    from quanheng.apps.instruments.services.rate_changes import seeing_everything
    from quanheng.regulation.instrument_states import COUNTED_IN_USE

    with seeing_everything() as cursor:
        cursor.execute(
            PLAIN,
            {
                "day": day, "states": sorted(COUNTED_IN_USE), "premises": list(selection.premises),
                "items": selection.counted_items(),
            },
        )  # fmt: skip
        in_use, verified = cursor.fetchone()
        return in_use, verified


def _counties() -> list[int]:
    from quanheng.apps.accounts.models import Area

    return list(Area.objects.filter(level=3).values_list("id", flat=True))


if __name__ == "__main__":
    main()
