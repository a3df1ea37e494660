"""签发账号邀请: an office invites the first account of an entity, or a new chief in place of the old."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.units import Unit, chiefs_in
from quanheng.apps.audit.services import record
from quanheng.apps.outbox.services import post
from quanheng.apps.outbox.texts import MOBILE, TEXT
from quanheng.apps.people import acts, refusals
from quanheng.apps.people.enums import InvitationEnd, InvitationPurpose, InvitationWay
from quanheng.apps.people.models import Invitation
from quanheng.apps.people.services.invitations import LONGEST, Issued, Terms, draw_up, told
from quanheng.apps.registry.enums import EntityKind, EntityState, PremisesKind
from quanheng.apps.registry.queries import Invitee, invitee, reachable, telephone_of
from quanheng.apps.registry.services.entity_acts import visible_entity
from quanheng.kit.acts import check
from quanheng.kit.refusals import REASON_TOO_LONG
from quanheng.packs.public_texts import signed_message

OF_REPAIRERS = {PremisesKind.REPAIRER, PremisesKind.MAKER}


def invite_entity(
    *, entity_id: int, way: InvitationWay, reason: str, handover: bool = False, phone: str = "",
    name: str = "", by: Actor, at: datetime,
) -> Issued:  # fmt: skip
    """Invite the first account of an entity; an invitation that waited for the same is replaced.

    Whoever takes it up keeps the accounts of the entity. The filed telephone is told of a hand-over, and
    where the invitation goes to another number.

    Args:
        handover: there is a chief, whose place the new one takes.
        phone: where the text message goes; the filed telephone when empty.

    Raises:
        RuleBroken: no_reason, reason_too_long, entity_not_found, not_confirmed, no_code_of_entity,
            entity_has_account, nobody_to_replace, no_telephone, not_mobile.
        NotYours: not an officer of the entity's area.
    """
    reason = reason.strip()
    if not reason:
        raise refusals.NO_REASON_TO_INVITE()
    if len(reason) > LONGEST:
        raise REASON_TOO_LONG(most=LONGEST)
    with transaction.atomic():
        entity = invitee(visible_entity(entity_id, by))
        check(acts.ENTITY_INVITED, by, entity)
        _check_may_be_invited(entity, at, handover=handover)
        filed_phone = _filed_telephone(entity)
        if way == InvitationWay.TEXT and not (phone or filed_phone):
            raise refusals.NO_TELEPHONE(entity=entity.name)
        _replace_open(entity, at)
        issued = draw_up(
            Terms(
                purpose=InvitationPurpose.HANDOVER if handover else InvitationPurpose.FIRST,
                role=role_at(entity), area_id=entity.area_id, entity_id=entity.entity_id,
                root_id=entity.root_id, name=name.strip(),
                phone=(phone or filed_phone) if way == InvitationWay.TEXT else phone, reason=reason,
            ),
            way, by=by, at=at,
        )  # fmt: skip
        record(
            acts.ENTITY_INVITED, by=by, at=at, area_id=entity.area_id, entity_id=entity.entity_id,
            root_id=entity.root_id, subject=entity.name[:80], reason=reason, after=told(issued.invitation),
        )  # fmt: skip
        if handover or (phone and phone != filed_phone):
            tell_filed_telephone(entity, _warning(entity, handover=handover), at)
    return issued


def role_at(entity: Invitee) -> Role:
    """Return what somebody who acts for an entity is."""
    if entity.kind == EntityKind.MARKET_OPERATOR:
        return Role.MARKET_OPERATOR
    return Role.REPAIRER if entity.premises in OF_REPAIRERS else Role.INSTRUMENT_USER


def tell_filed_telephone(entity: Invitee, text: str, at: datetime) -> None:
    """Send a text message to whom the file names, where it names a telephone."""
    contact = reachable([entity.entity_id]).get(entity.entity_id)
    if contact is not None:
        signed = signed_message(text, timezone.localdate(at))
        post(TEXT, {"contact": contact, "text": signed}, at=at)


def _warning(entity: Invitee, *, handover: bool) -> str:
    what = "更换账号负责人的邀请" if handover else "账号邀请"
    return f"已为{entity.short_name}签发{what}。如非贵单位申请，请联系辖区市场监管部门。"


def _check_may_be_invited(entity: Invitee, at: datetime, *, handover: bool) -> None:
    if entity.state != EntityState.CONFIRMED:
        raise refusals.ENTITY_NOT_CONFIRMED(entity=entity.name)
    if not (entity.credit_code or entity.code):
        raise refusals.NO_CODE_OF_ENTITY(entity=entity.name)
    chief = chiefs_in(Unit(entity_id=entity.entity_id), timezone.localdate(at)).first()
    if chief is not None and not handover:
        raise refusals.ENTITY_HAS_ACCOUNT(entity=entity.name, chief=chief.user.name)
    if chief is None and handover:
        raise refusals.NOBODY_TO_REPLACE(entity=entity.name)


def _filed_telephone(entity: Invitee) -> str:
    """Return the mobile number that the file names; empty for none that takes text messages."""
    contact = reachable([entity.entity_id]).get(entity.entity_id)
    number = telephone_of(contact) if contact else ""
    return number if MOBILE.fullmatch(number) else ""


def _replace_open(entity: Invitee, at: datetime) -> None:
    Invitation.objects.unscoped().filter(
        entity=entity.entity_id, end="", purpose__in=[InvitationPurpose.FIRST, InvitationPurpose.HANDOVER]
    ).update(end=InvitationEnd.REPLACED, ended_at=at)
