"""撤销导入: a run is taken back as a whole, while nothing stands on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.queries import acts_on_since
from quanheng.apps.audit.services import record, record_many
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.enums import (
    CodeState,
    ImportStage,
    ProposalState,
    RowAction,
)
from quanheng.apps.instruments.ledger_lines import changed_records, records_of
from quanheng.apps.instruments.models import (
    Attachment,
    ImportRow,
    ImportRun,
    Instrument,
    InstrumentCode,
    Placement,
    ProposedChange,
    ScanDay,
    Seal,
    ShopperReport,
    Verification,
)
from quanheng.apps.instruments.services import rate_changes
from quanheng.apps.instruments.services.act_on import REMOVED, line_of_log, logged, with_records
from quanheng.apps.instruments.services.imports.runs import advance, visible
from quanheng.apps.registry import acts as registry_acts
from quanheng.apps.registry.services.withdraw_drafts import withdraw_drafts
from quanheng.kit.acts import check
from quanheng.kit.bulk import ranges_of
from quanheng.kit.free_space import stop_when_low
from quanheng.kit.scope import EVERYTHING, ScopedQuerySet, acting_in
from quanheng.kit.tasks import TaskState
from quanheng.regulation.instrument_states import UNFILED

AT_ONCE = 2_000


def ask_to_undo(*, run_id: int, reason: str, by: Actor) -> ImportRun:
    """Have a finished run taken back; a worker does it.

    Raises:
        RuleBroken: import_not_found, not_done, no_reason, stood_upon.
    """
    if not reason.strip():
        raise refusals.NO_REASON_TO_UNDO()
    run = visible(run_id, by)
    check(acts.IMPORT_UNDONE, by)
    with acting_in(EVERYTHING):
        _check_undoable(run, by)
        asked = {
            "undo_by_id": by.user_id, "undo_appointment_id": by.appointment_id, "tries": 0,
            "started_at": None, "stage": ImportStage.UNDOING, "message": reason[:500],
        }  # fmt: skip
        if not advance(run, {ImportStage.DONE}, TaskState.WAITING, **asked):
            raise refusals.NOT_DONE()
    return run


def _check_undoable(run: ImportRun, by: Actor) -> None:
    """Nothing may stand on the run, and every instrument that it made must be whose it is to take back."""
    if blocker := stands_on(run):
        raise refusals.STOOD_UPON(blocker=blocker)
    if by.scope.everything:
        return
    touched = _touched(run)
    mine = touched.visible_to(by)
    if by.is_entity:
        mine = mine.filter(state__in=UNFILED)
    if touched.count() != mine.count():
        raise refusals.UNDO_NOT_YOURS()


def _touched(run: ImportRun) -> ScopedQuerySet[Instrument]:
    """The instruments that a run made or changed."""
    told = ImportRow.objects.filter(run=run, action=RowAction.UPDATE)
    changed = told.values("instrument_id")
    return Instrument.objects.unscoped().filter(Q(import_run=run) | Q(pk__in=changed))


def stands_on(run: ImportRun) -> str:
    """Say what has happened to the run's instruments since; nothing when it can be undone."""
    mine = Instrument.objects.unscoped().filter(import_run=run)
    updated = ImportRow.objects.filter(run=run, action=RowAction.UPDATE).values("instrument_id")
    later = acts_on_since(OuterRef("pk"), run.finished_at, but=[registry_acts.CODES_ISSUED])
    if (
        mine.filter(Exists(later)).exists()
        or Instrument.objects.unscoped().filter(Exists(later), pk__in=updated).exists()
        or ProposedChange.objects.unscoped().filter(import_run=run, state=ProposalState.ACCEPTED).exists()
    ):
        return _("已办理其他事项")
    if ScanDay.objects.filter(instrument__in=mine).exists():
        return _("已有人扫码查询")
    if ShopperReport.objects.unscoped().filter(instrument__in=mine).exists():
        return _("已办理其他事项")  # the asker may be the one who is reported: nobody is told of it
    if InstrumentCode.objects.unscoped().filter(instrument__in=mine, state=CodeState.REPLACED).exists():
        return _("已补发新码")
    if Instrument.objects.unscoped().filter(parent__in=mine).exclude(import_run=run).exists():
        return _("已登记下级器具")
    return ""


