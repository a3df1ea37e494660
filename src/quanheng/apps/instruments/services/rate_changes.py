"""Keeping the counts behind the verification rate exact: every act adds what it changed, a job folds it.

The rule is `regulation/verification_rate.py`; here it is once more in SQL (`STEPS`), because a million rows are
counted in the database. Three ways in, for whoever writes instruments, placements or verifications:

* an act on instruments that exist (also deleting them)::

    with rate_changes.tracking([instrument_id]):
        ...change the instrument, its placements, its verifications...

* instruments that were just inserted, with their placements and verifications::

    rate_changes.add([id, ...])                     # a few
    rate_changes.add_for_import(run_id, 101, 2100)  # rows of an import by id, both ends included
    rate_changes.add_all()                          # a freshly loaded ledger (demonstration, migration)

* `fold()` every few minutes, and `compare()` every night, from jobs.

All of them belong inside the act's transaction (`fold` and `compare` open their own).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from quanheng.apps.instruments.enums import Grain
from quanheng.apps.instruments.models import RateChange
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.regulation.instrument_states import COUNTED_IN_USE
from quanheng.regulation.verification_rate import Step, difference

COUNTED = ", ".join(f"'{state}'" for state in sorted(COUNTED_IN_USE))
COUNTY = 1_000_000  # an area's position without its street digits is its county's (accounts.Area)
FOLD_LOCK = 7_310_001  # advisory lock: one fold at a time

# {chosen} picks instruments i; {ignored} is a condition on parts c that are treated as not there.
STEPS = f"""
counted AS (
    SELECT i.id, i.item_id, i.area_id, i.premises, i.placed_on, i.state FROM instruments_instrument i
    WHERE {{chosen}} AND NOT EXISTS (
        SELECT FROM instruments_instrument c WHERE c.parent_id = i.id AND NOT ({{ignored}}))
), placed AS (
    SELECT i.id, i.item_id, p.area_id, p.premises, p.first_day, p.last_day, p.id AS turn
    FROM counted i JOIN instruments_placement p ON p.instrument_id = i.id
    UNION ALL
    SELECT id, item_id, area_id, premises, placed_on, NULL, NULL FROM counted
    WHERE placed_on IS NOT NULL AND state IN ({COUNTED})
), used AS (
    SELECT id, item_id, area_id / {COUNTY} * {COUNTY} AS area_id, premises, first_day,
        least(last_day, lead(first_day) OVER (PARTITION BY id ORDER BY first_day, turn) - 1) AS last_day
    FROM placed
), judged AS (
    SELECT v.instrument_id, v.verified_on, v.result, v.kind,
        least(v.valid_until, v.voided_on - 1, min(v.verified_on) FILTER (WHERE v.result = 'failed') OVER (
            PARTITION BY v.instrument_id ORDER BY v.verified_on, v.id
            ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) - 1) AS last_day
    FROM counted i JOIN instruments_verification v ON v.instrument_id = i.id
), trusted AS (
    SELECT instrument_id, range_agg(daterange(verified_on, last_day, '[]')) AS days FROM judged
    WHERE result = 'passed' AND kind <> 'in_service' AND (last_day IS NULL OR verified_on <= last_day)
    GROUP BY instrument_id
), spans AS (
    SELECT area_id, premises, item_id, daterange(first_day, last_day, '[]') AS days, 1 AS in_use, 0 AS verified
    FROM used WHERE last_day IS NULL OR first_day <= last_day
    UNION ALL
    SELECT u.area_id, u.premises, u.item_id, days, 0, 1
    FROM used u JOIN trusted t ON t.instrument_id = u.id CROSS JOIN LATERAL
        unnest(t.days * datemultirange(daterange(u.first_day, u.last_day, '[]'))) AS days
    WHERE u.last_day IS NULL OR u.first_day <= u.last_day
), steps AS (
    SELECT area_id, premises, item_id, day, sum(in_use)::int AS in_use, sum(verified)::int AS verified
    FROM (
        SELECT area_id, premises, item_id, lower(days) AS day, in_use, verified FROM spans
        UNION ALL
        SELECT area_id, premises, item_id, upper(days), -in_use, -verified FROM spans
        WHERE NOT upper_inf(days)
    ) step
    GROUP BY area_id, premises, item_id, day
    HAVING sum(in_use) <> 0 OR sum(verified) <> 0
)"""

# New instruments that are the first parts of an older whole take the whole out of the count.
ADD = f"""
WITH {STEPS.format(chosen="{chosen}", ignored="FALSE")}
INSERT INTO instruments_ratechange (area_id, premises, item_id, day, in_use, verified, grain)
SELECT area_id, premises, item_id, day, in_use, verified, {Grain.FRESH} FROM steps"""

SUBTRACT_WHOLES = f"""
WITH {
    STEPS.format(
        chosen="NOT ({whole}) AND i.id IN (SELECT c.parent_id FROM instruments_instrument c WHERE {part})",
        ignored="{part}",
    )
}
INSERT INTO instruments_ratechange (area_id, premises, item_id, day, in_use, verified, grain)
SELECT area_id, premises, item_id, day, -in_use, -verified, {Grain.FRESH} FROM steps"""

# Years before, months before, days: each change is stored once per grain at its county, city and province.
FOLD = f"""
WITH fresh AS (
    DELETE FROM instruments_ratechange WHERE grain = {Grain.FRESH}
    RETURNING area_id, premises, item_id, day, in_use, verified
), rows AS (
    SELECT a.area_id, f.premises, f.item_id, g.grain, date_trunc(g.unit, f.day::timestamp)::date AS day,
        sum(f.in_use) AS in_use, sum(f.verified) AS verified
    FROM fresh f
    CROSS JOIN LATERAL (
        SELECT DISTINCT f.area_id / step * step AS area_id
        FROM (VALUES (1000000), (100000000), (10000000000)) AS level (step)
    ) a
    CROSS JOIN (VALUES ({Grain.DAY}, 'day'), ({Grain.MONTH}, 'month'), ({Grain.YEAR}, 'year')) AS g (grain, unit)
    GROUP BY a.area_id, f.premises, f.item_id, g.grain, date_trunc(g.unit, f.day::timestamp)::date
    HAVING sum(f.in_use) <> 0 OR sum(f.verified) <> 0
)
INSERT INTO instruments_ratechange AS kept (area_id, premises, item_id, grain, day, in_use, verified)
SELECT area_id, premises, item_id, grain, day, in_use, verified FROM rows ORDER BY 1, 4, 5, 2, 3
ON CONFLICT (area_id, grain, day, premises, item_id) WHERE NOT grain = {Grain.FRESH}
DO UPDATE SET in_use = kept.in_use + excluded.in_use, verified = kept.verified + excluded.verified"""


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """What the rollup is broken down by, at county level."""

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
                area_id=cell.area_id, premises=cell.premises, item_id=cell.item_id, day=day,
                in_use=in_use, verified=verified, grain=Grain.FRESH,
            )
            for (cell, day), (in_use, verified) in changed.items()
        )  # fmt: skip


def add(instrument_ids: Collection[int]) -> None:
    """Add instruments that were inserted in this transaction."""
    _add("{it}.id = ANY(%(ids)s)", ids=list(instrument_ids))


def add_for_import(run_id: int, first_id: int, last_id: int) -> None:
    """Add the instruments that an import inserted with ids in first..last, both included."""
    condition = "{it}.import_run_id = %(run)s AND {it}.id BETWEEN %(first)s AND %(last)s"
    _add(condition, run=run_id, first=first_id, last=last_id)


def add_all() -> None:
    """Add every instrument, for a ledger that was just loaded as a whole; the rollup must be empty."""
    with seeing_everything() as cursor:
        cursor.execute(ADD.format(chosen="TRUE"))


def fold() -> int:
    """Fold the fresh rows into day, month and year at county, city and province; return the rows written.

    One statement: a crash leaves either the fresh rows or the folded ones. A second fold at the same time
    does nothing.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [FOLD_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(FOLD)
        return int(cursor.rowcount)


@contextmanager
def seeing_everything() -> Iterator[CursorWrapper]:
    """Open a cursor to which row-level security shows every row: counts do not depend on who acts."""
    names = ["quanheng.everything", "quanheng.area_first", "quanheng.area_last", "quanheng.entity"]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(n, true) FROM unnest(%s::text[]) AS n", [names])
        held = [value or "" for (value,) in cursor.fetchall()]
        with acting_in(EVERYTHING):
            yield cursor
        for name, value in zip(names, held, strict=True):
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])


def _add(condition: str, **values: Any) -> None:
    part = condition.format(it="c")
    with seeing_everything() as cursor:
        cursor.execute(ADD.format(chosen=condition.format(it="i")), values)
        cursor.execute(SUBTRACT_WHOLES.format(whole=condition.format(it="i"), part=part), values)


def _locked(instrument_ids: Collection[int]) -> list[int]:
    with seeing_everything() as cursor:
        cursor.execute(
            "SELECT id FROM instruments_instrument WHERE id = ANY(%(ids)s) OR id IN ("
            " SELECT parent_id FROM instruments_instrument WHERE id = ANY(%(ids)s)) ORDER BY id FOR UPDATE",
            {"ids": list(instrument_ids)},
        )
        return [row[0] for row in cursor.fetchall()]


def _steps_of(ids: list[int]) -> dict[tuple[Cell, date], Step]:
    with seeing_everything() as cursor:
        cursor.execute(
            f"WITH {STEPS.format(chosen='i.id = ANY(%(ids)s)', ignored='FALSE')} SELECT * FROM steps",
            {"ids": ids},
        )
        return {
            (Cell(area_id, premises, item_id), day): (in_use, verified)
            for area_id, premises, item_id, day, in_use, verified in cursor.fetchall()
        }
