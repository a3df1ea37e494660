"""The offices and accounts of a demonstration, all at once: they stand there before anybody acts.

No act is written, for nobody opened them. The accounts work in a demonstration alone
(`demonstration.works_here`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.hashers import make_password

from quanheng.apps.accounts.enums import ENTITY_ROLES, OFFICERS, AgencyKind, Role
from quanheng.apps.accounts.models import Agency, Appointment, User

KEEPS_ACCOUNTS = ENTITY_ROLES | (OFFICERS - {Role.INSPECTOR})
OF_THEIR_AREA = {AgencyKind.INSTITUTE, AgencyKind.DEPARTMENT}


@dataclass(frozen=True, slots=True)
class Office:
    """An agency to be."""

    name: str
    kind: AgencyKind
    area_id: int
    authorisation: str = ""
    address: str = ""
    telephone: str = ""


@dataclass(frozen=True, slots=True)
class Seat:
    """Where an account acts: in an agency, or for an entity."""

    agency_id: int | None = None
    entity_id: int | None = None


def found_offices(offices: Iterable[Office]) -> None:
    """Enter agencies; those whose name is there already stay as they are.

    A bureau or station reports to the bureau one area above, others to the bureau of their own.
    """
    rows = [
        Agency(
            name=one.name,
            kind=one.kind,
            area_id=one.area_id,
            authorisation=one.authorisation,
            address=one.address,
            telephone=one.telephone,
        )
        for one in offices
    ]
    Agency.objects.bulk_create(rows, ignore_conflicts=True)
    bureaus = dict(Agency.objects.filter(kind=AgencyKind.BUREAU).values_list("area_id", "id"))
    top = Agency.objects.filter(kind=AgencyKind.BUREAU, area__parent=None)
    agencies = list(Agency.objects.select_related("area").exclude(pk__in=top.values("pk")))
    for agency in agencies:
        own = agency.kind in OF_THEIR_AREA
        agency.parent_id = bureaus.get(agency.area_id if own else agency.area.parent_id or 0)
    Agency.objects.bulk_update(agencies, ["parent_id"], batch_size=1_000)


def seat_inspectors(names: Mapping[int, Sequence[str]], *, since: date, at: datetime) -> None:
    """Seat inspectors, by name, at agencies; they are sent to places and sign in nowhere."""
    users = [
        User(
            username=f"jiancha-{agency}-{number}", name=name, password=make_password(None),
            password_changed_at=at, is_demonstration=True,
        )
        for agency, some in names.items()
        for number, name in enumerate(some, 1)
    ]  # fmt: skip
    seats = [agency for agency, some in names.items() for _name in some]
    made = User.objects.bulk_create(users)
    Appointment.objects.bulk_create(
        Appointment(user=user, role=Role.INSPECTOR, valid_from=since, agency_id=seat)
        for user, seat in zip(made, seats, strict=True)
    )


def open_account(
    *, username: str, name: str, password: str, role: Role, seat: Seat, since: date, at: datetime
) -> None:
    """Open an account of a demonstration in one role.

    Args:
        password: its hash.
    """
    user = User.objects.create(
        username=username, name=name, password=password, password_changed_at=at, is_demonstration=True
    )
    Appointment.objects.create(
        user=user, role=role, valid_from=since, agency_id=seat.agency_id, entity_id=seat.entity_id,
        is_chief=role in KEEPS_ACCOUNTS,
    )  # fmt: skip
