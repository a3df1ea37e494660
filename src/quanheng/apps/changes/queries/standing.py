"""Where the changes stand: which database, which epoch, and what is settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from quanheng.apps.changes import refusals
from quanheng.apps.changes.models import FeedEpoch, FeedMark
from quanheng.apps.changes.positions import Position

STEP = 50_000  # changes that one call passes, whosever they are
NEVER = FeedEpoch(pk=0, database="", floor=0)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a reader may go now.

    Args:
        database: this database, as PostgreSQL tells it: another one after a restore or a failover.
        epoch: what a cursor is good for: another one as soon as anything may be missing.
        is_here: whether the newest epoch began in this database.
        begun_at: since when changes are kept; None where nobody has said.
        floor: what is older has been swept.
        settled: every transaction below it has ended.
        until: the last change that one call passes; None where it passes all that is settled.
    """

    database: str
    epoch: str
    is_here: bool
    begun_at: datetime | None
    floor: int
    settled: int
    until: Position | None

    @property
    def end(self) -> Position:
        """The position after everything that is settled."""
        return Position(self.settled)


def standing(after: Position | None = None, *, step: int = STEP) -> Standing:
    """Ask where the changes stand; of a position, how far a call goes from it."""
    passed = after or Position(2**62)  # behind everything: nothing is passed
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM changes_standing(%s, %s, %s)", [passed.xid, passed.number, step])
        database, settled, xid, number = cursor.fetchone()
    epoch = newest_epoch()
    return Standing(
        database=database, epoch=f"{database}.{epoch.pk}", is_here=epoch.database in {"", database},
        begun_at=epoch.begun_at, floor=epoch.floor, settled=settled,
        until=None if xid is None else Position(xid, number),
    )  # fmt: skip


def newest_epoch() -> FeedEpoch:
    """Return the epoch that counts; one that never began where there is none."""
    return FeedEpoch.objects.order_by("-pk").first() or NEVER


def position_at(instant: datetime, stands: Standing) -> Position:
    """Return a position from which nothing that was committed after an instant is missing.

    Raises:
        RuleBroken: position_gone, for an instant before the changes are kept.
    """
    if stands.begun_at is not None and instant < stands.begun_at:
        raise refusals.POSITION_GONE()
    mark = FeedMark.objects.filter(at__lte=instant).order_by("-at").first()
    return Position(mark.xid if mark else stands.floor)


def check_kept(position: Position) -> None:
    """Raise where changes after a position have been swept; to be asked when they have been read.

    Raises:
        RuleBroken: position_gone.
    """
    if position.xid < newest_epoch().floor:
        raise refusals.POSITION_GONE()
