"""Which instruments are at a repairer, and at which."""

from __future__ import annotations

from enum import StrEnum

from django.db.models import OuterRef, Q, QuerySet, Subquery

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.assignments import Assignment
from quanheng.apps.accounts.queries import open_assignments
from quanheng.apps.instruments.acts import REPAIR
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.apps.instruments.models import Instrument


class RepairStage(StrEnum):
    """How far a repairer has got with an instrument."""

    WAITING = "waiting"
    RECEIVED = "received"
    OVER = "over"


STAGES: dict[RepairStage, Q] = {
    RepairStage.WAITING: Q(ended_at=None, taken_up_at=None),
    RepairStage.RECEIVED: Q(ended_at=None, taken_up_at__isnull=False),
    RepairStage.OVER: Q(ended_at__isnull=False),
}


def stage_of(row: Assignment) -> RepairStage:
    """Return the stage of one: `STAGES` of a row at hand."""
    if not row.is_open:
        return RepairStage.OVER
    return RepairStage.WAITING if row.waits else RepairStage.RECEIVED


def repairs(by: Actor) -> QuerySet[Assignment]:
    """Return what went to a named repairer of the instruments that an actor reaches, and what went to them.

    Each row says whose the instrument is (`user_name`). A repairer sees what is with them now.
    """
    told = Instrument.objects.unscoped().filter(pk=OuterRef("row_id")).order_by()
    sent = Assignment.objects.unscoped().filter(kind=REPAIR.kind, capacity=REPAIR)
    mine = by.scope.rows_assigned(REPAIR.kind, Instrument._meta.db_table)
    seen = Q(row_id__in=Instrument.objects.visible_to(by).order_by().values("pk"))
    if mine:
        seen |= Q(row_id__in=mine, entity=by.entity_id, ended_at=None)
    return sent.filter(seen).annotate(user_name=Subquery(told.values("entity__name")[:1]))


def open_repair(instrument: Instrument) -> Assignment | None:
    """Return to whom an instrument under repair was sent; None where nobody was named, or it is over."""
    if instrument.state != InstrumentState.UNDER_REPAIR:
        return None
    return open_assignments(instrument.pk, REPAIR).order_by("pk").first()


def own_repair(instrument: Instrument, by: Actor) -> Assignment | None:
    """Return the sending of an instrument to the very repairer for whom the actor acts."""
    if by.role not in REPAIR.roles or by.entity_id is None:
        return None
    sent = open_repair(instrument)
    return sent if sent and sent.entity_id == by.entity_id else None
