"""Codes that were given out: on an instrument, blank, or replaced."""

from __future__ import annotations

from django.db.models import F, QuerySet

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.models import InstrumentCode


def codes(by: Actor) -> QuerySet[InstrumentCode]:
    """Return the codes that an actor sees; a list ends its order in an id, which is the code itself."""
    rows = InstrumentCode.objects.visible_to(by).select_related("instrument", "area")
    return rows.annotate(id=F("value"))
