"""批量邀请: a chief invites several people at once, by the same rules as one; all of them, or nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.queries import agency_named
from quanheng.apps.people import refusals
from quanheng.apps.people.enums import InvitationWay
from quanheng.apps.people.one_time_codes import plain
from quanheng.apps.people.services.invitations import Issued
from quanheng.apps.people.services.invite_staff import invite_staff
from quanheng.kit.fields import mask_phone
from quanheng.kit.refusal import RuleBroken


@dataclass(frozen=True, slots=True)
class Wanted:
    """One person of a sheet, as it was read or typed.

    Args:
        role: a key of `Role`; the chief's own where it is empty.
        agency: the name of an office or institute; the chief's own where it is empty.
    """

    name: str
    phone: str = ""
    role: str = ""
    agency: str = ""
    way: InvitationWay = InvitationWay.PAPER


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a sheet.

    Args:
        refused: why not, by the number of the row; where it is not empty nobody was invited.
    """

    issued: Sequence[Issued]
    refused: Mapping[int, str]


def invite_many(people: Sequence[Wanted], *, by: Actor, at: datetime, only_check: bool = False) -> Tried:
    """Invite everybody of a sheet; where one row is refused, or where it is only checked, nobody is.

    Raises:
        NotYours: not_chief, and what every row of the sheet would raise.
    """
    issued: list[Issued] = []
    refused: dict[int, str] = {}
    seen: set[str] = set()
    with transaction.atomic():
        for number, one in enumerate(people):
            try:
                with transaction.atomic():
                    issued.append(_invite(one, seen, by=by, at=at))
            except RuleBroken as refusal:
                refused[number] = refusal.message
        if refused or only_check:
            transaction.set_rollback(True)
    return Tried([] if refused or only_check else issued, refused)


def _invite(one: Wanted, seen: set[str], *, by: Actor, at: datetime) -> Issued:
    phone = plain(one.phone)[-11:]
    if phone and phone in seen:
        raise refusals.TWICE_IN_SHEET(phone=mask_phone(phone))
    seen.add(phone)
    return invite_staff(
        name=one.name, phone=one.phone, way=one.way, role=_role(one.role), agency_id=_agency(one.agency),
        by=by, at=at,
    )  # fmt: skip


def _role(key: str) -> Role | None:
    if key and key not in Role.values:
        raise refusals.NO_SUCH_ROLE(role=key)
    return Role(key) if key else None


def _agency(name: str) -> int | None:
    if not name.strip():
        return None
    found = agency_named(name.strip())
    if found is None:
        raise refusals.AGENCY_BEYOND(agency=name.strip())
    return found.pk
