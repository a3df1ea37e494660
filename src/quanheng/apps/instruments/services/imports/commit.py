"""台账入库: staged rows enter the ledger, a chunk at a time; each chunk is one transaction and one act.

A crash leaves whole chunks: `rows_committed` moves in the chunk's own transaction, and the run goes on from
there. Where nobody looks at a preview first, full chunks enter while the reader reads on (`following`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection, connections
from django.db.models import F, Max
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.services import Draft, draft, record, record_many
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.enums import ImportStage, RowAction
from quanheng.apps.instruments.models import ImportRun, StagedRow
from quanheng.apps.instruments.services import rate_changes
from quanheng.apps.instruments.services.certificate_paper import certificate_elsewhere
from quanheng.apps.instruments.services.imports import staging
from quanheng.apps.instruments.services.imports.ledger_check import (
    RowReport,
    matches,
    tell_faults_against_ledger,
    write_told,
)
from quanheng.apps.instruments.services.imports.rights import RightsChanged, actor_of, staged_with
from quanheng.apps.instruments.services.imports.runs import load, statement
from quanheng.apps.instruments.services.imports.updates import update_rows
from quanheng.apps.instruments.services.prove_entry import Entered, entered
from quanheng.apps.registry import acts as registry_acts
from quanheng.apps.registry.queries import open_entity
from quanheng.kit.bulk import forget_plans
from quanheng.kit.free_space import stop_when_low
from quanheng.kit.scope import EVERYTHING, acting_in, set_scope
from quanheng.kit.tasks import finish
from quanheng.regulation.instrument_states import COUNTED_IN_USE

AT_ONCE = 10_000
# A look-up in the registry is by index. After a bulk load the planner has no statistics yet and would scan
# whole tables instead, chunk after chunk. The chunk's own temporary tables are joined as it sees fit.
BY_INDEX = "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_seqscan = off"
AS_USUAL = "SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on; SET LOCAL enable_seqscan = on"
HAS_PARTS = (
    "SELECT EXISTS (SELECT FROM instruments_stagedrow"
    " WHERE run_id = %(run)s AND position BETWEEN %(first)s AND %(last)s AND nozzle <> '')"
)
ENTITIES_LOCK = 7_310_003  # two imports must not both create the entity that neither found


def commit_run(run: ImportRun, at: datetime) -> None:
    """Commit what is staged and not yet committed, then finish the run."""
    with acting_in(EVERYTHING):
        last = StagedRow.objects.filter(run_id=run.pk).aggregate(last=Max("position"))["last"] or 0
    while run.rows_committed < last:
        commit_chunk(run, min(run.rows_committed + AT_ONCE, last), at)
    with acting_in(EVERYTHING):
        staging.clear(run)
        finish(run, at, stage=ImportStage.DONE)


@contextmanager
def following(run: ImportRun, at: datetime) -> Iterator[Callable[[int], None]]:
    """Commit full chunks on a second connection while the block reads on.

    Yields:
        The function to tell up to which position rows are staged. It raises what stopped the committing.
    """
    behind = load(run.pk)
    chunks: list[Future[None]] = []

    def staged(position: int) -> None:
        reach = run.rows_committed + AT_ONCE * (len(chunks) + 1)
        if position >= reach:
            chunks.append(pool.submit(commit_chunk, behind, reach, at))
        for chunk in chunks:
            if chunk.done():
                chunk.result()

    with ThreadPoolExecutor(1, "import-commit") as pool:
        try:
            yield staged
        finally:
            if chunks:
                pool.submit(connections.close_all).result()  # the thread's own, after its last chunk
            run.rows_committed = behind.rows_committed
    for chunk in chunks:
        chunk.result()


def commit_chunk(run: ImportRun, last: int, at: datetime) -> None:
    """Bring the staged rows into the ledger that follow the last committed one, up to position `last`.

    The preview may be days old: who acts, and what each row may do, is asked again here, and a row that may
    not enter any more is told.

    Raises:
        RightsChanged: the rows were staged by other rights.
        RuleBroken: the appointment or the key has ended, or the entity is out of reach.
        NoRoom: the disk is nearly full; nothing of the chunk has entered.
    """
    stop_when_low()
    first = run.rows_committed + 1
    actor, rights = actor_of(run, timezone.localdate(at))
    if staged_with(actor, rights) != run.staged_with:
        raise RightsChanged
    values = {
        "run": run.pk, "first": first, "last": last, "at": at, "today": timezone.localdate(at),
        "counted": [state.value for state in COUNTED_IN_USE],
        "whole_state": "filed" if rights.files else "filing", "office": rights.verifies,
    }  # fmt: skip
    with acting_in(EVERYTHING):
        _check_entity(run, actor)
        told = tell_faults_against_ledger(run, actor, first, last)
        write_told(run, told)
        known = matches(run, first, last)
        StagedRow.objects.filter(run_id=run.pk, position__in=known).update(action=RowAction.UPDATE)
        updates = update_rows(run, known, actor, rights, at)
        dispensers = _place(values, actor, at)
        homeless = _without_place(values) + _certified_elsewhere(values)
        write_told(run, homeless)
        ids = _enter(values, actor)
        new = len(ids)
        if ids:
            rate_changes.add([*ids, *dispensers])
        came = entered([*ids, *dispensers])
        came.keep(
            _file_the_act(run, actor, at, came, new=new, updated=updates.updated, first=first, last=last)
        )
        forget_plans()
        with connection.cursor() as cursor:  # before the run's row is locked: the reader writes there too
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        ImportRun.objects.unscoped().filter(pk=run.pk).update(
            rows_committed=last, rows_new=F("rows_new") + new,
            rows_updated=F("rows_updated") + updates.updated,
            rows_proposed=F("rows_proposed") + updates.proposed,
            rows_unchanged=F("rows_unchanged") + updates.unchanged,
            rows_rejected=F("rows_rejected") + len(told) + len(homeless) + updates.refused,
            tries=0,
        )  # fmt: skip
    run.rows_committed, run.tries = last, 0


def _check_entity(run: ImportRun, actor: Actor) -> None:
    """An entity that every row belongs to may have moved or closed since the upload."""
    if run.entity_id is not None and not open_entity(run.entity_id).reached_by(actor):
        raise refusals.IMPORT_OUT_OF_REACH()


def _place(values: dict[str, Any], actor: Actor, at: datetime) -> list[int]:
    """Find or create the entities, stalls and dispensers that the rows belong to, within the actor's own
    scope; returns the new dispensers.
    """
    dispensers: list[int] = []
    set_scope(actor.scope)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ENTITIES_LOCK])
        cursor.execute(BY_INDEX)
        cursor.execute(statement("new_entities"), values)
        record_many(
            [
                draft(
                    registry_acts.ENTITY_REGISTERED, by=actor, at=at, area_id=area, entity_id=number,
                    root_id=number,
                    batch_id=values["run"], subject=name[:80],
                    after={"name": name, "credit_code": code, "state": "draft"},
                )
                for number, name, code, area in cursor.fetchall()
            ]
        )  # fmt: skip
        cursor.execute(statement("markets"), values)
        cursor.execute("ANALYZE import_markets")
        cursor.execute(statement("stalls"), values)
        cursor.execute(AS_USUAL)
        cursor.execute(statement("new_stalls"), values)
        cursor.execute("ANALYZE import_stalls")
        cursor.execute(statement("places"), values)
        cursor.execute("CREATE INDEX ON import_places (position)")
        cursor.execute("ANALYZE import_places")
        cursor.execute(BY_INDEX)
        cursor.execute(statement("contacts"), values)
        cursor.execute(HAS_PARTS, values)
        if cursor.fetchone()[0]:
            dispensers = _place_parts(values)
        cursor.execute(AS_USUAL)
    set_scope(EVERYTHING)
    return dispensers


def _place_parts(values: dict[str, Any]) -> list[int]:
    """Find or create the dispensers of the nozzle rows; returns the new ones."""
    made: list[int] = []
    with connection.cursor() as cursor:
        for suffix in (False, True):
            cursor.execute(statement("new_dispensers"), values | {"suffix": suffix})
            made += [row[0] for row in cursor.fetchall()]
        cursor.execute(statement("parents"), values)
    return made


WITHOUT_PLACE = """
UPDATE instruments_stagedrow s SET action = 'rejected'
WHERE s.run_id = %(run)s AND s.position BETWEEN %(first)s AND %(last)s AND s.action = 'new'
  AND NOT EXISTS (SELECT FROM import_places p WHERE p.position = s.position)
