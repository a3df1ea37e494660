"""Making the label sheets of a big print."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from quanheng.adapters.signer import KeyRing
from quanheng.apps.accounts.queries import person_behind
from quanheng.apps.instruments.labels.layouts import LAYOUTS, Offset
from quanheng.apps.instruments.labels.press import print_sheets
from quanheng.apps.instruments.queries.labels import AddressOf, Selection, labels_of
from quanheng.apps.instruments.tasks import LABELS
from quanheng.kit.durable_files import open_private
from quanheng.kit.scope import acting_in
from quanheng.kit.tasks import finish
from quanheng.kit.tasks.files import new_result
from quanheng.kit.tasks.running import done_by, telling

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import LabelPrint


def write(job: LabelPrint, at: datetime) -> None:
    """Read the rows as the person stands today, print them file by file.

    Raises:
        NotYours: appointment_ended, the appointment is over.
    """
    actor = person_behind(job.requested_by_id, job.appointment_id, timezone.localdate(at))
    path = new_result(LABELS, job, "zip")
    scope = acting_in(actor.scope, read_only=True)
    with scope, telling(job) as tell, open_private(path) as out:
        rows = labels_of(Selection.from_json(job.selection), actor, addresses(timezone.localdate(at)))
        print_sheets(
            rows, LAYOUTS[job.layout], out, offset=Offset(job.right_mm, job.down_mm),
            told=lambda printed: tell(printed, job.total),
        )  # fmt: skip
    finish(job, timezone.now(), done=job.total)


def addresses(on: date) -> AddressOf:
    """Return the signer's addresses of the day."""
    ring = KeyRing(settings.DATA_DIR / "keys" / "codes", settings.PUBLIC_URL)
    return lambda code, serial_number: ring.address(code, serial_number=serial_number, on=on)


done_by(LABELS, write)
