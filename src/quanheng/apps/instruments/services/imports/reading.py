"""读取台账: the file is read once, clean rows are staged, faulty ones are told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from datetime import date, datetime
from typing import Any, TypedDict

from django.db.models import F
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.area_index import AreaIndex as NamedAreas
from quanheng.apps.accounts.functional_zones import told_of_zone
from quanheng.apps.accounts.queries import area_index, positions_by_code
from quanheng.apps.instruments import refusals
from quanheng.apps.instruments.enums import ImportStage, RowAction
from quanheng.apps.instruments.ledger_sheet import ImportContext, LedgerRow, LedgerSheet
from quanheng.apps.instruments.ledger_sheet.catalogue import Item, NameIndex
from quanheng.apps.instruments.models import ImportRow, ImportRun, VerificationPeriod
from quanheng.apps.instruments.queries.catalogue import items_in_force
from quanheng.apps.instruments.queries.seals import position_rows
from quanheng.apps.instruments.services.imports import staging
from quanheng.apps.instruments.services.imports.commit import following
from quanheng.apps.instruments.services.imports.differences import tell_differences
from quanheng.apps.instruments.services.imports.ledger_check import (
    RowReport,
    matches,
    tell_faults_against_ledger,
    write_told,
)
from quanheng.apps.instruments.services.imports.preview import SHOWN, keep_preview
from quanheng.apps.instruments.services.imports.rights import Rights, actor_of, staged_with
from quanheng.apps.instruments.services.imports.runs import advance, save
from quanheng.apps.registry.queries import credit_code_and_name
from quanheng.kit import refusals as of_kit
from quanheng.kit.bulk import chunks
from quanheng.kit.free_space import stop_when_low
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.kit.sheets import SheetRefused, read_rows
from quanheng.kit.tasks import TaskCancelled, TaskState
from quanheng.kit.uploads import uploaded

AT_ONCE = 5_000


class Divisions:
    """The divisions as the sheet reader asks for them, by name or code: one position, none, or a doubt."""

    def __init__(self, names: NamedAreas, codes: dict[str, int]) -> None:
        self._names = names
        self._codes = codes

    def find(self, text: str, within: int | None = None) -> int | None:
        if text.isdecimal():
            return self._codes.get(text)
        found = self._names.find(text, within)
        if len(found) > 1:
            raise LookupError(
                f"“{text}”有多处同名区划（{'、'.join(a.full_name for a in found[:3])}），请写明市、县。"
            )
        if not found and (zone := told_of_zone(text)) and not self._names.find(text):
            raise LookupError(zone)
        return found[0].id if found else None


class Noticed(TypedDict):
    """What is odd about a row, and the fields that it is about."""

    notice: str
    notice_fields: list[str]


READABLE = (ImportStage.UPLOADED, ImportStage.READING, ImportStage.COMMITTING)


def read_run(run: ImportRun, at: datetime) -> None:
    """Read a run's file: stage clean rows, tell faulty ones, leave the run at PREVIEW (or COMMITTING).

    Reading again after a crash stages again what is not yet committed; told rows stay told once. A run that
    is confirmed, or that nobody previews, enters the ledger while it is read, and waits for nobody again.

    Raises:
        RuleBroken: file_refused, no_rows; the appointment behind the run has ended, or its key.
        TaskCancelled: it was given up meanwhile.
    """
    actor, rights = actor_of(run, timezone.localdate(at))
    if not _begin(run, staged_with(actor, rights)):
        return None  # it was given up in the meantime
    sheet = LedgerSheet(context_of(run, by_an_officer=rights.files))
    decided = run.commit_without_asking or run.confirmed_at is not None
    try:
        with following(run, at) if decided else nullcontext() as staged:
            read = _read_rows(run, actor, rights, sheet, staged)
    except SheetRefused as refused:
        raise of_kit.FILE_REFUSED(why=refused.message) from refused
    if read == 0:
        raise refusals.NO_ROWS()
    if decided:
        return save(run, stage=ImportStage.COMMITTING)
    questions = [
        {"header": q.header, "suggestions": q.suggestions, "example": q.example} for q in sheet.questions
    ]
    ask = bool(questions) and not run.mapping
    then = ImportStage.NEEDS_COLUMNS if ask else ImportStage.PREVIEW
    if not advance(run, {ImportStage.READING}, TaskState.ASKS, stage=then, questions=questions, tries=0):
        raise TaskCancelled
    return None


def _begin(run: ImportRun, by_rights: str) -> bool:
    """Forget what was staged and told of rows that have not entered yet."""
    with acting_in(EVERYTHING):
        begun = {"stage": ImportStage.READING, "message": "", "staged_with": by_rights}
        if not advance(run, READABLE, TaskState.RUNNING, **begun):
            return False
        staging.clear(run)
        told = ImportRow.objects.filter(run=run, action=RowAction.REJECTED)
        told.filter(position__gt=run.rows_committed).delete()
        save(run, rows_rejected=told.count())
    return True


def _read_rows(
    run: ImportRun, actor: Actor, rights: Rights, sheet: LedgerSheet, staged: Callable[[int], None] | None
) -> int:
    """Take every row of the file, block after block; returns how many there are."""
    read, first = 0, list[LedgerRow]()
    stager = None
    for block in chunks(sheet.read(read_rows(uploaded(run.file_path))), AT_ONCE):
        stop_when_low()
        stager = stager or stager_of(run, rights, sheet)
        read += len(block)
        first += block[: SHOWN - len(first)]
        _take(run, actor, stager, block, read)
        if staged is not None:
            staged(block[-1].position)
    keep_preview(run, sheet, first)
    return read


def _take(run: ImportRun, actor: Actor, stager: staging.Stager, block: list[LedgerRow], read: int) -> None:
    """Stage the clean rows of a block and tell the faulty ones, in one transaction."""
    with acting_in(EVERYTHING):
        fresh = [row for row in block if row.position > run.rows_committed]
        for row in fresh:
            if not row.faults:
                stager.bound(row)
        clean = [row for row in fresh if not row.faults]
        told, differing = [_told(row) for row in fresh if row.faults], list[RowReport]()
        if clean:
            stager.copy(clean)
            first, last = clean[0].position, clean[-1].position
            told += tell_faults_against_ledger(run, actor, first, last)
            differing = tell_differences(run, clean, matches(run, first, last))
        write_told(run, [*told, *(_noticed(row) for row in clean if row.notices), *differing])
        # The rows behind the reader are committed at the same time: both count what they refuse.
        rejected = F("rows_rejected") + len(told)
        reading = ImportRun.objects.unscoped().filter(pk=run.pk, state=TaskState.RUNNING)
        if not reading.update(rows_read=read, rows_rejected=rejected):
            raise TaskCancelled
    run.rows_read = read


def _told(row: LedgerRow) -> RowReport:
    return {
        "position": row.position, "number": row.number, "sheet": row.sheet[:80], "action": RowAction.REJECTED,
        "label": _label(row.values), "fields": list(dict.fromkeys(fault.field for fault in row.faults)),
        "reason": " ".join(fault.reason for fault in row.faults), **_notices(row),
    }  # fmt: skip


def _noticed(row: LedgerRow) -> RowReport:
    return {
        "position": row.position, "number": row.number, "sheet": row.sheet[:80], "action": RowAction.NEW,
        "label": _label(row.values), "fields": [], "reason": "", **_notices(row),
    }  # fmt: skip


def _notices(row: LedgerRow) -> Noticed:
    return {
        "notice": " ".join(notice.text for notice in row.notices),
        "notice_fields": list(dict.fromkeys(name for notice in row.notices for name in notice.fields)),
    }


def _label(values: dict[str, Any]) -> str:
    return f"{values.get('name') or ''} {values.get('serial_number') or ''}".strip()[:120]


def context_of(run: ImportRun, *, by_an_officer: bool) -> ImportContext:
    """Gather what the rules need: the day, the divisions, the catalogue."""
    today = timezone.localdate(run.requested_at)
    return ImportContext(
        today=today,
        areas=Divisions(area_index(), positions_by_code()),
        catalogue=NameIndex(dict(_names(today))),
        area=run.area_id,
        entity_known=run.entity_id is not None,
        by_an_officer=by_an_officer,
        mapping=run.mapping,
    )


def _names(today: date) -> Iterable[tuple[str, Item]]:
    for row in items_in_force(today).order_by("-id"):
        use = "medical" if row.category == "medical" else "trade"
        item = Item(row.pk, row.slug, use, row.category, row.mode == "calibration")
        yield from ((name, item) for name in (*row.synonyms, row.name))


def stager_of(run: ImportRun, rights: Rights, sheet: LedgerSheet) -> staging.Stager:
    """Return the run's stager: whose rows they are, and whether they enter the ledger at once."""
    periods: dict[int, list[tuple[date, date | None, int | None]]] = {}
    for row in VerificationPeriod.objects.order_by("-valid_from"):
        periods.setdefault(row.item_id, []).append((row.valid_from, row.valid_to, row.months))
    entity = None
    if run.entity_id is not None:
        with acting_in(EVERYTHING):
            code, name = credit_code_and_name(run.entity_id)
        entity = (code, name, run.area_id)
    return staging.Stager(
        run=run,
        rights=rights,
        premises=run.premises or sheet.premises,
        periods=periods,
        entity=entity,
        seal_positions=position_rows(timezone.localdate(run.requested_at)),
    )
