"""Writing notices: one row for each addressee, in the transaction of what is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from quanheng.apps.notices.addresses import Address
from quanheng.apps.notices.kinds import NoticeKind
from quanheng.apps.notices.models import Notice
from quanheng.kit.scope import seeing_everything

LONGEST_SUBJECT = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What one addressee is told.

    Args:
        key: told again under it, it counts as told; or, where it `adds`, the counts are added up.
    """

    kind: NoticeKind
    to: Address
    at: datetime
    key: str
    verb: str = ""
    row_id: int | None = None
    subject: str = ""
    count: int = 1
    by_id: int | None = None
    adds: bool = False


def tell(news: Iterable[News]) -> None:
    """Write what somebody is told. Whoever acts need not reach those who are told: the wall opens for it."""
    with seeing_everything():
        write(news)


def write(news: Iterable[News]) -> None:
    """Write what somebody is told, where the wall is open."""
    rows = [_row(one) for one in news if not (one.adds and _added(one))]
    Notice.objects.unscoped().bulk_create(rows, batch_size=2_000, ignore_conflicts=True)


def _added(one: News) -> bool:
    """Add to what the same run has told before; say whether there was such."""
    rows = Notice.objects.unscoped().filter(key=_key(one))
    return bool(rows.update(count=F("count") + one.count, row_id=None, subject="", at=one.at))


def _row(one: News) -> Notice:
    return Notice(
        kind=one.kind.key, verb=one.verb, at=one.at, **one.to.named, row_id=one.row_id,
        subject=one.subject[:LONGEST_SUBJECT], count=one.count, by_id=one.by_id, key=_key(one),
    )  # fmt: skip


def _key(one: News) -> str:
    return f"{one.kind.key}:{one.to.key}:{one.key}"[:160]
