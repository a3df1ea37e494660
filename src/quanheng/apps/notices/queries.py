"""What somebody is told, and how much of it they have not read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.notices.kinds import NoticeKind, kind_of, kinds_for
from quanheng.apps.notices.models import Notice, NoticeChoice, NoticeMark, NoticeRead
from quanheng.kit.acts import verb_of
from quanheng.kit.scope import ScopedQuerySet

MOST: Final = 99  # nobody counts further
# Every page asks: of each address along its index, above the mark, and no further than MOST.
UNREAD = """
(SELECT count(*) FROM (
  SELECT n.id FROM notices_notice n
  WHERE n.{column} = %({column})s AND n.kind = ANY(%(kinds)s) AND n.settled_at IS NULL
    AND n.by_id IS DISTINCT FROM %(me)s
    AND n.id > coalesce((SELECT m.read_to FROM notices_noticemark m
                         WHERE m.user_id = %(me)s AND m.appointment_id = %(post)s), 0)
    AND NOT EXISTS (SELECT FROM notices_noticeread r WHERE r.user_id = %(me)s AND r.notice_id = n.id)
    AND NOT EXISTS (SELECT FROM notices_noticechoice c WHERE c.user_id = %(me)s AND c.kind = n.kind)
  LIMIT %(most)s) AS told)
"""


def unread(by: Actor) -> int:
    """Return how many notices somebody has not read; one more than `MOST` stands for more.

    What has been settled, what one did oneself and what one does not want to be told is not counted.
    """
    if by.user_id is None or by.appointment_id is None:
        return 0
    given: dict[str, Any] = {
        "me": by.user_id, "post": by.appointment_id, "kinds": [kind.key for kind in kinds_for(by.role)],
        "most": MOST + 1,
    }  # fmt: skip
    to = dict(_addresses(by))
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + "+".join(UNREAD.format(column=column) for column in to), given | to)
        return int(min(cursor.fetchone()[0], MOST + 1))


def _addresses(by: Actor) -> list[tuple[str, int]]:
    """Return where somebody is written to: themself, and the unit for which they act."""
    unit = {"entity_id": by.entity_id} if by.is_entity else {}
    if by.is_institute:
        unit = {"agency_id": by.agency_id}
    elif by.is_officer:
        unit = {"office_id": by.scope.first}
    mine = {"person_id": by.user_id, **unit}
    return [(column, to) for column, to in mine.items() if to is not None]


@dataclass(frozen=True, slots=True)
class ToldNotice:
    """A notice as one person has it."""

    notice: Notice
    kind: NoticeKind
    is_read: bool

    @property
    def is_settled(self) -> bool:
        return self.notice.settled_at is not None

    @property
    def text(self) -> str:
        """What it says, in the reader's language."""
        facts = {"count": self.notice.count, "subject": self.notice.subject or _("未编号"), "act": self._act}
        return str(self.kind.text if self.notice.count == 1 else self.kind.many) % facts

    @property
    def _act(self) -> str:
        try:
            return str(verb_of(self.notice.verb).label)
        except KeyError:
            return str(self.kind.label)


def told(
    by: Actor, *, only_unread: bool = False, before: int | None = None, at_most: int
) -> list[ToldNotice]:
    """Return the newest notices of somebody, older than `before` where it is given."""
    rows = _mine(by)
    if only_unread:
        rows = rows.filter(is_read=False, settled_at=None)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = ((row, kind_of(row.kind)) for row in rows.order_by("-pk")[:at_most])
    return [ToldNotice(row, kind, row.is_read) for row, kind in found if kind is not None]


def newest(by: Actor, *, before: datetime) -> int:
    """Return the number of the newest notice that somebody was told before; 0 where there is none."""
    rows = _mine(by).filter(at__lte=before)
    return rows.order_by("-pk").values_list("pk", flat=True).first() or 0


def unread_among(by: Actor, which: Q, *, at_most: int | None = MOST + 1) -> list[int]:
    """Return which unread notices meet a condition, of those that somebody is told."""
    rows = _mine(by).filter(which, is_read=False)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:at_most])


def kinds_off(user_id: int) -> set[str]:
    """Return the kinds that a person does not want to be told."""
    rows = NoticeChoice.objects.unscoped().filter(user_id=user_id)
    return set(rows.values_list("kind", flat=True))


def _mine(by: Actor) -> ScopedQuerySet[Any]:
    to = Q(pk__in=[])
    for column, value in _addresses(by):
        to |= Q(**{column: value})
    me, post = by.user_id or 0, by.appointment_id or 0
    marks = NoticeMark.objects.visible_to(by).filter(user=me, appointment=post, read_to__gte=OuterRef("pk"))
    reads = NoticeRead.objects.visible_to(by).filter(user=me, notice=OuterRef("pk"))
    rows: ScopedQuerySet[Any] = Notice.objects.visible_to(by).filter(to, kind__in=wanted(by))
    return rows.exclude(by_id=me).annotate(is_read=Exists(marks) | Exists(reads))


def wanted(by: Actor) -> Sequence[str]:
    """Return the kinds that somebody is told in their role and has not switched off."""
    off = kinds_off(by.user_id or 0)
    return [kind.key for kind in kinds_for(by.role) if kind.key not in off]
