"""What programs of other offices and of entities read of the ledger: rows in the order of their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.area_queries import interval_of_code
from quanheng.apps.instruments import refusals
from quanheng.apps.instruments.enums import InstrumentState, Result
from quanheng.apps.instruments.models import (
    CatalogueItem,
    Instrument,
    Placement,
    ProposedChange,
    Seal,
    Verification,
)
from quanheng.kit.scope import ScopedQuerySet
from quanheng.regulation.instrument_identity import number_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Filters; None asks for nothing.

    Args:
        area: division code of 2 to 12 digits: the area and all below it.
        root_id: a market or company with everything in it.
        due_by: in use, and its verification stops to count on this day or before (or never counted).
    """

    area: str | None = None
    entity_id: int | None = None
    root_id: int | None = None
    premises: str | None = None
    item: str | None = None
    states: Sequence[str] = ()
    import_id: int | None = None
    serial_number: str | None = None
    code: str | None = None
    seal_broken: bool | None = None
    seal_opened: bool | None = None
    due_by: date | None = None


def instruments(wanted: Wanted, by: Actor) -> ScopedQuerySet[Instrument]:
    """Return the instruments that an actor sees or is assigned, with area and catalogue item.

    Entities are not joined: a stall does not see its market's file, and a join would drop its rows.
    """
    rows = Instrument.objects.shown_to(by).select_related("item", "area")
    if wanted.area is not None:
        first, last = interval_of_code(wanted.area)
        rows = rows.filter(area_id__gte=first, area_id__lte=last)
    if wanted.due_by is not None:
        never = ~Q(result=Result.PASSED)
        rows = rows.filter(never | Q(trusted_until__lte=wanted.due_by), state=InstrumentState.IN_USE)
    if wanted.states:
        rows = rows.filter(state__in=wanted.states)
    columns = {
        "entity_id": wanted.entity_id, "root_id": wanted.root_id, "premises": wanted.premises,
        "item__slug": wanted.item, "import_run_id": wanted.import_id,
        "serial_key": number_key(wanted.serial_number) if wanted.serial_number is not None else None,
        "code": wanted.code, "seal_broken": wanted.seal_broken,
        "seal_opened": wanted.seal_opened,
    }  # fmt: skip
    return rows.filter(**{name: value for name, value in columns.items() if value is not None})


def instrument(instrument_id: int, by: Actor, *, for_update: bool = False) -> Instrument:
    """Return one instrument, locked when it is about to change.

    Raises:
        RuleBroken: instrument_not_found, also when it is not the actor's to see.
    """
    rows = instruments(Wanted(), by).filter(pk=instrument_id)
    found = (rows.select_for_update(of=("self",)) if for_update else rows).first()
    if found is None:
        raise refusals.INSTRUMENT_NOT_FOUND()
    return found


def item_id_of(slug: str) -> int:
    """Return the number of a catalogue item. Raises RuleBroken: unknown_item."""
    item = CatalogueItem.objects.filter(slug=slug).values_list("pk", flat=True).first()
    if item is None:
        raise refusals.UNKNOWN_ITEM(item=slug)
    return item


def verifications(instrument_id: int, by: Actor) -> ScopedQuerySet[Verification]:
    """Return the verifications of an instrument that an actor sees (past owners keep their own)."""
    return Verification.objects.visible_to(by).filter(instrument_id=instrument_id)


def seals(instrument_id: int, by: Actor) -> ScopedQuerySet[Seal]:
    return Seal.objects.shown_to(by).filter(instrument_id=instrument_id)


def proposals(by: Actor) -> ScopedQuerySet[ProposedChange]:
    """Return the changes that were asked for about instruments that an actor sees."""
    return ProposedChange.objects.visible_to(by)


def proposal(proposal_id: int, by: Actor) -> ProposedChange:
    """Return one. Raises RuleBroken: proposal_not_found, also when it is not the actor's to see."""
    row = proposals(by).filter(pk=proposal_id).first()
    if row is None:
        raise refusals.PROPOSAL_NOT_FOUND()
    return row


def placements(instrument_id: int, by: Actor) -> ScopedQuerySet[Placement]:
    """Return the past places of an instrument that an actor sees; where it has left, those that were theirs.

    Raises:
        RuleBroken: instrument_not_found, where neither the instrument nor any of them is the actor's to see.
    """
    rows = Placement.objects.visible_to(by).filter(instrument_id=instrument_id)
    if not rows.exists():
        instrument(instrument_id, by)
    return rows
