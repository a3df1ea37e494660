"""Telling of acts: heard in the transaction of the act, so that nothing is told that did not happen.

What a batch did is one notice for each addressee, with the number of rows; an import that writes its acts in
chunks adds to the notice that its first chunk wrote. An act that no kind names costs nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from quanheng.apps.notices.addresses import Address, Letter, ToldAct
from quanheng.apps.notices.kinds import NoticeKind, settled_by, told_by
from quanheng.apps.notices.models import Notice, NoticeRow
from quanheng.apps.notices.services.write import News, write
from quanheng.kit.scope import seeing_everything


def tell_of_acts(*, acts: Sequence[ToldAct], **_signal: Any) -> None:
    """Write the notices of acts, and settle those that they answer (receiver of `acts_recorded`)."""
    verbs = {act.verb for act in acts}
    settled, told = settled_by(verbs), told_by(verbs)
    if not (settled or told):
        return
    with seeing_everything():  # who is told may lie where the actor does not reach
        for kind in settled.values():
            _settle(kind, acts)
        write([news for kind in told.values() for news in _of_kind(kind, acts)])


def _settle(kind: NoticeKind, acts: Sequence[ToldAct]) -> None:
    answers = [act for act in acts if act.verb in kind.settled_by]
    rows = {row for row in kind.rows_of(answers) if row is not None}
    if rows:
        found = Notice.objects.unscoped().filter(row_id__in=rows, kind=kind.key, settled_at=None)
        found.update(settled_at=answers[0].at)
        _settle_among_several(kind, rows, answers[0].at)


def _settle_among_several(kind: NoticeKind, rows: set[int], at: datetime) -> None:
    """Take rows off the notices of several; one of which none is left is settled.

    The notices are locked first: of two who do the last two rows at once, the second sees that none is left.
    """
    done = NoticeRow.objects.unscoped().filter(row_id__in=rows, notice__kind=kind.key)
    notices = Notice.objects.unscoped().filter(pk__in=done.values("notice"))
    touched = list(notices.select_for_update().order_by("pk").values_list("pk", flat=True))
    if touched:
        NoticeRow.objects.unscoped().filter(notice__in=touched, row_id__in=rows).delete()
        left = NoticeRow.objects.unscoped().filter(notice=OuterRef("pk"))
        Notice.objects.unscoped().filter(~Exists(left), pk__in=touched).update(settled_at=at)


def _of_kind(kind: NoticeKind, acts: Sequence[ToldAct]) -> Iterator[News]:
    letters: dict[tuple[Address, int | None], list[Letter]] = defaultdict(list)
    for letter in kind.to([act for act in acts if act.verb in kind.told_by]):
        letters[letter.to, letter.act.batch_id].append(letter)
    for (to, batch), told in letters.items():
        yield _news(kind, to, batch, told)


def _news(kind: NoticeKind, to: Address, batch: int | None, letters: Sequence[Letter]) -> News:
    first, count = letters[0], _number(letters)
    act, alone = first.act, count == 1
    return News(
        kind=kind, to=to, at=act.at, verb=act.verb, by_id=act.actor_id, count=count,
        row_id=first.row_id if alone else None,
        subject=(act.subject if first.subject is None else first.subject) if alone else "",
        key=f"batch {batch}" if batch else f"{act.at.isoformat()} {act.verb} {first.row_id}",
        adds=batch is not None, rows=_rows(letters) if kind.settled_by else (),
    )  # fmt: skip


def _number(letters: Sequence[Letter]) -> int:
    """How many rows it is about; those without a row of their own count each."""
    return len(_rows(letters)) + sum(letter.row_id is None for letter in letters)


def _rows(letters: Iterable[Letter]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(letter.row_id for letter in letters if letter.row_id is not None))
