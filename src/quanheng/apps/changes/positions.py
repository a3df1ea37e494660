"""Places in the changes, and what a reader keeps of one.

A reader keeps a cursor: signed, opaque, and good for the same reach and the same kinds only. Where the reach
has changed, what is read from there would be incomplete, and it is refused (`position_gone`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.utils.dateparse import parse_datetime

from quanheng.apps.changes import refusals
from quanheng.kit.scope import Scope

SALT = "quanheng.changes.position"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Everything up to and including this change has been read.

    Args:
        xid: the transaction; number: of the change within all changes, ascending within a transaction.
    """

    xid: int
    number: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """For whom, and of what, somebody reads: a cursor is good for nothing else.

    Args:
        epoch: the database and the time since when its changes are whole.
        kinds: of rows; empty for a list, which takes a cursor of any.
    """

    epoch: str
    scope: Scope
    kinds: tuple[str, ...]

    def cursor(self, at: Position) -> str:
        """Return what the reader keeps."""
        kept = [self.epoch, self.reach(), sorted(self.kinds), at.xid, at.number]
        return signing.dumps(kept, salt=SALT, compress=True)

    def position(self, cursor: str) -> Position:
        """Return where a cursor points.

        Raises:
            RuleBroken: bad_position, for what is no cursor of ours or of other kinds; position_gone, of
                another epoch or another reach.
        """
        try:
            epoch, reach, kinds, xid, number = signing.loads(cursor, salt=SALT)
        except (signing.BadSignature, ValueError):
            raise refusals.BAD_POSITION() from None
        if self.kinds and kinds != sorted(self.kinds):
            raise refusals.BAD_POSITION()
        if (epoch, reach) != (self.epoch, self.reach()):
            raise refusals.POSITION_GONE()
        return Position(xid, number)

    def reach(self) -> str:
        """Return a digest of whose rows these are."""
        scope = self.scope
        reach = [scope.everything, scope.first, scope.last, scope.entity_id]
        return hashlib.blake2b(json.dumps(reach).encode(), digest_size=6).hexdigest()


def instant_of(text: str) -> datetime | None:
    """Return the instant that a text names; None where it is none, or without its offset."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def all_or(kinds: Collection[str], everything: Collection[str]) -> tuple[str, ...]:
    """Return the kinds that somebody named, or all where none is named; each once."""
    return tuple(sorted(set(kinds) or set(everything)))
