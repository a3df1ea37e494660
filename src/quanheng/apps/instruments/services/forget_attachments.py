"""Attached files are deleted after their term; the rows stay, with the digests that their acts tell."""

from __future__ import annotations

from datetime import datetime

from quanheng.apps.instruments.models import Attachment
from quanheng.kit.scope import EVERYTHING, acting_in


def forget_attachments(*, before: datetime, at: datetime) -> set[str]:
    """Note which files are over.

    Returns:
        The files that rows still need; whoever calls deletes the others.
    """
    with acting_in(EVERYTHING):
        kept = Attachment.objects.unscoped().filter(forgotten_at=None)
        kept.filter(attached_at__lt=before).update(forgotten_at=at)
        return set(kept.values_list("name", flat=True))
