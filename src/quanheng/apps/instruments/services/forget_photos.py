"""The pictures of shoppers' reports are forgotten after their term; the report itself stays."""

from __future__ import annotations

from datetime import datetime

from quanheng.apps.instruments.models import ShopperReport
from quanheng.kit.scope import EVERYTHING, acting_in


def forget_photos(*, before: datetime) -> set[str]:
    """Take the pictures off the reports that came before an instant.

    Returns:
        The files that reports still name; whoever calls deletes the others.
    """
    with acting_in(EVERYTHING):
        reports = ShopperReport.objects.unscoped().exclude(photo="")
        reports.filter(received_at__lt=before).update(photo="")
        return {name.rpartition("/")[2] for name in reports.values_list("photo", flat=True)}
