"""已读: a notice is read when its row is opened, by whatever door, or when its reader says so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.notices import queries
from quanheng.apps.notices.kinds import kinds_for
from quanheng.apps.notices.models import NoticeMark, NoticeRead


def read_all(*, by: Actor, at: datetime) -> None:
    """Have somebody have read everything that they are told in this post until now."""
    newest = queries.newest(by)
    if newest == 0 or by.user_id is None or by.appointment_id is None:
        return
    NoticeMark.objects.unscoped().update_or_create(
        user_id=by.user_id, appointment_id=by.appointment_id, defaults={"read_to": newest}
    )
    NoticeRead.objects.unscoped().filter(user_id=by.user_id, notice_id__lte=newest, at__lte=at).delete()


def read_one(notice_id: int, *, by: Actor, at: datetime) -> None:
    """Have somebody have read one notice; nothing where it is not theirs."""
    _read(queries.unread_among(by, Q(pk=notice_id)), by, at)


def read_about(list_key: str, row_id: int, task: str = "", *, by: Actor, at: datetime) -> None:
    """Have somebody have read what leads to a row, for they have opened it.

    Args:
        task: the kind of task that the row is; empty where it is none.
    """
    about = Q(kind__in=[kind.key for kind in kinds_for(by.role) if kind.of == list_key], row_id=row_id)
    _read(queries.unread_among(by, about & Q(verb=task) if task else about), by, at)


def _read(notices: Iterable[int], by: Actor, at: datetime) -> None:
    rows = [NoticeRead(user_id=by.user_id or 0, notice_id=each, at=at) for each in notices]
    if rows:
        NoticeRead.objects.unscoped().bulk_create(rows, ignore_conflicts=True)
        if queries.unread(by) == 0:
            read_all(by=by, at=at)  # the mark moves on: what lies below it is looked at no more
