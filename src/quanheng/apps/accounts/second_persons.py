"""Who is left to decide what an officer asked for: the office itself, or the level above it.

Where a county has one ledger officer alone, what that officer asked for is on the desk of the city from the
first day; what a county could have decided and has not, comes up after a term (`regulation.second_person`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Appointment
from quanheng.kit.dated import holding_on
from quanheng.packs.shipped import shipped
from quanheng.regulation.second_person import RULE, Patience, patience

LEVELS: Final = {Role.COUNTY_OFFICER: 0, Role.CITY_OFFICER: 1, Role.PROVINCE_OFFICER: 2}
NOBODY = 0  # no person has this number


def patience_on(day: date) -> Patience:
    """Return the term of the edition in force on a day."""
    return patience(shipped().in_force(RULE, day))


def come_to(by: Actor, *, area: str, asked_by: str, asked_at: str, day: date) -> Q:
    """Return the condition of requests that it is this officer's turn to decide; their own are never.

    Args:
        area, asked_by, asked_at: columns of the request.
    """
    others = ~Q(**{asked_by: by.user_id})
    levels = LEVELS.get(by.role, 0) if by.role else 0
    if levels == 0 or by.scope.first is None:
        return others
    below = _deciders(OuterRef(area), Coalesce(OuterRef(asked_by), NOBODY), day).filter(
        seat__gt=by.scope.first, seat_last__lte=by.scope.last
    )
    came = patience_on(day).asked_by(day, levels) + timedelta(days=1)
    return others & (~Exists(below) | Q(**{f"{asked_at}__lt": _start_of(came)}))


def offices_asked(area_id: int, asked_by: int | None, asked_at: datetime, day: date) -> list[str]:
    """Return the names of the offices that may decide a request now, the lowest first; none if none can."""
    asked_on = timezone.localdate(asked_at)
    rows = _deciders(Value(area_id), Value(asked_by or NOBODY), day)
    found = list(rows.order_by("-seat", "pk").values_list("role", "agency__name"))
    if not found:
        return []
    lowest = min(LEVELS[Role(role)] for role, _name in found)
    reached = max(lowest, patience_on(day).levels_up(asked_on, day))
    return list(dict.fromkeys(_named(found, reached)))


def seat_asked(area_id: int, asked_by: int | None, day: date) -> int | None:
    """Return where the lowest office sits that may decide what somebody asks; None where none can."""
    rows = _deciders(Value(area_id), Value(asked_by or NOBODY), day)
    seat: int | None = rows.order_by("-seat").values_list("seat", flat=True).first()
    return seat


def others_at(agency_id: int, role: Role, *, but: int | None, day: date) -> bool:
    """Say whether anybody else holds a role at an agency on a day, with an open account."""
    rows = Appointment.objects.filter(
        holding_on(day), role=role, agency=agency_id, suspended_at=None, user__is_active=True
    )
    return rows.exclude(user=but or NOBODY).exists()


def _named(found: list[tuple[str, str | None]], reached: int) -> Iterator[str]:
    for role, name in found:
        if LEVELS[Role(role)] <= reached:
            yield name or str(Role(role).label)


def _deciders(area: Any, but: Any, day: date) -> QuerySet[Any]:
    """Return the posts that decide about an area on a day, those of one person left out; `seat`: where."""
    rows: QuerySet[Any] = Appointment.objects.filter(
        holding_on(day), role__in=LEVELS, suspended_at=None, user__is_active=True
    )
    seated: QuerySet[Any] = rows.annotate(
        seat=Coalesce("area", "agency__area"), seat_last=Coalesce("area__last", "agency__area__last")
    )
    return seated.filter(seat__lte=area, seat_last__gte=area).exclude(user=but)


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
