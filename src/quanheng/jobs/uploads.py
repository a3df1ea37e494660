"""What people hand in is deleted when its term is over: sheets, and the pictures of shoppers' reports.

The terms are settings, and are told on the pages where something is handed in.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from quanheng.apps.instruments.services.forget_attachments import forget_attachments
from quanheng.apps.instruments.services.forget_photos import forget_photos
from quanheng.apps.instruments.services.imports.forget_first_rows import forget_first_rows
from quanheng.kit import attached_files
from quanheng.kit.tasks.files import end_overdue, uploads_in_use
from quanheng.kit.uploads import uploads_dir

WRITTEN_BEFORE_ITS_REPORT = timedelta(days=1)  # longer than any request lasts


@app.periodic(cron="41 3 * * *")
@app.task(name="quanheng.jobs.uploads.forget", queueing_lock="uploads.forget")
def forget(timestamp: int) -> None:  # noqa: ARG001  the queue passes when it was due
    """Every night, delete what is over."""
    now = timezone.now()
    forget_sheets(at=now)
    forget_pictures(at=now)
    forget_attached(at=now)


def forget_sheets(*, at: datetime) -> int:
    """Delete uploaded sheets after their term, with the tasks that nobody answered; return how many."""
    before = at - settings.UPLOADS_KEPT
    end_overdue(at=at)
    forget_first_rows(before=before)
    return _delete(uploads_dir(), older_than=before, but=uploads_in_use())


def forget_pictures(*, at: datetime) -> int:
    """Delete pictures after their term, and those whose report was refused or never came to its end."""
    folder = settings.DATA_DIR / "photos" / "reports"
    needed = forget_photos(before=at - settings.PHOTOS_KEPT)
    if not folder.is_dir():
        return 0
    return _delete(folder, older_than=at - WRITTEN_BEFORE_ITS_REPORT, but=needed)


def forget_attached(*, at: datetime) -> int:
    """Delete attached files after their term, and those whose act was refused or never came to its end."""
    needed = forget_attachments(before=at - settings.ATTACHMENTS_KEPT, at=at)
    return _delete(attached_files.folder(), older_than=at - WRITTEN_BEFORE_ITS_REPORT, but=needed)


def _delete(folder: Path, *, older_than: datetime, but: set[str]) -> int:
    old = [
        file
        for file in folder.iterdir()
        if file.name not in but and file.stat().st_mtime < older_than.timestamp()
    ]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)
