"""邀请本单位人员: a chief invites somebody to a role of the own unit, on paper or by text message."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from quanheng.apps.accounts import refusals as of_accounts
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.services.appoint import seat_in_agency
from quanheng.apps.accounts.units import check_is_chief, roles_given_by, telephones_in, unit_of
from quanheng.apps.audit.services import record
from quanheng.apps.outbox.texts import MOBILE
from quanheng.apps.people import acts, refusals
from quanheng.apps.people.enums import InvitationEnd, InvitationPurpose, InvitationWay
from quanheng.apps.people.models import Invitation
from quanheng.apps.people.one_time_codes import plain
from quanheng.apps.people.services.invitations import Issued, Terms, draw_up, end, told
from quanheng.apps.registry.queries import open_entity
from quanheng.kit.acts import check
from quanheng.kit.fields import mask_phone
from quanheng.kit.intake import is_fit_text

LONGEST_TEXT = 60


def invite_staff(
    *, name: str, phone: str, way: InvitationWay, role: Role | None = None, agency_id: int | None = None,
    username: str = "", by: Actor, at: datetime,
) -> Issued:  # fmt: skip
    """Invite somebody to a role in the own unit, or (offices) in one of the own area.

    Args:
        phone: a mobile number; people of offices and institutes state it when they take the invitation up.
        role: the own one when None.
        agency_id: the own one when None.

    Raises:
        RuleBroken: no_name, staff_text_unfit, not_mobile, on_staff_already, no_agency, wrong_seat,
            agency_beyond.
        NotYours: not_chief, role_above.
    """
    check(acts.STAFF_INVITED, by)
    check_is_chief(by)
    given, name, phone = Role(role or by.role or ""), name.strip(), plain(phone)
    if not name:
        raise refusals.NO_REQUEST_NAME()
    _check_fits(name=name, username=username, phone=phone)
    if given not in roles_given_by(by):
        raise of_accounts.ROLE_ABOVE(role=given)
    if not by.is_entity and not MOBILE.fullmatch(phone):
        raise refusals.NOT_MOBILE()
    if phone and _is_on_staff(phone, by, at):
        raise refusals.ON_STAFF_ALREADY(phone=mask_phone(phone))
    with transaction.atomic():
        terms = _in_entity(by, given) if by.is_entity else _in_agency(by, given, agency_id)
        _replace_open(terms, name, phone, at)
        issued = draw_up(
            Terms(purpose=InvitationPurpose.STAFF, role=given, name=name, username=username.strip(),
                  phone=phone, **terms),
            way, by=by, at=at,
        )  # fmt: skip
        row = issued.invitation
        record(
            acts.STAFF_INVITED, by=by, at=at, area_id=row.area_id, entity_id=row.entity_id,
            root_id=row.root_id, subject=row.number, after=told(row),
        )  # fmt: skip
    return issued


def _check_fits(**texts: str) -> None:
    """Refuse what no invitation holds, whichever door it came through: a cell may hold a whole paragraph."""
    for text in texts.values():
        if len(text) > LONGEST_TEXT or not is_fit_text(text):
            raise refusals.STAFF_TEXT_UNFIT(most=LONGEST_TEXT)


def _replace_open(terms: dict[str, Any], name: str, phone: str, at: datetime) -> None:
    """End what is open for the same person in the unit: of two papers only the newer opens an account."""
    unit = {key: terms[key] for key in ("entity_id", "agency_id") if key in terms}
    rows = Invitation.objects.unscoped().filter(purpose=InvitationPurpose.STAFF, end="", name=name, **unit)
    for row in rows.select_for_update():
        if row.phone == phone:
            end(row, InvitationEnd.REPLACED, at)
            row.save(update_fields=["end", "ended_at"])


def _in_entity(by: Actor, _role: Role) -> dict[str, Any]:
    place = open_entity(by.entity_id or 0)
    return {"area_id": place.area_id, "entity_id": place.entity_id, "root_id": place.root_id}


def _in_agency(by: Actor, role: Role, agency_id: int | None) -> dict[str, Any]:
    seat = seat_in_agency(role, agency_id or by.agency_id)
    area = seat["area"]
    own = seat["agency"].pk == by.agency_id
    if not (own or (by.is_officer and by.scope.covers_area(area.pk))):
        raise refusals.AGENCY_BEYOND(agency=seat["agency"].name)
    return {"area_id": area.pk, "agency_id": seat["agency"].pk}


def _is_on_staff(phone: str, by: Actor, at: datetime) -> bool:
    """Say whether a telephone is that of somebody of the own unit: one person, one account."""
    return any(
        plain(known)[-11:] == phone[-11:] for known in telephones_in(unit_of(by), timezone.localdate(at))
    )