RETURNING s.position, s.number, s.sheet, s.name || ' ' || s.serial_number
"""


def _without_place(values: dict[str, Any]) -> list[RowReport]:
    """Rows for whose instrument there is nobody: the entity was closed."""
    with connection.cursor() as cursor:
        cursor.execute(WITHOUT_PLACE, values)
        return [
            {
                "position": position, "number": number, "sheet": sheet, "action": RowAction.REJECTED,
                "label": label[:120], "fields": ["entity_name"], "notice": "",
                "reason": "使用单位已注销或不能登记器具，请核对单位名称和信用代码。",
            }
            for position, number, sheet, label in cursor.fetchall()
        ]  # fmt: skip


CERTIFIED_ELSEWHERE = """
UPDATE instruments_stagedrow s SET action = 'rejected'
FROM import_places p
WHERE s.run_id = %(run)s AND s.position BETWEEN %(first)s AND %(last)s AND s.action = 'new'
  AND p.position = s.position AND s.certificate_number <> '' AND s.institute <> ''
  AND EXISTS (SELECT FROM instruments_verification v JOIN instruments_instrument i ON i.id = v.instrument_id
              WHERE v.certificate_number = s.certificate_number AND NOT v.in_error
                AND v.institute IN (s.institute, '') AND i.root_id <> p.root_id)
