"""What was shown of a sheet before it entered is forgotten with the sheet."""

from __future__ import annotations

from datetime import datetime

from quanheng.apps.instruments.models import ImportRun
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.kit.tasks import AT_WORK


def forget_first_rows(*, before: datetime) -> None:
    """Take the rows that were shown off the imports asked for before an instant; of one at work they stay."""
    with acting_in(EVERYTHING):
        over = ImportRun.objects.unscoped().filter(requested_at__lt=before).exclude(first_rows=b"")
        over.exclude(state__in=AT_WORK).update(first_rows="")
