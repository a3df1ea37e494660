"""What an entity holds on a day: each instrument, and whether its verification counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, Value, When

from quanheng.apps.instruments.models import Instrument, Placement
from quanheng.apps.instruments.queries.conditions import at_entity
from quanheng.apps.instruments.queries.ledger import UNDOUBTED, graded
from quanheng.kit.scope import Actor
from quanheng.regulation.instrument_states import COUNTED_IN_USE, PUT_AWAY, State
from quanheng.regulation.trust import Grade


class Held(StrEnum):
    """How one instrument stands: the first three are in use."""

    VALID = "valid"
    UNCONFIRMED = "unconfirmed"  # by the entity's own word, or disputed
    OVERDUE = "overdue"  # lapsed, failed, never verified, or its seal is broken
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Holding:
    """One instrument of an entity.

    Args:
        item: the slug of its item; mode: the item's.
        lately: it was stopped within the days that were asked for.
    """

    id: int
    item: str
    mode: str
    standing: Held
    lately: bool


def holdings(entity_id: int, day: date, by: Actor, *, lately_days: int) -> list[Holding]:
    """Return what an entity and what stands inside it has in use or has stopped, by id.

    A whole whose parts are in the ledger stands for none of its own, as in the verification rate.
    """
    trusted = graded(Grade.GREEN, day) | graded(Grade.AMBER, day)
    left = Placement.objects.unscoped().filter(
        instrument=OuterRef("pk"), last_day__gte=day - timedelta(days=lately_days)
    )
    standing = Case(
        When(Q(state__in=[*PUT_AWAY, State.UNDER_REPAIR]), then=Value(Held.STOPPED.value)),
        When(trusted & UNDOUBTED, then=Value(Held.VALID.value)),
        When(trusted, then=Value(Held.UNCONFIRMED.value)),
        default=Value(Held.OVERDUE.value),
    )
    lately = Case(
        When(Q(state__in=PUT_AWAY) & Exists(left), then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    rows = (
        Instrument.objects.visible_to(by)
        .filter(at_entity(entity_id), state__in=[*COUNTED_IN_USE, *PUT_AWAY, State.UNDER_REPAIR])
        .filter(~Exists(Instrument.objects.unscoped().filter(parent=OuterRef("pk"))))
        .annotate(standing=standing, lately=lately, slug=F("item__slug"), mode=F("item__mode"))
        .order_by("pk")
    )
    found = rows.values_list("pk", "slug", "mode", "standing", "lately")
    return [Holding(pk, item, mode, Held(how), lately) for pk, item, mode, how, lately in found]
