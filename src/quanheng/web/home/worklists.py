"""What is due now, by role."""

from __future__ import annotations

from quanheng.apps.accounts.actors import Actor
from quanheng.web.parts import Tile


def worklists_for(actor: Actor) -> tuple[Tile, ...]:
    """Return the numbers of the desk for this role."""
    return ()
