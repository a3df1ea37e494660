"""凭邀请开通: a sign-in whose password its holder chose, with the one role that the invitation gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from quanheng.apps.accounts import refusals
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Appointment, User
from quanheng.apps.accounts.queries import actor_of


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who enrols. `password` is what they chose; it is kept as a hash."""

    username: str
    name: str
    phone: str
    password: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where and as what: an entity, or an agency."""

    role: Role
    area_id: int
    entity_id: int | None = None
    agency_id: int | None = None
    is_chief: bool = False


def enrol(who: Newcomer, where: Place, *, on: date, at: datetime) -> Actor:
    """Open the account, give it the role, and return whom that makes; the caller writes the log.

    Raises:
        RuleBroken: no_name, username_taken.
    """
    username, name = who.username.strip(), who.name.strip()
    if not username or not name:
        raise refusals.NO_USERNAME()
    if User.objects.filter(username__iexact=username).exists():
        raise refusals.USERNAME_TAKEN(username=username)
    user = User(username=username, name=name, phone=who.phone, password_changed_at=at)
    user.set_password(who.password)
    user.save()
    appointment = Appointment.objects.create(
        user=user, role=where.role, area_id=where.area_id, entity_id=where.entity_id,
        agency_id=where.agency_id, is_chief=where.is_chief, valid_from=on,
    )  # fmt: skip
    return actor_of(appointment)
