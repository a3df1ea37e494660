"""台账入库: staged rows enter the ledger, a chunk at a time; each chunk is one transaction and one act.

A crash leaves whole chunks: `rows_committed` moves in the chunk's own transaction, and the run goes on from
there.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F, Max
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.enums import Verb
from quanheng.apps.audit.services import draft, record, record_many
from quanheng.apps.instruments.enums import ImportState, RowAction
from quanheng.apps.instruments.models import ImportRun, StagedRow
from quanheng.apps.instruments.services import rate_changes
from quanheng.apps.instruments.services.imports import staging
from quanheng.apps.instruments.services.imports.ledger_check import matches
from quanheng.apps.instruments.services.imports.runs import save, statement
from quanheng.apps.instruments.services.imports.updates import update_rows
from quanheng.kit.scope import EVERYTHING, acting_in, set_scope
from quanheng.regulation.instrument_states import COUNTED_IN_USE

AT_ONCE = 20_000
# A chunk is a few thousand look-ups by index. After a bulk load the planner has no statistics yet and would
# scan whole
# tables instead, chunk after chunk.
BY_INDEX = "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_seqscan = off"
AS_USUAL = "SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on; SET LOCAL enable_seqscan = on"
INDEXED = {"markets": "position", "stalls": "market_id, stall", "places": "position"}
ENTITIES_LOCK = 7_310_003  # two imports must not both create the entity that neither found


def commit_run(run: ImportRun, actor: Actor, at: datetime) -> None:
    """Commit what is staged and not yet committed, then finish the run."""
    with acting_in(EVERYTHING):
        last = StagedRow.objects.filter(run_id=run.pk).aggregate(last=Max("position"))["last"] or 0
    for first in range(run.rows_committed + 1, last + 1, AT_ONCE):
        commit_chunk(run, first, min(first + AT_ONCE - 1, last), actor, at)
    with acting_in(EVERYTHING):
        staging.clear(run)
    save(run, state=ImportState.DONE, finished_at=at)


def commit_chunk(run: ImportRun, first: int, last: int, actor: Actor, at: datetime) -> None:
    """Bring the rows first..last of the stage into the ledger."""
    values = {
        "run": run.pk, "first": first, "last": last, "at": at, "today": timezone.localdate(at),
        "counted": [state.value for state in COUNTED_IN_USE],
        "whole_state": "filed" if actor.is_officer or actor.scope.everything else "filing",
    }  # fmt: skip
    with acting_in(EVERYTHING):
        known = matches(run, first, last)
        StagedRow.objects.filter(run_id=run.pk, position__in=known).update(action=RowAction.UPDATE)
        updated, unchanged = update_rows(run, known, actor, at)
        dispensers = _place(values, actor, at)
        ids, digest = _enter(values, actor)
        new = len(ids)
        if ids:
            rate_changes.add([*ids, *dispensers])
        _file_the_act(run, actor, at, new=new, updated=updated, first=first, last=last, digest=digest)
        ImportRun.objects.unscoped().filter(pk=run.pk).update(
            rows_committed=last, rows_new=F("rows_new") + new, rows_updated=F("rows_updated") + updated,
            rows_unchanged=F("rows_unchanged") + unchanged,
        )  # fmt: skip
    run.rows_committed = last


def _place(values: dict[str, Any], actor: Actor, at: datetime) -> list[int]:
    """Find or create the entities, stalls and dispensers that the rows belong to; returns the new
    dispensers.
    """
    dispensers: list[int] = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ENTITIES_LOCK])
        cursor.execute(BY_INDEX)
        cursor.execute(statement("new_entities"), values)
        record_many(
            [
                draft(
                    Verb.ENTITY_REGISTERED, by=actor, at=at, area_id=area, entity_id=number, root_id=number,
                    batch_id=values["run"], subject=name[:80],
                    after={"name": name, "credit_code": code, "state": "draft"},
                )
                for number, name, code, area in cursor.fetchall()
            ]
        )  # fmt: skip
        for step in ("markets", "stalls", "new_stalls", "places", "contacts"):
            cursor.execute(statement(step), values)
            if step in INDEXED:
                cursor.execute(f"CREATE INDEX ON import_{step} ({INDEXED[step]})")
                cursor.execute(f"ANALYZE import_{step}")
        for suffix in (False, True):
            cursor.execute(statement("new_dispensers"), values | {"suffix": suffix})
            dispensers += [row[0] for row in cursor.fetchall()]
        cursor.execute(statement("parents"), values)
        cursor.execute(AS_USUAL)
    return dispensers


def _enter(values: dict[str, Any], actor: Actor) -> tuple[list[int], str]:
    """Insert instruments, verifications, seals and codes within the actor's own scope."""
    with connection.cursor() as cursor:
        set_scope(actor.scope)  # row-level security checks every row that enters
        for step in ("new_instruments", "new_verifications", "new_seals", "new_codes"):
            cursor.execute(statement(step), values)
        set_scope(EVERYTHING)
        cursor.execute(statement("digest"), values)
        ids, digest = cursor.fetchone()
        cursor.execute("DROP TABLE import_markets, import_stalls, import_places")
    return ids or [], digest


def _file_the_act(
    run: ImportRun, actor: Actor, at: datetime, *, new: int, updated: int, first: int, last: int, digest: str
) -> None:
    record(
        Verb.IMPORT_COMMITTED, by=actor, at=at, area_id=run.area_id, entity_id=run.entity_id,
        root_id=run.entity_id,
        batch_id=run.pk, subject=run.file_name[:80],
        after={
            "new": new, "updated": updated, "rows": [first, last], "rows_sha256": digest,
            "file_sha256": run.file_hash,
        },
    )  # fmt: skip
