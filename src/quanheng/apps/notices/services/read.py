"""已读: a notice is read when its row is opened, by whatever door, or when its reader says so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.notices import queries
from quanheng.apps.notices.kinds import kinds_for
from quanheng.apps.notices.models import NoticeMark, NoticeRead

LONGEST_ACT: Final = timedelta(hours=1)
"""A notice gets its number before its act commits: younger ones are read one by one, for the mark would also
pass over those that nobody sees yet."""


def read_all(*, by: Actor, at: datetime) -> None:
    """Have somebody have read everything that they are told in this post until now."""
    if by.user_id is None or by.appointment_id is None:
        return
    fresh = queries.unread_among(by, Q(at__gt=at - LONGEST_ACT), at_most=None)
    NoticeRead.objects.unscoped().bulk_create(
        [NoticeRead(user_id=by.user_id, notice_id=each, at=at) for each in fresh], ignore_conflicts=True
    )
    _move_mark(queries.newest(by, before=at - LONGEST_ACT), by.user_id, by.appointment_id)


def _move_mark(read_to: int, user_id: int, appointment_id: int) -> None:
    """Move the mark on, never back."""
    marks = NoticeMark.objects.unscoped()
    mark, _is_new = marks.get_or_create(
        user_id=user_id, appointment_id=appointment_id, defaults={"read_to": read_to}
    )
    marks.filter(pk=mark.pk, read_to__lt=read_to).update(read_to=read_to)


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
