"""Codes that were given out: on an instrument, blank, or replaced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Max, QuerySet

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.enums import CodeState
from quanheng.apps.instruments.models import InstrumentCode


def codes(by: Actor) -> QuerySet[InstrumentCode]:
    """Return the codes that an actor sees; a list ends its order in an id, which is the code itself."""
    rows = InstrumentCode.objects.visible_to(by).select_related("instrument", "area")
    return rows.annotate(id=F("value"))


@dataclass(frozen=True, slots=True)
class BlankBatch:
    """Blank codes that were given out together and are not bound yet."""

    area_id: int
    area: str
    batch: str
    blank: int
    issued_at: datetime


def blank_batches(by: Actor, at_most: int) -> list[BlankBatch]:
    """Return the newest batches of which blank codes are left."""
    blank = InstrumentCode.objects.visible_to(by).filter(state=CodeState.BLANK).exclude(batch="")
    batches = blank.values("area_id", "area__full_name", "batch").annotate(
        blank=Count("pk"), newest=Max("issued_at")
    )
    return [
        BlankBatch(row["area_id"], row["area__full_name"], row["batch"], row["blank"], row["newest"])
        for row in batches.order_by("-newest", "area_id", "batch")[:at_most]
    ]
