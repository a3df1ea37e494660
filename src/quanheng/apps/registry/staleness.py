"""How long what the ledger says stands unconfirmed, as the edition in force says, and what is older."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from quanheng.apps.registry.enums import EntityState
from quanheng.packs.shipped import shipped
from quanheng.regulation.staleness import RULE, Staleness, staleness

if TYPE_CHECKING:
    from quanheng.apps.registry.models import Entity


def periods_on(day: date) -> Staleness:
    """Return the periods of the edition in force on a day."""
    return staleness(shipped().in_force(RULE, day))


def unconfirmed_files(today: date) -> Q:
    """Confirmed once, and nobody has said for a period that the file is still so."""
    return Q(state=EntityState.CONFIRMED, confirmed_on__lt=periods_on(today).entities_before(today))


def is_unconfirmed(entity: Entity, today: date) -> bool:
    """Say the same of a file that is at hand."""
    before = periods_on(today).entities_before(today)
    return entity.state == EntityState.CONFIRMED and entity.confirmed_on < before
