"""The focus list, as those see it whom it concerns."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.focus.enums import ON_LIST, OPEN
from quanheng.apps.focus.history import pack_on
from quanheng.apps.focus.models import FocusListing
from quanheng.kit.scope import ScopedQuerySet

TEXTS = ("visits", "exit_visits", "objection", "answer")


def focus_listings(by: Actor) -> ScopedQuerySet[FocusListing]:
    """Return the rows that an actor sees, without what a list does not show."""
    return FocusListing.objects.visible_to(by).select_related("entity", "area").defer(*TEXTS)


def focus_listing(listing_id: int, by: Actor) -> FocusListing | None:
    """Return one of them, whole."""
    rows = FocusListing.objects.visible_to(by).select_related("entity", "area")
    return rows.filter(pk=listing_id).first()


def entities_on_list(entity_ids: Collection[int]) -> set[int]:
    """Return which of some entities are on the list. The scope must let everything through."""
    rows = FocusListing.objects.unscoped().filter(entity_id__in=entity_ids, state__in=ON_LIST)
    return set(rows.values_list("entity_id", flat=True))


def visits_due(rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    """Keep what is to be visited soon, or should have been: on the list, by the days that the pack warns."""
    warn = pack_on(day).table("frequency").values["warn_days_before"]
    return rows.filter(state__in=ON_LIST, next_visit_by__lte=day + timedelta(days=warn))


def visits_late(rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    """Keep what should have been visited."""
    return rows.filter(state__in=ON_LIST, next_visit_by__lt=day)


def objections_waiting(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Keep what an answer is owed to."""
    return rows.filter(Q(objected_at__isnull=False, answered_at=None), state__in=OPEN)


def has_unverified_rules(day: date) -> bool:
    """Say whether nobody has read the source of some table of the rule in force on a day."""
    return not all(table.is_verified for table in pack_on(day).tables.values())


@dataclass(frozen=True, slots=True)
class RowOfList:
    """Who is on the list, as `quanheng focus --json` prints it."""

    entity: str
    area: str
    since: str
    reason: str
    next_visit_by: str
    visits: list[str]


def rows_of_list(by: Actor) -> Iterator[RowOfList]:
    """Yield who is on the list, the next visit first."""
    rows = FocusListing.objects.visible_to(by).filter(state__in=ON_LIST).select_related("entity", "area")
    for row in rows.order_by("next_visit_by", "pk"):
        yield RowOfList(
            row.entity.name, row.area.full_name, str(row.listed_on), row.reason, str(row.next_visit_by),
            [f"{visit['on']} {visit['campaign']}" for visit in row.visits],
        )  # fmt: skip
