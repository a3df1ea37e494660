"""What has to be verified, by when, and for whom: due lists and the forecast of an institute."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncWeek

from quanheng.apps.certificates.models import ApplicationLine, Authorisation, Reminder
from quanheng.apps.certificates.queries.days import loads, week_starts
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.apps.instruments.queries.ledger import ledger
from quanheng.kit.dated import holding_on
from quanheng.kit.scope import EVERYTHING, Actor, ScopedQuerySet, acting_in
from quanheng.regulation.instrument_states import FREE_FOR_VERIFICATION
from quanheng.regulation.verification_procedure import OPEN

DUE_WITHIN = timedelta(days=60)
FORECAST = timedelta(weeks=8)


def to_be_verified(by: Actor, day: date) -> ScopedQuerySet[Any]:
    """Return what has to be verified by a day, applied for or not: what the ledger counts as due and overdue.

    That is what lapses by the day, what never was verified, and what failed; out of use is nothing of it.
    """
    lapses = Q(state=InstrumentState.IN_USE, trusted_until__lte=day)
    waits = Q(state__in=[InstrumentState.FILED, InstrumentState.FAILED])
    # The states once more, all three in one: as the index `instrument_lapsing` has them.
    return ledger(by).filter(lapses | waits, state__in=FREE_FOR_VERIFICATION)


def due_by(by: Actor, day: date) -> ScopedQuerySet[Any]:
    """Return what of it somebody has to apply for yet. A nozzle is verified with its dispenser."""
    return to_be_verified(by, day).filter(parent=None).exclude(is_applied_for())


def is_applied_for() -> Exists:
    """Return the condition that an application for the instrument is under way, whoever made it."""
    return Exists(ApplicationLine.objects.unscoped().filter(instrument=OuterRef("pk"), state__in=OPEN))


def unreachable(by: Actor) -> QuerySet[Reminder, int]:
    """Return the instruments whose last reminder reached nobody: no telephone, or none that takes a message.

    An instrument that was verified since then is none of them.
    """
    nobody = Q(message=None) | Q(message__given_up_at__isnull=False)
    later = Reminder.objects.unscoped().filter(  # of the same end, by the index that keeps them once
        instrument=OuterRef("instrument"), due_on=OuterRef("due_on"), days_before__lt=OuterRef("days_before")
    )
    told = Reminder.objects.visible_to(by).filter(nobody, due_on=F("instrument__trusted_until"))
    return told.exclude(Exists(later)).values_list("instrument_id", flat=True)


def in_procedure(ids: Iterable[int]) -> set[int]:
    """Return which of the instruments have an open application, whoever made it."""
    with acting_in(EVERYTHING):
        rows = ApplicationLine.objects.unscoped().filter(instrument__in=list(ids), state__in=OPEN)
        return set(rows.values_list("instrument_id", flat=True))


def forecast(institute_id: int, by: Actor, today: date) -> dict[date, int]:
    """Count what falls due by week (its Monday) within eight weeks in an institute's areas and items.

    Counted are the instruments that the actor sees; an institute sees the area of its seat.
    """
    scope = _scope_of(institute_id, today)
    if not scope:
        return {}
    reached = Q(pk__in=[])
    for items, first, last in scope:
        reached |= Q(item_id__in=items, area_id__gte=first, area_id__lte=last)
    rows = ledger(by).filter(
        reached, state=InstrumentState.IN_USE, trusted_until__gte=today, trusted_until__lte=today + FORECAST
    )
    weeks = rows.values(week=TruncWeek("trusted_until")).annotate(count=Count("pk"))
    return dict(Counter({row["week"]: row["count"] for row in weeks}))


@dataclass(frozen=True, slots=True)
class WeekAhead:
    """One week of an institute: what falls due, what is booked, what it can take."""

    monday: date
    due: int
    booked: int
    capacity: int

    @property
    def is_too_much(self) -> bool:
        return max(self.due, self.booked) > self.capacity


def weeks_ahead(institute_id: int, by: Actor, today: date) -> list[WeekAhead]:
    """Return the next eight weeks; the first one starts today, whatever day that is."""
    falls_due = forecast(institute_id, by, today)
    days = loads(institute_id, today, today + FORECAST - timedelta(days=1))
    weeks = []
    for monday in week_starts(today, today + FORECAST - timedelta(days=1)):
        week = [load for load in days if monday <= load.day < monday + timedelta(days=7)]
        weeks.append(WeekAhead(
            monday, falls_due.get(monday, 0), sum(load.taken for load in week),
            sum(load.total for load in week),
        ))  # fmt: skip
    return weeks


def _scope_of(institute_id: int, day: date) -> list[tuple[Collection[int], int, int]]:
    rows = Authorisation.objects.filter(holding_on(day), institute=institute_id)
    by_area: dict[tuple[int, int], set[int]] = {}
    for item, first, last in rows.values_list("item_id", "area_id", F("area__last")):
        by_area.setdefault((first, last), set()).add(item)
    return [(items, first, last) for (first, last), items in by_area.items()]
