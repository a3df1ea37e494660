"""Writing notices: one row for each addressee, in the transaction of what is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from quanheng.apps.notices.addresses import Address
from quanheng.apps.notices.kinds import NoticeKind
from quanheng.apps.notices.models import Notice, NoticeRow
from quanheng.kit.scope import seeing_everything

LONGEST_SUBJECT = 80
AT_ONCE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What one addressee is told.

    Args:
        key: told again under it, it counts as told; or, where it `adds`, the counts are added up.
        rows: what it is about, where its kind can be settled: of several, each row is done by itself.
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
    rows: tuple[int, ...] = ()


def tell(news: Iterable[News]) -> None:
    """Write what somebody is told. Whoever acts need not reach those who are told: the wall opens for it."""
    with seeing_everything():
        write(news)


def write(news: Iterable[News]) -> None:
    """Write what somebody is told, where the wall is open."""
    new = [one for one in news if not (one.adds and _added(one))]
    notices = Notice.objects.unscoped()
    notices.bulk_create(map(_row, new), batch_size=AT_ONCE, ignore_conflicts=True)
    several = {_key(one): one.rows for one in new if one.rows and one.count > 1}
    if several:
        _keep({pk: several[key] for pk, key in notices.filter(key__in=several).values_list("pk", "key")})


def _added(one: News) -> bool:
    """Add to what the same run has told before; say whether there was such."""
    rows = Notice.objects.unscoped().filter(key=_key(one))
    told = rows.select_for_update().first()
    if told is None:
        return False
    if one.kind.settled_by:
        alone = () if told.row_id is None or told.settled_at else (told.row_id,)
        _keep({told.pk: (*one.rows, *alone)})
    rows.update(count=F("count") + one.count, row_id=None, subject="", at=one.at, settled_at=None)
    return True


def _keep(rows: Mapping[int, Iterable[int]]) -> None:
    kept = (NoticeRow(notice_id=notice, row_id=row) for notice, each in rows.items() for row in each)
    NoticeRow.objects.unscoped().bulk_create(kept, batch_size=AT_ONCE, ignore_conflicts=True)


def _row(one: News) -> Notice:
    return Notice(
        kind=one.kind.key, verb=one.verb, at=one.at, **one.to.named, row_id=one.row_id,
        subject=one.subject[:LONGEST_SUBJECT], count=one.count, by_id=one.by_id, key=_key(one),
    )  # fmt: skip


def _key(one: News) -> str:
    return f"{one.kind.key}:{one.to.key}:{one.key}"[:160]
