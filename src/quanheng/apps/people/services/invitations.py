"""What acts on invitations have in common: how one is drawn up, by which rules, what the log says of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.audit.row_acts import RowKind
from quanheng.apps.outbox.services import post
from quanheng.apps.outbox.texts import MOBILE, TEXT
from quanheng.apps.people import refusals
from quanheng.apps.people.enums import InvitationEnd, InvitationPurpose, InvitationWay
from quanheng.apps.people.models import Invitation
from quanheng.apps.people.one_time_codes import code_by_text, digest_of, new_code, new_number
from quanheng.packs.shipped import shipped

RULE = "accounts/invitations"
LONGEST = 300


def filed(invitation: Invitation) -> dict[str, Any]:
    """Return under what the log files an act."""
    return {
        "area_id": invitation.area_id, "entity_id": invitation.entity_id, "root_id": invitation.root_id,
        "subject": invitation.number,
    }  # fmt: skip


INVITATIONS = RowKind(model=Invitation, missing=refusals.INVITATION_NOT_FOUND, filed=filed)


@dataclass(frozen=True, slots=True)
class Issued:
    """An invitation, and its code, which is shown this once; empty where it goes by text message."""

    invitation: Invitation
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """To what somebody is invited.

    Args:
        phone: where a text message goes, and what whoever takes up an agency's invitation states.
    """

    purpose: InvitationPurpose
    role: Role
    area_id: int
    entity_id: int | None = None
    root_id: int | None = None
    agency_id: int | None = None
    name: str = ""
    username: str = ""
    phone: str = ""
    reason: str = ""


def draw_up(terms: Terms, way: InvitationWay, *, by: Actor, at: datetime) -> Issued:
    """Write an invitation in the caller's transaction; a text message goes out after the commit.

    Raises:
        RuleBroken: not_mobile.
    """
    by_text = way == InvitationWay.TEXT
    if by_text and not MOBILE.fullmatch(terms.phone):
        raise refusals.NOT_MOBILE()
    number = new_number()
    code = code_by_text(number) if by_text else new_code()
    facts = {name: getattr(terms, name) for name in terms.__slots__}
    invitation = Invitation.objects.unscoped().create(
        number=number, digest=digest_of(number, code), way=way, issued_by_id=by.user_id,
        issued_by_name=by.name, issued_at=at, expires_at=at + _validity(way, at), **facts,
    )  # fmt: skip
    if by_text:
        post(TEXT, {"invitation": invitation.pk}, at=at)
    return Issued(invitation, "" if by_text else code)


def told(invitation: Invitation) -> dict[str, Any]:
    """Return what the log says of an invitation that was issued: never its code, never a telephone."""
    return {
        "invitation": invitation.number, "way": invitation.way, "purpose": invitation.purpose,
        "role": invitation.role, "invited": invitation.name,
        "expires_on": timezone.localdate(invitation.expires_at).isoformat(),
    }  # fmt: skip


def end(invitation: Invitation, how: InvitationEnd, at: datetime) -> None:
    """Have an invitation open nothing any more; the row is not saved."""
    invitation.end, invitation.ended_at = how, at


def most_tries(at: datetime) -> int:
    """Return after how many wrong tries an invitation is void."""
    return int(_rule(at)["tries"].values["most"])


def _validity(way: InvitationWay, at: datetime) -> timedelta:
    values = _rule(at)["validity"].values
    return timedelta(days=int(values["text_days"] if way == InvitationWay.TEXT else values["paper_days"]))


def _rule(at: datetime) -> Any:
    return shipped().in_force(RULE, timezone.localdate(at)).tables
