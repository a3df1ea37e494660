"""Writing exported lists to files, and deleting the files when they expire."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from procrastinate.contrib.django import app

from quanheng.apps.accounts import queries
from quanheng.kit.durable_files import open_private, private_folder
from quanheng.kit.lists import find_list
from quanheng.kit.lists.exporting import cells, export_file, heads
from quanheng.kit.lists.request import ListRequest, read_request
from quanheng.kit.models import ExportFormat, ExportJob, ExportState
from quanheng.kit.refusal import NotYours
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.kit.sheets.writing import write_csv, write_xlsx

KEPT_FOR = timedelta(hours=48)
MOST_XLSX_ROWS = 1_048_575  # a sheet of Excel has 1,048,576 rows, one of them for the heads
TOLD_EVERY = 5_000


@app.task(name="quanheng.jobs.exports.write")
def write(job_id: int) -> None:
    """Write the file of one export. A run that died half-way is simply run again."""
    with acting_in(EVERYTHING):
        job = ExportJob.objects.unscoped().filter(pk=job_id).first()
    if job is None or job.state == ExportState.DONE:
        return
    job.file_name = f"{job.pk}-{secrets.token_hex(8)}.{job.format}"
    _note(job, state=ExportState.RUNNING, rows_written=0)
    try:
        written = _write_file(job)
    except NotYours as refusal:
        _give_up(job, refusal.message)
    except Exception:
        _give_up(job, _("生成文件时出错，请重试；仍然不行请联系系统管理员。"))
        raise
    else:
        now = timezone.now()
        _note(
            job,
            state=ExportState.DONE,
            rows_written=written,
            rows_total=written,
            finished_at=now,
            expires_at=now + KEPT_FOR,
        )


@app.periodic(cron="17 * * * *")
@app.task(name="quanheng.jobs.exports.expire")
def expire(timestamp: int) -> None:  # noqa: ARG001  the queue passes when it was due
    """Delete the files whose time is over."""
    with acting_in(EVERYTHING):
        over = ExportJob.objects.unscoped().filter(state=ExportState.DONE, expires_at__lte=timezone.now())
        for job in over:
            export_file(job).unlink(missing_ok=True)
            job.state = ExportState.EXPIRED
            job.save(update_fields=["state"])


def _write_file(job: ExportJob) -> int:
    path = export_file(job)
    private_folder(path.parent)
    open_private(path).close()
    with override(job.language):
        asked = _asked(job)
        with acting_in(asked.actor.scope, read_only=True):
            total = asked.rows().order_by().count()
            if job.format == ExportFormat.XLSX and total > MOST_XLSX_ROWS:
                raise NotYours("export_too_long", _("超过 Excel 一张表的行数，请导出 CSV 或缩小范围。"))
            rows = _told(job, total, cells(asked))
            if job.format == ExportFormat.CSV:
                return write_csv(path, heads(asked), rows)
            return write_xlsx(path, heads(asked), rows)


def _told(job: ExportJob, total: int, rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """Pass the rows on and tell how many, on a second connection: the first one only reads, for long."""
    with closing(connection.copy()) as teller:
        for number, row in enumerate(rows):
            if number % TOLD_EVERY == 0:
                _tell(teller, job.pk, number, total)
            yield row


def _tell(teller: BaseDatabaseWrapper, job_id: int, written: int, total: int) -> None:
    with teller.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT set_config('quanheng.everything', '1', true)")
        cursor.execute(
            "UPDATE kit_exportjob SET rows_written = %s, rows_total = %s WHERE id = %s",
            [written, total, job_id],
        )
        cursor.execute("COMMIT")


def _asked(job: ExportJob) -> ListRequest:
    """Ask again what was asked, as the person stands today.

    Raises:
        NotYours: the appointment is over, or its role no longer opens the list.
    """
    held = queries.appointments_of(job.requested_by_id, timezone.localdate())
    appointment = next((one for one in held if one.pk == job.appointment_id), None)
    listing = find_list(job.list_key)
    actor = queries.actor_of(appointment) if appointment else None
    if actor is None or listing is None or not listing.admits(actor):
        raise NotYours("export_not_yours", _("您已不在申请导出时的岗位上，文件没有生成。"))
    query = QueryDict(job.query, mutable=True)
    query["columns"] = ",".join(job.columns)
    with acting_in(actor.scope, read_only=True):
        return read_request(listing, query, actor)


def _give_up(job: ExportJob, message: str) -> None:
    export_file(job).unlink(missing_ok=True)
    _note(job, state=ExportState.FAILED, message=message, finished_at=timezone.now())


def _note(job: ExportJob, **facts: str | int | datetime) -> None:
    for name, value in facts.items():
        setattr(job, name, value)
    with acting_in(EVERYTHING):
        job.save(update_fields=[*facts, "file_name"])
