"""Making the label sheets of a big print, and deleting the files when they expire."""

from __future__ import annotations

import secrets
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from quanheng.adapters.signer import KeyRing
from quanheng.apps.accounts import queries
from quanheng.apps.instruments.enums import PrintState
from quanheng.apps.instruments.labels.layouts import LAYOUTS, Offset
from quanheng.apps.instruments.labels.press import print_sheets
from quanheng.apps.instruments.models import LabelPrint
from quanheng.apps.instruments.queries.labels import AddressOf, Selection, labels_of
from quanheng.kit.durable_files import open_private, private_folder
from quanheng.kit.scope import EVERYTHING, acting_in

KEPT_FOR = timedelta(hours=48)


@app.task(name="quanheng.jobs.labels.write")
def write(print_id: int) -> None:
    """Make the file of one print. A run that died half-way is simply run again."""
    with acting_in(EVERYTHING):
        job = LabelPrint.objects.unscoped().filter(pk=print_id).exclude(state=PrintState.DONE).first()
    if job is None:
        return
    job.file_name = f"{job.pk}-{secrets.token_hex(8)}.zip"
    _note(job, PrintState.RUNNING)
    try:
        _make(job)
    except Exception:
        _file(job).unlink(missing_ok=True)
        _note(job, PrintState.FAILED)
        raise
    job.printed, job.expires_at = job.total, timezone.now() + KEPT_FOR
    _note(job, PrintState.DONE)


@app.periodic(cron="41 * * * *")
@app.task(name="quanheng.jobs.labels.expire")
def expire(timestamp: int) -> None:  # noqa: ARG001 procrastinate passes it
    """Delete the files whose time is over."""
    with acting_in(EVERYTHING):
        over = LabelPrint.objects.unscoped().filter(state=PrintState.DONE, expires_at__lte=timezone.now())
        for job in over:
            _file(job).unlink(missing_ok=True)
            job.state = PrintState.EXPIRED
            job.save(update_fields=["state"])


def _make(job: LabelPrint) -> None:
    """Read the rows as the person stands today, print them file by file."""
    held = queries.appointments_of(job.requested_by_id, timezone.localdate())
    appointment = held.filter(pk=job.appointment_id or 0).first()
    if appointment is None:
        raise PermissionError("the appointment under which labels were asked for is over")
    actor = queries.actor_of(appointment)
    path = _file(job)
    private_folder(path.parent)
    scope = acting_in(actor.scope, read_only=True)
    with scope, closing(connection.copy()) as teller, open_private(path) as out:

        def told(printed: int) -> None:
            with teller.cursor() as cursor:
                cursor.execute("SELECT set_config('quanheng.everything', '1', false)")
                cursor.execute(
                    "UPDATE instruments_labelprint SET printed = %s WHERE id = %s", [printed, job.pk]
                )

        rows = labels_of(Selection.from_json(job.selection), actor, addresses(timezone.localdate()))
        print_sheets(rows, LAYOUTS[job.layout], out, offset=Offset(job.right_mm, job.down_mm), told=told)


def addresses(on: date) -> AddressOf:
    """Return the signer's addresses of the day."""
    ring = KeyRing(settings.DATA_DIR / "keys" / "codes", settings.PUBLIC_URL)
    return lambda code, serial_number: ring.address(code, serial_number=serial_number, on=on)


def _file(job: LabelPrint) -> Path:
    return Path(settings.DATA_DIR) / "labels" / job.file_name


def _note(job: LabelPrint, state: PrintState) -> None:
    job.state = state
    with acting_in(EVERYTHING):
        job.save(update_fields=["state", "printed", "file_name", "expires_at"])
