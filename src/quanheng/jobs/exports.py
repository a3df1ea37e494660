"""Writing exported lists to files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import override

from quanheng.apps.accounts.queries import person_behind
from quanheng.apps.accounts.tasks import EXPORT
from quanheng.jobs import refusals
from quanheng.kit.lists import find_list
from quanheng.kit.lists.exporting import cells, heads
from quanheng.kit.lists.request import ListRequest, read_request
from quanheng.kit.models import ExportFormat, ExportJob
from quanheng.kit.scope import acting_in
from quanheng.kit.sheets.writing import write_csv, write_xlsx
from quanheng.kit.tasks import finish
from quanheng.kit.tasks.files import new_result
from quanheng.kit.tasks.running import done_by, telling

MOST_XLSX_ROWS = 1_048_575  # a sheet of Excel has 1,048,576 rows, one of them for the heads
TOLD_EVERY = 5_000


def write(job: ExportJob, at: datetime) -> None:
    """Write the file of one export, anew with every try.

    Raises:
        RuleBroken: export_too_long.
        NotYours: appointment_ended; export_not_yours, its role no longer opens the list.
    """
    with override(job.language):
        written = _write_file(job, at)
    finish(job, timezone.now(), done=written, total=written)


def _write_file(job: ExportJob, at: datetime) -> int:
    asked = _asked(job, at)
    path = new_result(EXPORT, job, job.format)
    with acting_in(asked.actor.scope, read_only=True), telling(job) as tell:
        total = asked.rows().order_by().count()
        if job.format == ExportFormat.XLSX and total > MOST_XLSX_ROWS:
            raise refusals.EXPORT_TOO_LONG()
        rows = _told(cells(asked), lambda done: tell(done, total))
        if job.format == ExportFormat.CSV:
            return write_csv(path, heads(asked), rows)
        return write_xlsx(path, heads(asked), rows)


def _told(rows: Iterable[Sequence[Any]], tell: Callable[[int], None]) -> Iterator[Sequence[Any]]:
    """Pass the rows on and tell how many."""
    for number, row in enumerate(rows):
        if number % TOLD_EVERY == 0:
            tell(number)
        yield row


def _asked(job: ExportJob, at: datetime) -> ListRequest:
    """Ask again what was asked, as the person stands today."""
    actor = person_behind(job.requested_by_id, job.appointment_id, timezone.localdate(at))
    listing = find_list(job.list_key)
    if listing is None or not listing.admits(actor):
        raise refusals.EXPORT_NOT_YOURS()
    query = QueryDict(job.query, mutable=True)
    query["columns"] = ",".join(job.columns)
    with acting_in(actor.scope, read_only=True):
        asked = read_request(listing, query, actor)
    if asked.unread:
        raise refusals.EXPORT_FILTER_GONE()
    return asked


done_by(EXPORT, write)
