"""授予、终止岗位: the security administrator says who may do what where."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from quanheng.apps.accounts import acts, refusals
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import ADMINISTRATORS, ENTITY_ROLES, OFFICERS, OVERSIGHT, AreaLevel, Role
from quanheng.apps.accounts.models import Agency, Appointment, User
from quanheng.apps.accounts.permissions import check_is_security_administrator
from quanheng.apps.accounts.services.disable_account import locked_user
from quanheng.apps.accounts.units import Unit, chiefs_in
from quanheng.apps.audit.services import record
from quanheng.kit.dated import lasting_to
from quanheng.kit.scope import EVERYTHING, acting_in

SEAT_OF = {
    Role.PROVINCE_OFFICER: {AreaLevel.PROVINCE},
    Role.CITY_OFFICER: {AreaLevel.CITY},
    Role.COUNTY_OFFICER: {AreaLevel.COUNTY},
    Role.INSPECTOR: {AreaLevel.COUNTY, AreaLevel.STREET},
}


def appoint(
    *, user_id: int, role: Role, agency_id: int | None = None, entity_id: int | None = None,
    entity_credit_code: str = "", valid_from: date, valid_to: date | None = None, is_chief: bool = False,
    by: Actor, at: datetime,
) -> Appointment:  # fmt: skip
    """Grant a role: in an agency, whose area it reaches, or (operators, users, repairers) for an entity.

    The entity is named by id or by its credit code: the administrator cannot look into the registry.

    Args:
        is_chief: the person keeps the accounts of the agency; the first of an entity does so in any case.

    Raises:
        RuleBroken: account_not_found, no_agency, no_entity, wrong_seat, administrators_are_separate,
            overseen_and_overseer, already_appointed, ends_before_it_begins.
        NotYours: only another person who is security administrator may.
    """
    check_is_security_administrator(by, of_user=user_id)
    if valid_to is not None and valid_to < valid_from:
        raise refusals.ENDS_BEFORE_IT_BEGINS()
    with transaction.atomic():
        user = locked_user(user_id)
        at_entity = role in ENTITY_ROLES
        seat = (
            _seat_at_entity(entity_id, entity_credit_code) if at_entity else seat_in_agency(role, agency_id)
        )
        _check_separation(user, role, valid_from, valid_to, seat)
        appointment = Appointment.objects.create(
            user=user, role=role, valid_from=valid_from, valid_to=valid_to, **seat,
            is_chief=is_chief or (at_entity and not chiefs_in(Unit(seat["entity_id"]), valid_from).exists()),
        )  # fmt: skip
        _log(appointment, by, at, {})
    return appointment


def end_appointment(
    *, appointment_id: int, on: date, reason: str = "", by: Actor, at: datetime
) -> Appointment:
    """End a role after a day; it acts from the next request on, when the day is past.

    Raises:
        RuleBroken: appointment_not_found, already_ended.
        NotYours: only another person who is security administrator may.
    """
    with transaction.atomic():
        found = Appointment.objects.select_for_update(of=("self",)).select_related("user")
        appointment = found.filter(pk=appointment_id).first()
        if appointment is None:
            raise refusals.APPOINTMENT_NOT_FOUND()
        check_is_security_administrator(by, of_user=appointment.user_id)
        if appointment.valid_to is not None and appointment.valid_to <= on:
            raise refusals.ALREADY_ENDED()
        before = {"valid_to": str(appointment.valid_to or "")}
        appointment.valid_to = on
        appointment.save(update_fields=["valid_to"])
        _log(appointment, by, at, before, reason)
    return appointment


def seat_in_agency(role: Role, agency_id: int | None) -> dict[str, Any]:
    """Return where the role is held; the row keeps the area, so that building an actor needs no ledger."""
    agency = Agency.objects.select_related("area").filter(pk=agency_id or 0).first()
    if agency is None:
        raise refusals.NO_AGENCY()
    if role in OFFICERS and agency.area.level not in SEAT_OF[role]:
        raise refusals.WRONG_SEAT(role=role.label, agency=agency.name)
    return {"agency": agency, "area": agency.area}


def _seat_at_entity(entity_id: int | None, credit_code: str) -> dict[str, Any]:
    wanted: dict[str, Any] = {"pk": entity_id} if entity_id else {"credit_code": credit_code.strip().upper()}
    if not entity_id and not credit_code.strip():
        raise refusals.NO_ENTITY()
    with acting_in(EVERYTHING):  # the administrator sees no ledger; this one row is needed
        entities = apps.get_model("registry", "Entity").objects.unscoped()
        found = entities.filter(**wanted).values("pk", "area_id").first()
    if found is None:
        raise refusals.UNKNOWN_ENTITY()
    return {"entity_id": found["pk"], "area_id": found["area_id"]}


def _check_separation(user: User, role: Role, first: date, last: date | None, seat: dict[str, Any]) -> None:
    """三员分立: an administrator holds this one role and no other, so that nobody administers and acts.

    Nor is anybody on both sides: who acts for a market, a user or a repairer does not supervise or verify.
    """
    held = user.appointments.filter(lasting_to(first))
    if last is not None:
        held = held.filter(valid_from__lte=last)
    if (role in ADMINISTRATORS and held.exists()) or held.filter(role__in=ADMINISTRATORS).exists():
        raise refusals.ADMINISTRATORS_ARE_SEPARATE()
    opposite = OVERSIGHT if role in ENTITY_ROLES else ENTITY_ROLES if role in OVERSIGHT else frozenset()
    other = held.filter(role__in=opposite).first()
    if other is not None:
        raise refusals.OVERSEEN_AND_OVERSEER(user=user.name, held=other.get_role_display(), role=role.label)
    if held.filter(role=role, **{name: seat[name] for name in seat if name != "area_id"}).exists():
        raise refusals.ALREADY_APPOINTED(user=user.name)


def _log(appointment: Appointment, by: Actor, at: datetime, before: dict[str, Any], reason: str = "") -> None:
    record(
        acts.APPOINTMENT_CHANGED, by=by, at=at, subject=appointment.user.username, before=before,
        reason=reason,
        after={
            "role": appointment.role, "agency_id": appointment.agency_id, "entity_id": appointment.entity_id,
            "valid_from": str(appointment.valid_from), "valid_to": str(appointment.valid_to or ""),
            "is_chief": appointment.is_chief,
        },
    )  # fmt: skip


def ends_today(at: datetime) -> date:
    """Return the day before the act's: an appointment that ends on it is over with the next request."""
    return date.fromordinal(timezone.localdate(at).toordinal() - 1)
