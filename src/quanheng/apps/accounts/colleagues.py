"""Who stands beside an officer on site: the staff of the offices of a place, or of the own institute."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import INSTITUTE_STAFF, OFFICERS, Role
from quanheng.apps.accounts.models import Appointment, User
from quanheng.kit.dated import holding_on

ON_SITE = (Role.COUNTY_OFFICER, Role.INSPECTOR)  # who is sent to check
MOST = 500  # of a county's offices; a list to choose from


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may be named beside the actor."""

    user_id: int
    name: str
    agency_name: str


def colleagues(by: Actor, area_id: int, on: date) -> list[Colleague]:
    """Return who may be named as the second person of an act at a place, by name; never the actor.

    An officer's are the officers on duty that day whose area the place lies in; an institute's staff name
    one another.
    """
    held = _held(by, area_id, on).exclude(user_id=by.user_id or 0).select_related("user", "agency")
    found = {
        each.user_id: Colleague(each.user_id, each.user.name, each.agency.name if each.agency else "")
        for each in held.order_by("user__name", "pk")[:MOST]
    }
    return list(found.values())


def colleague(by: Actor, area_id: int, on: date, user_id: int) -> Colleague | None:
    """Return one of them; None for anybody else."""
    return next((each for each in colleagues(by, area_id, on) if each.user_id == user_id), None)


def officers_seated(first: int, last: int, on: date) -> list[tuple[int, int]]:
    """Return the officers of counties and stations who sit within an interval of areas, with the seat."""
    held = Appointment.objects.filter(
        holding_on(on), user__is_active=True, suspended_at=None, role__in=ON_SITE
    ).annotate(seat=Coalesce("area", "agency__area"))
    within = held.filter(seat__gte=first, seat__lte=last).order_by("user_id", "seat")
    return list(within.values_list("user_id", "seat").distinct())


def names_of(user_ids: Iterable[int]) -> dict[int, str]:
    """Return people's names by their ids."""
    return dict(User.objects.filter(pk__in=set(user_ids)).values_list("pk", "name"))


def _held(by: Actor, area_id: int, on: date) -> QuerySet[Appointment]:
    held = Appointment.objects.filter(holding_on(on), user__is_active=True, suspended_at=None)
    if by.is_institute:
        return held.filter(role__in=INSTITUTE_STAFF, agency_id=by.agency_id or 0)
    own = Q(area__id__lte=area_id, area__last__gte=area_id)
    seat = Q(area__isnull=True, agency__area__id__lte=area_id, agency__area__last__gte=area_id)
    return held.filter(own | seat, role__in=OFFICERS)
