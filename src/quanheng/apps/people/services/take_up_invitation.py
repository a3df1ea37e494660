"""凭邀请开通账号: whoever holds an invitation states whose it is, and chooses sign-in name and password.

Anybody may try; so a try is counted before anything is told, what was wrong is not told apart, and an
invitation that bears no more tries is void. What became of it is told to the filed telephone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone

from quanheng.apps.accounts.actors import SYSTEM, Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.queries import person
from quanheng.apps.accounts.services.enrol import Newcomer, Place, enrol
from quanheng.apps.accounts.services.sign_in import is_known_place
from quanheng.apps.accounts.units import Unit, end_chiefs
from quanheng.apps.audit.services import record
from quanheng.apps.people import acts, refusals
from quanheng.apps.people.enums import InvitationEnd, InvitationPurpose
from quanheng.apps.people.models import Invitation
from quanheng.apps.people.one_time_codes import opens, plain
from quanheng.apps.people.services.invitations import end, filed, most_tries
from quanheng.apps.people.services.invite_entity import tell_filed_telephone
from quanheng.apps.registry.queries import invitee
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.regulation.identifiers import normalise_credit_code

SAME_PLACE, SAME_NAME = "same_place", "same_name"  # as the issuer's


@dataclass(frozen=True, slots=True)
class Key:
    """What opens an invitation.

    Args:
        stated: the entity's credit code or code; of an agency's staff the telephone that was filed.
    """

    number: str
    code: str
    stated: str


def take_up_invitation(
    *, key: Key, who: Newcomer, address: str, signed_in: int | None = None, at: datetime
) -> Actor:
    """Open the account that an invitation is for.

    The caller must not undo it where it is refused: wrong tries are counted.

    Args:
        address: from where; a place that the issuer is known to use is told in the log.
        signed_in: whoever is signed in there already.

    Raises:
        RuleBroken: sign_out_first, invitation_opens_nothing, invitation_wrong, invitation_locked,
            issuer_takes_up, no_name, username_taken.
    """
    if signed_in is not None:
        raise refusals.SIGN_OUT_FIRST()
    with acting_in(EVERYTHING):
        invitation = _locked(key.number)
        if invitation is None or not invitation.is_open(at):
            raise refusals.INVITATION_OPENS_NOTHING()
        is_right = opens(invitation.number, invitation.digest, key.code) and _is_theirs(
            invitation, key.stated
        )
        if is_right:
            return _open(invitation, who, address, at)
        left = _count(invitation, at)
    if left == 0:
        raise refusals.INVITATION_LOCKED()
    raise refusals.INVITATION_WRONG(left=left)


def _locked(number: str) -> Invitation | None:
    rows = Invitation.objects.unscoped().select_for_update(of=("self",)).select_related("entity")
    return rows.filter(number=plain(number)[:16]).first()


def _is_theirs(invitation: Invitation, stated: str) -> bool:
    """Say whether the other half was stated: whose invitation it is."""
    if invitation.entity is None:
        return bool(invitation.phone) and _digits(stated) == _digits(invitation.phone)
    codes = {invitation.entity.credit_code, invitation.entity.code} - {None, ""}
    return bool({normalise_credit_code(stated), plain(stated)} & codes)


def _digits(telephone: str) -> str:
    return "".join(symbol for symbol in plain(telephone) if symbol.isdecimal())[-11:]


def _count(invitation: Invitation, at: datetime) -> int:
    """Count a wrong try; return how many are left."""
    invitation.tries += 1
    left = max(0, most_tries(at) - invitation.tries)
    if left == 0:
        end(invitation, InvitationEnd.LOCKED, at)
        record(
            acts.INVITATION_LOCKED, by=SYSTEM, at=at, **filed(invitation),
            after={"invitation": invitation.number, "tries": invitation.tries},
        )  # fmt: skip
    invitation.save(update_fields=["tries", "end", "ended_at"])
    return left


def _open(invitation: Invitation, who: Newcomer, address: str, at: datetime) -> Actor:
    issuer = person(invitation.issued_by_id or 0)
    if issuer is not None and issuer.phone and _digits(issuer.phone) == _digits(who.phone):
        raise refusals.ISSUER_TAKES_UP()
    is_chief = invitation.purpose != InvitationPurpose.STAFF
    day = timezone.localdate(at)
    unit = Unit(entity_id=invitation.entity_id)
    ended = end_chiefs(unit, day) if invitation.purpose == InvitationPurpose.HANDOVER else []
    place = Place(
        Role(invitation.role), invitation.area_id, invitation.entity_id, invitation.agency_id, is_chief
    )
    newcomer = enrol(replace(who, phone=who.phone or invitation.phone), place, on=day, at=at)
    if issuer is not None:
        invitation.doubt = _doubt(issuer.username, issuer.name, who, address, at)
    invitation.taken_up_by_id = newcomer.user_id
    end(invitation, InvitationEnd.TAKEN_UP, at)
    invitation.save(update_fields=["doubt", "taken_up_by", "end", "ended_at"])
    _tell(invitation, newcomer, who.username.strip(), ended, at)
    return newcomer


def _doubt(issuer: str, issuers_name: str, who: Newcomer, address: str, at: datetime) -> str:
    """Return what of the newcomer is as the issuer's: an officer who invites himself is told of."""
    same = [SAME_PLACE] if is_known_place(issuer, address, at=at) else []
    same += [SAME_NAME] if who.name.strip() == issuers_name else []
    return " ".join(same)


def _tell(invitation: Invitation, by: Actor, login: str, ended: list[str], at: datetime) -> None:
    after = {
        "invitation": invitation.number, "way": invitation.way, "purpose": invitation.purpose,
        "login": login, "invited_by": invitation.issued_by_name,
    }  # fmt: skip
    after |= {"doubt": invitation.doubt} if invitation.doubt else {}
    after |= {"chiefs_before": "、".join(ended)} if ended else {}
    record(acts.INVITATION_TAKEN_UP, by=by, at=at, **filed(invitation), after=after)
    if invitation.entity is not None:
        entity = invitee(invitation.entity)
        opened = f"{entity.short_name}已开通账号{login[:20]}"
        tell_filed_telephone(entity, f"{opened}。如非本单位人员，请联系辖区市场监管部门。", at)
