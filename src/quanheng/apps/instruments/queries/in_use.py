"""Which instruments were in use on a day, and what stands beside them: for the conditions of indicators."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from quanheng.apps.instruments.models import Instrument, Placement
from quanheng.kit.scope import Actor
from quanheng.regulation.instrument_states import COUNTED_IN_USE


def in_use_on(
    day: date, interval: tuple[int, int], *, premises: Collection[str], items: Collection[int], actor: Actor
) -> QuerySet[Instrument]:
    """Return the instruments that were in use on a day and that the actor sees today.

    A whole whose parts are in the ledger stands for none of its own.

    Args:
        interval: first and last area position of where they were.
        premises: kinds of premises.
        items: catalogue items.
    """
    first, last = interval
    place = Q(area_id__gte=first, area_id__lte=last, premises__in=premises)
    past = Placement.objects.unscoped().filter(
        place, instrument=OuterRef("pk"), first_day__lte=day, last_day__gte=day
    )
    now = place & Q(state__in=COUNTED_IN_USE, placed_on__lte=day)
    return Instrument.objects.visible_to(actor).filter(
        now | Exists(past),
        ~Exists(Instrument.objects.unscoped().filter(parent=OuterRef("pk"))),
        item__in=items,
    )


def rows_beside(relation: str) -> QuerySet[Any]:
    """Return all rows of what stands beside instruments: "verifications", "codes", "seals", "placements".

    For `Exists` in a condition on instruments that somebody may see; never to be shown themselves.
    """
    model: Any = Instrument._meta.get_field(relation).related_model
    rows: QuerySet[Any] = model.objects.unscoped()
    return rows
