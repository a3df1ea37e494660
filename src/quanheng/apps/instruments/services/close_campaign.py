"""结束报告固化: how the entry of scales stood on its last day is written down once and stays as it was."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.utils import timezone

from quanheng.apps.instruments.models import EntryClosing
from quanheng.apps.instruments.queries.campaign import AFTER_DEADLINE, DEADLINE
from quanheng.kit.scope import seeing_everything

CLOSING = (Path(__file__).parent / "sql" / "close_campaign.sql").read_text("utf-8")


def close_campaign(*, at: datetime) -> int:
    """Draw the closing report up, in the first night after the last day; afterwards nothing.

    What is entered, coded or corrected later is told beside it, not in it.

    Returns:
        For how many areas it was drawn up now.
    """
    if timezone.localdate(at) <= DEADLINE or EntryClosing.objects.exists():
        return 0
    with seeing_everything() as cursor:
        cursor.execute(CLOSING, {"after": AFTER_DEADLINE, "at": at})
        return int(cursor.rowcount)
