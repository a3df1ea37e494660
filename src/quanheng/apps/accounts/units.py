"""A unit: an entity or an agency whose chief keeps its accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet

from quanheng.apps.accounts import refusals
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import INSTITUTE_STAFF, Role
from quanheng.apps.accounts.models import Appointment
from quanheng.kit.dated import lasting_to

CHIEF = Q(is_chief=True) | Q(role=Role.INSTITUTE_MANAGER)
GIVES: dict[Role, frozenset[Role]] = {  # what a chief may give: nothing above the own role
    Role.PROVINCE_OFFICER: frozenset(
        {Role.PROVINCE_OFFICER, Role.CITY_OFFICER, Role.COUNTY_OFFICER, Role.INSPECTOR}
    ),
    Role.CITY_OFFICER: frozenset({Role.CITY_OFFICER, Role.COUNTY_OFFICER, Role.INSPECTOR}),
    Role.COUNTY_OFFICER: frozenset({Role.COUNTY_OFFICER, Role.INSPECTOR}),
    Role.INSPECTOR: frozenset({Role.INSPECTOR}),
    Role.INSTITUTE_MANAGER: INSTITUTE_STAFF,
}


@dataclass(frozen=True, slots=True)
class Unit:
    """Exactly one of an entity and an agency."""

    entity_id: int | None = None
    agency_id: int | None = None

    @property
    def named(self) -> dict[str, Any]:
        """As columns of an appointment or an invitation."""
        return {"entity_id": self.entity_id, "agency_id": self.agency_id}


def unit_of(by: Actor) -> Unit:
    """Return the unit for which somebody acts."""
    return Unit(entity_id=by.entity_id) if by.is_entity else Unit(agency_id=by.agency_id)


def check_is_chief(by: Actor) -> None:
    """Refuse whoever does not keep the accounts of their unit.

    Raises:
        NotYours: not_chief.
    """
    if not (by.is_chief or by.scope.everything):
        raise refusals.NOT_CHIEF()


def roles_given_by(by: Actor) -> frozenset[Role]:
    """Return the roles that a chief may give: for an entity the own one, else nothing above it."""
    if by.role is None:
        return frozenset(Role)  # the system itself
    return GIVES.get(by.role, frozenset({by.role}) if by.is_entity else frozenset())


def appointments_in(unit: Unit, on: date) -> QuerySet[Appointment]:
    """Return the roles held in a unit from a day on, the suspended among them."""
    rows = Appointment.objects.filter(lasting_to(on), **unit.named)
    return rows.select_related("user", "agency").order_by("user__name", "pk")


def staff_in(unit: Unit, on: date) -> list[Any]:
    """Return who holds a role in a unit on a day, with whether they have a second factor (`has_factor`)."""
    factor = Authenticator.objects.filter(user=OuterRef("user"), type=Authenticator.Type.TOTP)
    return list(appointments_in(unit, on).annotate(has_factor=Exists(factor)))


def chief_names(unit: Unit, on: date) -> list[str]:
    """Return who keeps the accounts of a unit, by name."""
    return [chief.user.name for chief in chiefs_in(unit, on)]


def telephones_in(unit: Unit, on: date) -> list[str]:
    """Return the telephones of whoever holds a role in a unit, the suspended among them; not of who left."""
    return [each.user.phone for each in appointments_in(unit, on) if each.user.phone]


def end_chiefs(unit: Unit, on: date) -> list[str]:
    """Have those who keep the accounts of a unit keep them no more; return their sign-in names."""
    chiefs = list(chiefs_in(unit, on).select_for_update(of=("self",)))
    Appointment.objects.filter(pk__in=[chief.pk for chief in chiefs]).update(is_chief=False)
    return [chief.user.username for chief in chiefs]


def chiefs_in(unit: Unit, on: date) -> QuerySet[Appointment]:
    """Return who keeps the accounts of a unit: open accounts, roles not suspended."""
    return appointments_in(unit, on).filter(CHIEF, suspended_at=None, user__is_active=True)
