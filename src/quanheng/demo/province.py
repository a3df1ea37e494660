"""Loading the demonstration province, in one transaction: a crash leaves nothing behind."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from random import Random

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from quanheng.apps.accounts.actors import SYSTEM
from quanheng.apps.accounts.enums import AreaLevel
from quanheng.apps.accounts.queries import areas
from quanheng.apps.audit.services import record
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.queries.catalogue import item_ids_by_slug
from quanheng.apps.instruments.queries.ledger import ledger
from quanheng.apps.instruments.services import entry_counts, rate_changes
from quanheng.apps.instruments.services.close_campaign import close_campaign
from quanheng.apps.instruments.services.prove_entry import entered
from quanheng.apps.registry.services.complete_words import complete_words
from quanheng.demo.ledger import ACTS_EACH, Ledger
from quanheng.demo.places import County, CountyBuilder
from quanheng.kit.bulk_copy import CopyingThread
from quanheng.kit.database import as_owner
from quanheng.kit.scope import EVERYTHING, acting_in, set_scope

SEED = 20260213  # the day on which the plan was published
PROVED_AT_ONCE = 10_000
CHUNK = 20_000  # instruments per COPY: bounds memory at about 60 MB
REBUILD_INDEXES_FROM = 200_000
EVERY_KIND_OF_PLACE = 300  # so many instruments need a county's whole first round of places
HOME = 510107_000000  # 武侯区: the demo accounts work here
TABLES = (
    "registry_entity", "registry_contact", "instruments_instrument", "instruments_placement",
    "instruments_verification", "instruments_seal", "instruments_instrumentcode", "audit_act",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded, and how fast."""

    instruments: int
    entities: int
    verifications: int
    seconds: float


def is_loaded() -> bool:
    """Say whether there are instruments already."""
    with acting_in(EVERYTHING):
        return ledger(SYSTEM).exists()


def load_province(instruments: int, *, at: datetime) -> Loaded:
    """Load a province of so many instruments into an empty ledger; areas and catalogue must be there.

    The rows depend on the number, the seed and the day only (salts and encrypted names apart).
    """
    started = time.perf_counter()
    with as_owner(), transaction.atomic(), connection.cursor() as cursor:
        set_scope(EVERYTHING)
        items = item_ids_by_slug()
        ledger = Ledger(timezone.localdate(at), items, detailed=instruments <= ACTS_EACH)
        with _bulk(cursor, rebuild=instruments >= REBUILD_INDEXES_FROM):
            _copy(ledger, instruments, cursor)
        _prove(ledger.instruments, at)
        for table in ("registry_entity", "instruments_instrument"):
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"  # noqa: S608
            )
    with as_owner():
        _count_rates()
    return Loaded(ledger.instruments, ledger.entities, ledger.verifications, time.perf_counter() - started)


def _copy(ledger: Ledger, instruments: int, cursor: CursorWrapper) -> None:
    tables = ledger.tables.values()
    thread = CopyingThread(cursor.cursor)
    try:
        for _ in _built(ledger, instruments):
            if ledger.collected >= CHUNK:
                thread.send(tables)
        thread.send(tables)
    finally:
        thread.close()


def _prove(instruments: int, at: datetime) -> None:
    """Have the log answer for every row that was copied, as for those of an import."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(TABLES)}")
    for first in range(1, instruments + 1, PROVED_AT_ONCE):
        came = entered(range(first, min(first + PROVED_AT_ONCE, instruments + 1)))
        facts = {"new": came.instruments, **came.facts()}
        came.keep(record(acts.IMPORT_COMMITTED, by=SYSTEM, at=at, subject="演示数据", after=facts))


def _count_rates() -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"VACUUM ANALYZE {table}")
    complete_words()
    rate_changes.add_all()
    rate_changes.fold()
    entry_counts.recount()
    entry_counts.fold()
    close_campaign(at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE registry_entityword, instruments_ratechange, instruments_entrycount")


def _built(ledger: Ledger, instruments: int) -> Iterator[None]:
    for county, share in _shares(instruments):
        rng = Random(f"{SEED}-{county.position}")  # noqa: S311 - repeatable on purpose
        yield from CountyBuilder(ledger, county, share, _quality(county, rng), rng).build()


def _quality(county: County, rng: Random) -> float:
    """Most counties reach 99 %, about one in five does not; the demo accounts' county nearly does."""
    if county.position == HOME:
        return 0.987
    return 0.991 + rng.random() * 0.007 if rng.random() < 0.8 else 0.955 + rng.random() * 0.034


def _shares(instruments: int) -> list[tuple[County, int]]:
    """Divide the instruments among the counties: districts of big cities have more; home comes first."""
    counties = _counties()
    weights = [_weight(county) for county in counties]
    home = min(instruments // 3, EVERY_KIND_OF_PLACE)
    shares = [round((instruments - home) * weight / sum(weights)) for weight in weights]
    shares[0] += instruments - sum(shares)
    return [(county, share) for county, share in zip(counties, shares, strict=True) if share > 0]


def _weight(county: County) -> float:
    chengdu = 2.5 if county.position // 100_000_000 == 5101 else 1.0
    district = 1.6 if county.name.endswith(("区", "市")) else 1.0
    spread = 0.5 + Random(f"{SEED}-weight-{county.position}").random()  # noqa: S311
    return chengdu * district * spread * (2 if county.position == HOME else 1)


def _counties() -> list[County]:
    living, streets = areas().filter(valid_to=None), dict[int, list[tuple[int, str]]]()
    for position, name in living.filter(level=AreaLevel.STREET).values_list("id", "name"):
        streets.setdefault(position // 1_000_000 * 1_000_000, []).append((position, name))
    cities = dict(areas().filter(level=AreaLevel.CITY).values_list("id", "name"))
    counties = [
        County(area.id, area.name, area.full_name, cities.get(area.id // 10**8 * 10**8, ""),
               tuple(streets.get(area.id, [(area.id, "")])))
        for area in living.filter(level=AreaLevel.COUNTY)
    ]  # fmt: skip
    return sorted(counties, key=lambda county: (county.position != HOME, county.position))


@contextmanager
def _bulk(cursor: CursorWrapper, *, rebuild: bool) -> Iterator[None]:
    """Prepare the empty tables for COPY, within the transaction; undone at its end or by a crash.

    COPY is refused under row-level security, so the owner is let through while the tables are locked.
    References are checked at the end of each COPY instead of being queued until the commit. A big load builds
    its indexes afterwards and, where the owner may say so, does without the checks.
    """
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')")
    if rebuild and cursor.fetchone()[0]:
        cursor.execute("SET LOCAL session_replication_role = replica")
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relforcerowsecurity AND relname = ANY(%s)", [list(TABLES)]
    )
    forced = [row[0] for row in cursor.fetchall()]
    for table in forced:
        cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    indexes = _drop_indexes(cursor) if rebuild else []
    yield
    for definition in indexes:
        cursor.execute(definition)
    for table in forced:
        cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def _drop_indexes(cursor: CursorWrapper) -> list[str]:
    """Drop the indexes that hold no constraint and return how to make them again."""
    cursor.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
        " WHERE i.indrelid = ANY(SELECT t::regclass FROM unnest(%s::text[]) t) AND NOT i.indisunique",
        [list(TABLES)],
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f"DROP INDEX {name}")
    return [definition for _name, definition in found]
