"""Reading what changed: in the order of commits, each change of a row once, for whoever asks (ADR 0034)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.certificates.queries.certificates import certificates
from quanheng.apps.certificates.queries.lines import applications_for
from quanheng.apps.changes import refusals
from quanheng.apps.changes.enums import ChangeKind, ChangeWhat
from quanheng.apps.changes.models import Change
from quanheng.apps.changes.positions import Position, Reading, all_or, instant_of
from quanheng.apps.changes.queries.standing import STEP, Standing, check_kept, position_at, standing


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one row since the position that was asked for.

    Args:
        instrument_id: the instrument that it hangs on; None where it hangs on none.
    """

    kind: str
    id: int
    what: str
    at: datetime
    instrument_id: int | None


@dataclass(frozen=True, slots=True)
class Page:
    """Some of what changed.

    Args:
        cursor: keep it; the next call goes on from it.
        has_more: whether more is settled already: ask again at once.
    """

    items: list[Told]
    cursor: str
    has_more: bool
    position: Position


def changes_since(since: str, kinds: Collection[str], by: Actor, *, limit: int, step: int = STEP) -> Page:
    """Return what changed since a cursor or an instant; without either, nothing, and the cursor of now.

    Args:
        kinds: of rows; all where none is named.
        limit: changes that are read; a page tells a row that changed twice once.
        step: changes that are passed, whosever they are; a call costs no more.

    Raises:
        RuleBroken: bad_position, position_gone.
    """
    stands = standing()
    reading = Reading(stands.epoch, by.scope, all_or(kinds, ChangeKind.values))
    if not since:
        return Page([], reading.cursor(stands.end), False, stands.end)
    return changes_after(_position(since, reading, stands), reading, by, limit=limit, step=step)


def changes_after(after: Position, reading: Reading, by: Actor, *, limit: int, step: int = STEP) -> Page:
    """Return what changed after a position: each row once, as it ended.

    Raises:
        RuleBroken: position_gone, where some of it has been swept.
    """
    stands = standing(after, step=step)
    if after >= stands.end:  # nothing has ended since
        check_kept(after)
        return Page([], reading.cursor(after), False, after)
    settled = _settled(after, stands, reading.kinds, by)
    within = settled if stands.until is None else settled.filter(pk__lte=_pk(stands.until))
    found = list(within[: limit + 1])
    is_cut = len(found) > limit
    found = _with_other_half(found[:limit], settled)
    check_kept(after)
    end = max(after, _end(found, stands, is_cut=is_cut))
    told = _of_own_institute(_told(found), by)
    return Page(told, reading.cursor(end), is_cut or stands.until is not None, end)


def rows_changed(since: str, kind: str, by: Actor) -> QuerySet[Change]:
    """Return the changes of a kind since a cursor or an instant: for a list that shows what changed alone.

    Raises:
        RuleBroken: bad_position, position_gone.
    """
    stands = standing()
    after = _position(since, Reading(stands.epoch, by.scope, ()), stands)
    return Change.objects.visible_to(by).filter(pk__gt=_pk(after), kind=kind)


def _position(since: str, reading: Reading, stands: Standing) -> Position:
    if not stands.is_here:  # a copy: its own epoch begins within a minute, and no cursor of before is good
        raise refusals.POSITION_GONE()
    instant = instant_of(since)
    position = reading.position(since) if instant is None else position_at(instant, stands)
    check_kept(position)
    return position


def _settled(after: Position, stands: Standing, kinds: Collection[str], by: Actor) -> QuerySet[Change]:
    rows = Change.objects.visible_to(by).filter(pk__gt=_pk(after), xid__lt=stands.settled)
    if set(kinds) != set(ChangeKind.values):
        rows = rows.filter(kind__in=kinds)
    return rows.order_by("xid", "number")


def _pk(position: Position) -> tuple[int, int]:
    return position.xid, position.number


def _with_other_half(found: list[Change], settled: QuerySet[Change]) -> list[Change]:
    """Add the place that a row came to, where the last change is that it left one: one page tells both."""
    if not found or found[-1].what != ChangeWhat.DELETED:
        return found
    last = found[-1]
    following = settled.filter(pk__gt=(last.xid, last.number)).first()
    same = following and (last.xid, last.kind, last.row_id) == (
        following.xid, following.kind, following.row_id,
    )  # fmt: skip
    return [*found, following] if following and same else found


def _end(found: list[Change], stands: Standing, *, is_cut: bool) -> Position:
    last = Position(found[-1].xid, found[-1].number) if found else Position(0)
    return last if is_cut else max(last, stands.until or stands.end)


def _told(rows: list[Change]) -> list[Told]:
    """Return each row once, in the order of its last change; what was there before is not told as new."""
    first: dict[tuple[str, int], str] = {}
    last: dict[tuple[str, int], Change] = {}
    for row in rows:
        key = (row.kind, row.row_id)
        first.setdefault(key, row.what)
        last.pop(key, None)
        last[key] = row
    return [
        Told(row.kind, row.row_id, _net(first[key], row.what), row.at, row.instrument_id)
        for key, row in last.items()
    ]


def _of_own_institute(told: list[Told], by: Actor) -> list[Told]:
    """Keep, for an institute, of certificates and applications its own: it can read no others."""
    if not by.is_institute:
        return told
    own = {
        (kind, pk)
        for kind, rows in (
            (ChangeKind.CERTIFICATE, certificates(by)), (ChangeKind.APPLICATION, applications_for(by)),
        )
        for pk in rows.filter(pk__in=[it.id for it in told if it.kind == kind]).values_list("pk", flat=True)
    }  # fmt: skip
    others = (ChangeKind.CERTIFICATE, ChangeKind.APPLICATION)
    return [it for it in told if it.kind not in others or (it.kind, it.id) in own]


def _net(first: str, last: str) -> str:
    if last == ChangeWhat.DELETED:
        return ChangeWhat.DELETED
    return ChangeWhat.CREATED if first == ChangeWhat.CREATED else ChangeWhat.CHANGED
