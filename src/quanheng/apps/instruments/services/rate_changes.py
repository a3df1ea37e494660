"""Keeping the counts behind the indicators exact: every act adds what it changed, a job folds it.

What is counted is declared (`indicators.py`), the rule common to all is `regulation/rates.py`; here it is
once more in SQL (`queries/counted_days.py`, `sql/rate_*.sql`), because a million rows are counted in the
database. For whoever writes instruments, placements, verifications or codes:

* an act on instruments that exist (also deleting them)::

    with rate_changes.tracking([instrument_id]):
        ...change the instrument, its placements, its verifications...

* instruments that were just inserted, with their placements and verifications::

    rate_changes.add([id, ...])                     # a few
    rate_changes.add_all()                          # a freshly loaded ledger (demonstration)

* `fold()` every few minutes, and `compare()` every night, from jobs; `add_new()` at every start, for an
  indicator that was declared since the last one.

All of them belong inside the act's transaction (`fold` and `compare` open their own).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from quanheng.apps.instruments.enums import Grain
from quanheng.apps.instruments.indicators import Indicator, indicators
from quanheng.apps.instruments.models import RateChange
from quanheng.apps.instruments.queries.counted_days import spans_sql
from quanheng.kit.scope import seeing_everything
from quanheng.regulation.rates import Step, difference

SQL = Path(__file__).parent / "sql"
STEPS, LEVELS, FOLD, COMPARE = (
    (SQL / f"rate_{name}.sql").read_text(encoding="utf-8") for name in ("steps", "levels", "fold", "compare")
)
COUNTY = "area_id / 1000000 * 1000000"
FOLD_LOCK = 7_310_001  # advisory lock: one fold at a time


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """What the rollup is broken down by, at county level."""

    indicator: str
    area_id: int
    premises: str
    item_id: int


@contextmanager
def tracking(instrument_ids: Collection[int]) -> Iterator[None]:
    """Lock the instruments and, when the block has changed them, add the difference to the rollup.

    Wholes of which the instruments are parts are followed too. Locks are taken in ascending order of id.
    """
    with transaction.atomic():
        ids = _locked(instrument_ids)
        before = _steps_of(ids)
        yield
        changed = difference(before, _steps_of(ids))
        RateChange.objects.bulk_create(
            RateChange(
                indicator=cell.indicator, area_id=cell.area_id, premises=cell.premises, item_id=cell.item_id,
                day=day, denominator=denominator, numerator=numerator, variant=variant, grain=Grain.FRESH,
            )
            for (cell, day), (denominator, numerator, variant) in changed.items()
        )  # fmt: skip


def add(instrument_ids: Collection[int]) -> None:
    """Add instruments that were inserted in this transaction."""
    _add("{it}.id = ANY(%(ids)s)", ids=list(instrument_ids))


def add_all(chosen: Collection[Indicator] = ()) -> int:
    """Add every instrument, for a ledger that was just loaded as a whole; the rollup must be empty.

    Args:
        chosen: for these indicators alone.

    Returns:
        How many changes were written; none of an empty ledger.
    """
    with seeing_everything() as cursor:
        cursor.execute(_insert(chosen="TRUE", counted=chosen))
        return int(cursor.rowcount)


def add_new() -> list[str]:
    """Count the ledger for indicators of which nothing was ever counted; return their keys.

    Whatever older code does meanwhile, it does not know of them: the next recount finds it.
    """
    new = [indicator for indicator in indicators() if not _is_begun(indicator)]
    if not new:
        return []
    with transaction.atomic():
        found = add_all(new)
    fold()
    return [indicator.key for indicator in new] if found else []


def _is_begun(indicator: Indicator) -> bool:
    # Two questions, because one index serves the fresh rows and another the folded ones.
    rows = RateChange.objects.filter(indicator=indicator.key)
    return rows.exclude(grain=Grain.FRESH).exists() or rows.filter(grain=Grain.FRESH).exists()


def fold() -> int:
    """Fold the fresh rows into day, month and year at county, city and province; return the rows written.

    One statement: a crash leaves either the fresh rows or the folded ones. A second fold at the same time
    does nothing.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [FOLD_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(FOLD.format(levels=LEVELS))
        return int(cursor.rowcount)


def compare() -> list[RateChange]:
    """Recount the whole ledger and return what the folded rows lack; nothing when all is exact."""
    with seeing_everything() as cursor:
        cursor.execute(COMPARE.format(steps=steps_sql("TRUE"), levels=LEVELS))
        return [
            RateChange(
                indicator=indicator, area_id=area_id, premises=premises, item_id=item_id, grain=grain,
                day=day, denominator=denominator, numerator=numerator, variant=variant,
            )
            for indicator, area_id, premises, item_id, grain, day, denominator, numerator, variant
            in cursor.fetchall()
        ]  # fmt: skip


def mend(differences: Collection[RateChange]) -> None:
    """Add what `compare` found missing. Acts and folds that ran since then stay counted."""
    for row in differences:
        kept, is_new = RateChange.objects.get_or_create(
            indicator=row.indicator, area_id=row.area_id, premises=row.premises, item_id=row.item_id,
            grain=row.grain, day=row.day,
            defaults={
                "denominator": row.denominator, "numerator": row.numerator, "variant": row.variant,
            },
        )  # fmt: skip
        if not is_new:
            RateChange.objects.filter(pk=kept.pk).update(
                denominator=F("denominator") + row.denominator,
                numerator=F("numerator") + row.numerator,
                variant=F("variant") + row.variant,
            )


def facts_of(difference: RateChange) -> dict[str, Any]:
    """Return what `compare` found in one row, for whoever keeps it."""
    return {
        "area": difference.area_id, "premises": difference.premises, "item": difference.item_id,
        "grain": difference.grain, "day": difference.day.isoformat(),
        "denominator": difference.denominator, "numerator": difference.numerator,
        "variant": difference.variant,
    }  # fmt: skip


def steps_sql(chosen: str, ignored: str = "FALSE", counted: Iterable[Indicator] = ()) -> str:
    """Return the WITH clause whose `steps` are the changes due to the chosen instruments, by county."""
    return STEPS.format(spans=spans_sql(counted or indicators(), chosen, ignored, COUNTY))


def _add(condition: str, **values: Any) -> None:
    new, part = condition.format(it="i"), condition.format(it="c")
    wholes = f"NOT ({new}) AND i.id IN (SELECT c.parent_id FROM instruments_instrument c WHERE {part})"  # noqa: S608
    with seeing_everything() as cursor:
        cursor.execute(_insert(chosen=new), values)
        # The first parts of an older whole take the whole out of the count.
        cursor.execute(_insert(chosen=wholes, ignored=part, sign="-"), values)


def _insert(chosen: str, ignored: str = "FALSE", sign: str = "", counted: Iterable[Indicator] = ()) -> str:
    return f"""{steps_sql(chosen, ignored, counted)}
        INSERT INTO instruments_ratechange
            (indicator, area_id, premises, item_id, day, denominator, numerator, variant, grain)
        SELECT indicator, area_id, premises, item_id, day,
            {sign}denominator, {sign}numerator, {sign}variant, {Grain.FRESH}
        FROM steps"""  # noqa: S608


def _locked(instrument_ids: Collection[int]) -> list[int]:
    # One array of ids, not `id = ANY(…) OR id IN (SELECT …)`: no index serves that OR, it reads the ledger.
    with seeing_everything() as cursor:
        cursor.execute(
            "SELECT id FROM instruments_instrument WHERE id = ANY(ARRAY("
            " SELECT unnest(%(ids)s::bigint[]) UNION"
            " SELECT parent_id FROM instruments_instrument WHERE id = ANY(%(ids)s)))"
            " ORDER BY id FOR UPDATE",
            {"ids": list(instrument_ids)},
        )
        return [row[0] for row in cursor.fetchall()]


def _steps_of(ids: list[int]) -> dict[tuple[Cell, date], Step]:
    with seeing_everything() as cursor:
        cursor.execute(f"{steps_sql('i.id = ANY(%(ids)s)')} SELECT * FROM steps", {"ids": ids})  # noqa: S608
        return {
            (Cell(indicator, area_id, premises, item_id), day): (denominator, numerator, variant)
            for indicator, area_id, premises, item_id, day, denominator, numerator, variant
            in cursor.fetchall()
        }  # fmt: skip
