"""导出到 e-CQS: the ledger or the verification results of an area, as a sheet in the columns of the mapping.

Rows that say what they said in the last export are left out. A worker writes csv block by block: first the
file, then in one transaction how far it is and what was told. A killed worker's last block is cut off.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.db import IntegrityError, transaction
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.queries import area
from quanheng.apps.exchange import acts, refusals
from quanheng.apps.exchange.area_by_area import area_by_area
from quanheng.apps.exchange.ecqs_rows import cells_of, columns_of, digest_of
from quanheng.apps.exchange.enums import Content, Direction
from quanheng.apps.exchange.mapping import ECQS, Column, FieldMapping, mapping_of
from quanheng.apps.exchange.models import ExchangeRun, ExportedRow
from quanheng.apps.exchange.services.runs import files_dir, finish
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.apps.instruments.queries.exchanged import Reach, ledger_rows, verification_rows
from quanheng.kit.acts import check
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.kit.sheets import defuse, undefused, write_xlsx
from quanheng.kit.tasks import note
from quanheng.kit.tasks.moving import rows_of

AT_ONCE = 2_000
MOST_XLSX_ROWS = 1_048_575  # a sheet of Excel has 1,048,576 rows, one of them for the heads
KINDS = ("xlsx", "csv")
BOM = "\ufeff"  # spreadsheet programs ask for it


def start_export(
    *, content: Content, kind: str = "xlsx", whole: bool = False, area_id: int | None = None, by: Actor,
    at: datetime,
) -> ExchangeRun:  # fmt: skip
    """Open a run that exports the ledger or the verification results of an area; a worker carries it on.

    Args:
        kind: ``"xlsx"`` or ``"csv"``.
        whole: every row again, not only what differs from the last export.
        area_id: the actor's own seat when None.

    Raises:
        RuleBroken: no_area, export_under_way, mapping_unreadable.
        NotYours: the actor does not exchange files, or the area is out of reach.
    """
    check(acts.EXCHANGE_RUN, by)
    place = area(area_id or by.area_id or 0)
    if place is None:
        raise refusals.NO_AREA()
    if not by.scope.covers_area(place.pk):
        raise refusals.NOT_YOURS()
    day = timezone.localdate(at)
    mapping = mapping_of(ECQS, day)
    columns_of(mapping, content)
    try:
        with transaction.atomic():
            return ExchangeRun.objects.unscoped().create(
                direction=Direction.OUT, content=content, area=place, whole=whole, mapping=mapping.name,
                mapping_digest=mapping.pack.digest, requested_at=at, requested_by_id=by.user_id,
                appointment_id=by.appointment_id,
                file_name=f"e-CQS {content.label} {place.name} {day}.{kind}",
            )  # fmt: skip
    except IntegrityError as taken:
        raise refusals.EXPORT_UNDER_WAY(place=place.name, content=content) from taken


def write_export(run: ExchangeRun, *, by: Actor, at: datetime) -> None:
    """Write a run's file from where it stopped, and finish the run.

    Raises:
        RuleBroken: mapping_changed, export_too_long, mapping_unreadable. Nothing counts as exported then.
    """
    content = Content(run.content)
    mapping = mapping_of(ECQS, timezone.localdate(run.requested_at))
    if mapping.pack.digest != run.mapping_digest:
        raise refusals.MAPPING_CHANGED()
    columns = columns_of(mapping, content)
    if not run.file_path:
        note(run, file_path=f"{run.pk}-{secrets.token_hex(8)}.csv")
    with (files_dir() / run.file_path).open("a+b") as file:
        file.truncate(run.file_bytes)
        file.seek(run.file_bytes)
        if not run.file_bytes:
            note(run, file_bytes=_append(file, BOM + _line([column.heading for column in columns])))
        read = ledger_rows if content == Content.LEDGER else verification_rows
        reach = Reach(run.place or run.area_id, run.position, run.area.last)
        for rows in area_by_area(read, reach, AT_ONCE):
            told = list(_new(run, rows, columns, mapping))
            size = _append(file, "".join(_line(cells) for _, _, cells in told))
            _note(run, told, place=rows[-1].area_id, position=rows[-1].pk, file_bytes=size)
    _close(run, by, at)


def forget_export(run: ExchangeRun) -> None:
    """Take back what a refused run said was exported: the next one tells it again."""
    with acting_in(EVERYTHING):
        ExportedRow.objects.unscoped().filter(run=run).update(digest="")
    if run.file_path:
        (files_dir() / run.file_path).unlink(missing_ok=True)
    with acting_in(EVERYTHING):
        rows_of(run).update(file_path="", file_bytes=0)
    run.file_path, run.file_bytes = "", 0


RowToTell = tuple[int, str, list[str]]  # the thing, the digest of its row, its cells


def _new(
    run: ExchangeRun, rows: Sequence[Any], columns: Sequence[Column], mapping: FieldMapping
) -> Iterator[RowToTell]:
    """Yield what differs from the last export. What was scrapped is told once, to whoever had heard of it."""
    with acting_in(EVERYTHING):
        before = dict(
            ExportedRow.objects.unscoped()
            .filter(area_id=run.area_id, content=run.content, subject_id__in=[row.pk for row in rows])
            .values_list("subject_id", "digest")
        )
    for row in rows:
        cells = cells_of(row, columns, Content(run.content), mapping)
        digest = digest_of(cells)
        changed = before.get(row.pk) != digest
        is_scrapped = getattr(row, "state", "") == InstrumentState.SCRAPPED
        if (changed and row.pk in before) if is_scrapped else (changed or run.whole):
            yield row.pk, digest, cells


def _append(file: BinaryIO, text: str) -> int:
    """Write durably; returns how long the file is now."""
    file.write(text.encode())
    file.flush()
    os.fsync(file.fileno())
    return file.tell()


def _note(run: ExchangeRun, told: Sequence[RowToTell], **reached: int) -> None:
    """In one transaction: what was told, and how far the run is."""
    with acting_in(EVERYTHING):
        ExportedRow.objects.unscoped().bulk_create(
            [
                ExportedRow(
                    area_id=run.area_id, content=run.content, subject_id=subject, digest=digest, run=run
                )
                for subject, digest, _ in told
            ],
            update_conflicts=True, unique_fields=["area", "content", "subject_id"],
            update_fields=["digest", "run"],
        )  # fmt: skip
        note(run, rows=run.rows + len(told), tries=0, **reached)


def _close(run: ExchangeRun, by: Actor, at: datetime) -> None:
    part = files_dir() / run.file_path
    if run.rows == 0:
        message = "自上次导出以来没有变化，没有生成文件。"
        finish(run, by=by, at=at, message=message, file_path="", file_bytes=0)
        part.unlink()
        return
    whole = part
    if run.file_name.endswith(".xlsx"):
        if run.rows > MOST_XLSX_ROWS:
            raise refusals.EXPORT_TOO_LONG(rows=run.rows)
        whole = _as_workbook(part, str(Content(run.content).label))
    with whole.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    finish(run, by=by, at=at, file_path=whole.name, file_bytes=whole.stat().st_size, file_hash=digest)
    if whole != part:
        part.unlink()


def _as_workbook(part: Path, sheet: str) -> Path:
    whole = part.with_suffix(".xlsx")
    with part.open(encoding="utf-8-sig", newline="") as file:
        rows = ([undefused(cell) for cell in row] for row in csv.reader(file))
        write_xlsx(whole, next(rows), rows, sheet=sheet)
    return whole


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([defuse(cell) for cell in cells])
    return out.getvalue()