def undo_run(run: ImportRun, actor: Actor, at: datetime) -> None:
    """Take a run back: updates first, then what it created; in one transaction, so that a crash, or somebody
    who was quicker with one of the instruments, leaves it as it was.

    Raises:
        RuleBroken: stood_upon, or the asker's reach has changed.
        NoRoom: the disk is nearly full; nothing was taken back.
    """
    with acting_in(EVERYTHING):
        if run.finished_at is not None:  # asked for; otherwise it was refused half-way, and nobody chose
            _check_undoable(run, actor)
        _drop_proposals(run, at)
        while _undo_updates(run, actor, at):
            stop_when_low()
        while _remove_instruments(run, actor, at):
            stop_when_low()
        everything = Instrument.objects.unscoped()
        past = Placement.objects.unscoped()
        withdraw_drafts(
            run.pk,
            kept=[
                everything.values("entity_id"), everything.values("root_id"), past.values("entity_id"),
                past.values("root_id"), Attachment.objects.unscoped().values("entity_id"),
            ],
        )  # fmt: skip
        record(
            acts.IMPORT_UNDONE, by=actor, at=at, area_id=run.area_id, batch_id=run.pk,
            subject=run.file_name[:80],
            reason=run.message, after={REMOVED: []},
        )  # fmt: skip
        ended = TaskState.CANCELLED if run.finished_at is not None else TaskState.FAILED
        ImportRun.objects.unscoped().filter(pk=run.pk).update(
            stage=ImportStage.UNDONE, state=ended, finished_at=at, tries=0
        )


def _drop_proposals(run: ImportRun, at: datetime) -> None:
    """What the run asked the office for is not asked for any more."""
    waiting = ProposedChange.objects.unscoped().filter(import_run=run, state=ProposalState.WAITING)
    waiting.update(state=ProposalState.RETURNED, reason="导入已撤销", decided_at=at)


def _undo_updates(run: ImportRun, actor: Actor, at: datetime) -> int:
    """Give a set of updated instruments their earlier values back, an act each; returns how many."""
    with acting_in(EVERYTHING):
        told = list(
            ImportRow.objects.filter(run=run, action=RowAction.UPDATE, previous__isnull=False)[:AT_ONCE]
        )
        if not told:
            return 0
        ids = [row.instrument_id for row in told if row.instrument_id]
        with rate_changes.tracking(ids):
            before, beside = _as_they_stand(ids), records_of(ids)
            for row in told:
                _give_back(row.instrument_id or 0, row.previous or {})
            after, now = _as_they_stand(ids), records_of(ids)
            record_many(
                [
                    with_records(
                        line_of_log(
                            acts.INSTRUMENT_CHANGED, after[number], logged(before[number]), by=actor, at=at,
                            reason=f"撤销导入：{run.file_name}"[:200],
                        ),
                        changed_records(beside[number], now[number]),
                    )
                    for number in after
                ]
            )  # fmt: skip
        ImportRow.objects.filter(pk__in=[row.pk for row in told]).update(previous=None)
    return len(told)


def _as_they_stand(ids: list[int]) -> dict[int, Instrument]:
    return {row.pk: row for row in Instrument.objects.unscoped().filter(pk__in=ids).order_by("pk")}


def _give_back(instrument_id: int, previous: dict[str, Any]) -> None:
    columns = {name: value for name, value in previous.items() if not name.startswith("+")}
    Instrument.objects.unscoped().filter(pk=instrument_id).update(**columns)
    if added := previous.get("+verification"):
        Verification.objects.unscoped().filter(
            instrument_id=instrument_id, verified_on=added[0], certificate_number=added[1]
        ).delete()
    Seal.objects.unscoped().filter(
        instrument_id=instrument_id, number__in=previous.get("+seals") or []
    ).delete()


def _remove_instruments(run: ImportRun, actor: Actor, at: datetime) -> int:
    """Remove a set of the instruments that the run created, parts before wholes; their codes become void.

    The log is told which, set by set: what is gone is gone by an act, however far the undoing came.
    """
    with acting_in(EVERYTHING):
        mine = Instrument.objects.unscoped().filter(import_run=run)
        ids = list(mine.order_by("parent_id", "pk").values_list("pk", flat=True)[:AT_ONCE])
        if not ids:
            return 0
        with rate_changes.tracking(ids), transaction.atomic():
            InstrumentCode.objects.unscoped().filter(instrument_id__in=ids).update(
                state=CodeState.VOID, instrument=None, end_reason="导入已撤销", ended_at=at
            )
            for model in (Verification, Seal, Placement):
                model.objects.unscoped().filter(instrument_id__in=ids).delete()
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM instruments_instrument WHERE id = ANY(%s)", [ids])
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
            record(
                acts.IMPORT_UNDONE, by=actor, at=at, area_id=run.area_id, subject=run.file_name[:80],
                reason=run.message, after={"run": run.pk, REMOVED: ranges_of(ids)},
            )  # fmt: skip
    return len(ids)