RETURNING s.position, s.number, s.sheet, s.name || ' ' || s.serial_number, s.certificate_number
"""


def _certified_elsewhere(values: dict[str, Any]) -> list[RowReport]:
    """Rows under a certificate that stands on somebody else's instrument (`certificate_paper`)."""
    if not values["office"]:
        return []  # declared: it proves nothing, and is confirmed with the paper
    with connection.cursor() as cursor:
        cursor.execute(BY_INDEX)
        cursor.execute(CERTIFIED_ELSEWHERE, values)
        found = cursor.fetchall()
        cursor.execute(AS_USUAL)
    return [
        {
            "position": position, "number": number, "sheet": sheet, "action": RowAction.REJECTED,
            "label": label[:120], "fields": ["certificate_number"], "notice": "",
            "reason": certificate_elsewhere(certificate).message,
        }
        for position, number, sheet, label, certificate in found
    ]  # fmt: skip


def _enter(values: dict[str, Any], actor: Actor) -> list[int]:
    """Insert instruments, verifications, seals and codes within the actor's own scope."""
    with connection.cursor() as cursor:
        set_scope(actor.scope)  # row-level security checks every row that enters
        for step in ("new_instruments", "new_verifications", "new_seals", "new_codes"):
            cursor.execute(statement(step), values)
        set_scope(EVERYTHING)
        cursor.execute(statement("entered"), values)
        ids = [row[0] for row in cursor.fetchall()]
        cursor.execute("DROP TABLE import_markets, import_stalls, import_places")
    return ids


def _file_the_act(
    run: ImportRun,
    actor: Actor,
    at: datetime,
    came: Entered,
    *,
    new: int,
    updated: int,
    first: int,
    last: int,
) -> Draft:
    return record(
        acts.IMPORT_COMMITTED, by=actor, at=at, area_id=run.area_id, entity_id=run.entity_id,
        root_id=run.entity_id,
        batch_id=run.pk, subject=run.file_name[:80],
        after={
            "new": new, "updated": updated, "rows": [first, last], "file_sha256": run.file_hash,
            **came.facts(),
        },
    )  # fmt: skip
