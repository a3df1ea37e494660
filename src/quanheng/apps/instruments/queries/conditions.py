"""Conditions on instruments that several lists and pages ask for: each is said once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import F, Model, Q, QuerySet
from django.db.models.functions import Coalesce

from quanheng.apps.registry.staleness import periods_on
from quanheng.regulation.instrument_states import WITHOUT_CODE, State

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import Instrument

M = TypeVar("M", bound=Model)
MISSING = {
    "code": Q(code=None),
    "serial": Q(serial_number=""),
    "verification": Q(verified_on=None),
    "maker": Q(manufacturer=""),
}


def at_entity(entity_id: int) -> Q:
    """Stands at an entity, or at anything inside it."""
    return Q(entity_id=entity_id) | Q(root_id=entity_id)


def waits_for_code() -> Q:
    """Could bear a code, and has none."""
    return MISSING["code"] & ~Q(state__in=WITHOUT_CODE)


def at_stage(rows: QuerySet[M], stage: str, today: date) -> QuerySet[M]:
    """Keep what stands at a stage of falling due, the same wherever it is counted: desk, ledger, due list.

    Args:
        stage: ``overdue``, or the days within which the verification ends.
    """
    return lapsed(rows, today) if stage == "overdue" else rows.filter(due_in(int(stage), today))


def due_in(days: int, today: date) -> Q:
    """In use, and its verification counts until a day from today on, within so many days."""
    return Q(state=State.IN_USE, trusted_until__gte=today, trusted_until__lte=today + timedelta(days=days))


def unconfirmed(today: date) -> Q:
    """On file, and nobody has said for a period that it is there; a part is where its whole is."""
    before = periods_on(today).instruments_before(today)
    return Q(confirmed_on__lt=before, parent__isnull=True) & ~Q(state__in=WITHOUT_CODE)


def is_unconfirmed(instrument: Instrument, today: date) -> bool:
    """Say the same of a row that is at hand."""
    is_asked_after = instrument.parent_id is None and State(instrument.state) not in WITHOUT_CODE
    return is_asked_after and instrument.confirmed_on < periods_on(today).instruments_before(today)


def no_longer_trusted(today: date) -> Q:
    """In use, and its verification has ceased to count, whyever."""
    return Q(state=State.IN_USE, trusted_until__lt=today)


def lapsed(rows: QuerySet[M], today: date) -> QuerySet[M]:
    """Keep what is in use though the validity of its verification is over; a broken seal is another matter.

    The second day is hidden from indexes: nearly every row that meets the first meets it too, and an index
    for each of them would read both to the end.
    """
    until = Coalesce(F("valid_until"), F("valid_until"))
    over: QuerySet[Any] = rows.filter(no_longer_trusted(today)).alias(until=until)
    return over.filter(until__lt=today)
