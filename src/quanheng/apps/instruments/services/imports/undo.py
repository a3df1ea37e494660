"""撤销导入: a run is taken back as a whole, while nothing stands on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.enums import Verb
from quanheng.apps.audit.queries import acts_on_since
from quanheng.apps.audit.services import record
from quanheng.apps.instruments import permissions
from quanheng.apps.instruments.enums import CodeState, ImportState, RowAction
from quanheng.apps.instruments.models import (
    ImportRow,
    ImportRun,
    Instrument,
    InstrumentCode,
    Placement,
    ScanDay,
    Seal,
    ShopperReport,
    Verification,
)
from quanheng.apps.instruments.services import rate_changes
from quanheng.apps.instruments.services.imports.runs import visible
from quanheng.apps.registry.services.withdraw_drafts import withdraw_drafts
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in

AT_ONCE = 2_000


def ask_to_undo(*, run_id: int, reason: str, by: Actor) -> ImportRun:
    """Have a finished run taken back; a worker does it.

    Raises:
        RuleBroken: import_not_found, not_done, no_reason, stood_upon.
    """
    if not reason.strip():
        raise RuleBroken("no_reason", "请写明撤销原因。")
    run = visible(run_id, by)
    permissions.check(Verb.IMPORT_UNDONE, by)
    if run.state != ImportState.DONE:
        raise RuleBroken("not_done", "只有已完成的导入可以撤销。")
    with acting_in(EVERYTHING):
        if blocker := stands_on(run):
            raise RuleBroken(
                "stood_upon", f"这批器具上已有后续业务（{blocker}），不能整体撤销；请逐台办理变更。"
            )
        ImportRun.objects.unscoped().filter(pk=run.pk, state=ImportState.DONE).update(
            state=ImportState.UNDOING, message=reason[:500]
        )
    run.state = ImportState.UNDOING
    return run


def stands_on(run: ImportRun) -> str:
    """Say what has happened to the run's instruments since; nothing when it can be undone."""
    mine = Instrument.objects.unscoped().filter(import_run=run)
    updated = ImportRow.objects.filter(run=run, action=RowAction.UPDATE).values("instrument_id")
    later = acts_on_since(OuterRef("pk"), run.finished_at, but=[Verb.CODES_ISSUED])
    if (
        mine.filter(Exists(later)).exists()
        or Instrument.objects.unscoped().filter(Exists(later), pk__in=updated).exists()
    ):
        return "已办理其他事项"
    if ScanDay.objects.filter(instrument__in=mine).exists():
        return "已有人扫码查询"
    if ShopperReport.objects.unscoped().filter(instrument__in=mine).exists():
        return "已有扫码反映"
    if InstrumentCode.objects.unscoped().filter(instrument__in=mine, state=CodeState.REPLACED).exists():
        return "已补发新码"
    if Instrument.objects.unscoped().filter(parent__in=mine).exclude(import_run=run).exists():
        return "其下已登记其他器具"
    return ""


def undo_run(run: ImportRun, actor: Actor, at: datetime) -> None:
    """Take a run back: updates first, then what it created. Goes on where a crash left it."""
    while _undo_updates(run):
        pass
    while _remove_instruments(run, at):
        pass
    with acting_in(EVERYTHING):
        everything = Instrument.objects.unscoped()
        past = Placement.objects.unscoped()
        withdraw_drafts(
            run.pk,
            kept=[
                everything.values("entity_id"), everything.values("root_id"), past.values("entity_id"),
                past.values("root_id"),
            ],
        )  # fmt: skip
        record(
            Verb.IMPORT_UNDONE, by=actor, at=at, area_id=run.area_id, batch_id=run.pk,
            subject=run.file_name[:80],
            reason=run.message,
        )  # fmt: skip
        ImportRun.objects.unscoped().filter(pk=run.pk).update(state=ImportState.UNDONE, finished_at=at)


def _undo_updates(run: ImportRun) -> int:
    """Give a set of updated instruments their earlier values back; returns how many there were."""
    with acting_in(EVERYTHING):
        told = list(
            ImportRow.objects.filter(run=run, action=RowAction.UPDATE, previous__isnull=False)[:AT_ONCE]
        )
        if not told:
            return 0
        with rate_changes.tracking([row.instrument_id for row in told if row.instrument_id]):
            for row in told:
                _give_back(row.instrument_id or 0, row.previous or {})
        ImportRow.objects.filter(pk__in=[row.pk for row in told]).update(previous=None)
    return len(told)


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


def _remove_instruments(run: ImportRun, at: datetime) -> int:
    """Remove a set of the instruments that the run created, parts before wholes; their codes become void."""
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
    return len(ids)
