"""Who sees the figures of which area: officers those of their own and below, the auditor all of them.

The rows behind a figure are for the ledger's own walls to give.
"""

from __future__ import annotations

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import OFFICERS, Role

STATISTICIANS = frozenset({Role.AUDITOR})  # see every figure, and no row
READERS = OFFICERS | STATISTICIANS


def reaches(actor: Actor, position: int) -> bool:
    """Say whether the actor may see the figures of an area."""
    if actor.role not in READERS:
        return False
    return actor.role in STATISTICIANS or actor.scope.covers_area(position)
