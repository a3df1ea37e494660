"""备案: what waits for the office, what came back to the entity and why."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.queries.ledger import ledger
from quanheng.apps.registry.enums import EntityState
from quanheng.apps.registry.queries import entities
from quanheng.regulation.instrument_states import UNFILED


@dataclass(frozen=True, slots=True)
class Batch:
    """The filings of one market, company or shop that wait for review."""

    root_id: int
    root_name: str
    area_name: str
    count: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Returned:
    """Filings that came back for one reason."""

    reason: str
    count: int
    at: datetime


def waiting_batches(
    by: Actor, *, first: int | None = None, last: int | None = None, at_most: int
) -> list[Batch]:
    """Return the batches that wait, the oldest first.

    Args:
        first, last: an interval of area positions inside the actor's own; None for all of it.
    """
    rows = ledger(by).filter(state=InstrumentState.FILING)
    if first is not None:
        rows = rows.filter(area_id__gte=first, area_id__lte=last)
    grouped = rows.values("root_id", "root__name", "root__area__full_name").annotate(
        waiting=Count("pk"), since=Min("changed_at")
    )
    return [
        Batch(row["root_id"], row["root__name"], row["root__area__full_name"], row["waiting"], row["since"])
        for row in grouped.order_by("since", "root_id")[:at_most]
    ]


def waiting_rows(root_id: int, by: Actor) -> QuerySet[Instrument]:
    """Return the filings of one root that wait for review, place by place."""
    rows = ledger(by).filter(state=InstrumentState.FILING, root_id=root_id)
    return rows.select_related("entity", "root", "item").order_by(
        "entity__stall_number", "entity_id", "place", "id"
    )


def draft_entities_of(instrument_ids: Collection[int], by: Actor) -> list[Any]:
    """Return the draft files that instruments stand in, and the drafts above those."""
    drafts = entities(by).filter(state=EntityState.DRAFT)
    stands = ledger(by).filter(pk__in=instrument_ids)
    here = drafts.filter(pk__in=stands.values("entity_id")) | drafts.filter(pk__in=stands.values("root_id"))
    return list(here.order_by("pk"))


def unfiled_counts(by: Actor) -> dict[str, int]:
    """Count drafts, waiting and returned filings; states without any are left out."""
    rows = ledger(by).filter(state__in=UNFILED).order_by().values("state").annotate(count=Count("pk"))
    return {row["state"]: row["count"] for row in rows}


def returned_by_reason(by: Actor, *, at_most: int = 20) -> list[Returned]:
    """Return why filings came back, the newest reason first."""
    rows = ledger(by).filter(state=InstrumentState.RETURNED).order_by().values("return_reason")
    grouped = rows.annotate(count=Count("pk"), at=Max("changed_at")).order_by("-at")[:at_most]
    return [Returned(row["return_reason"], row["count"], row["at"]) for row in grouped]


def doubled_serials(rows: Sequence[Instrument], by: Actor) -> Collection[int]:
    """Return which of the rows have a serial number that another instrument in the actor's scope also has."""
    numbers = {row.serial_key for row in rows}
    others = ledger(by).filter(serial_key__in=numbers).exclude(state=InstrumentState.SCRAPPED)
    seen: dict[str, int] = {
        row["serial_key"]: row["count"]
        for row in others.filter(~Q(serial_key=""))
        .order_by()
        .values("serial_key")
        .annotate(count=Count("pk"))
    }
    return {row.pk for row in rows if seen.get(row.serial_key, 0) > 1}
