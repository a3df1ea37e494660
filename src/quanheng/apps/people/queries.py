"""What invitations, requests for an account and a unit's own accounts can be asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.units import Unit, unit_of
from quanheng.apps.people.models import AccountRequest, Invitation
from quanheng.apps.people.one_time_codes import code_by_text, in_fours, opens
from quanheng.apps.registry.queries import has_telephone
from quanheng.kit.scope import ScopedQuerySet
from quanheng.packs.public_texts import signed_message


@dataclass(frozen=True, slots=True)
class Letter:
    """A text message as it goes out; the number and the code stand in no row of the outbox."""

    telephone: str
    text: str


def invitations(by: Actor) -> ScopedQuerySet[Invitation]:
    """Return the invitations that an actor sees: an office those of its area, a unit its own."""
    rows = Invitation.objects.visible_to(by).select_related("entity", "agency", "taken_up_by", "area")
    return rows if by.is_officer or by.scope.everything else rows.filter(**unit_of(by).named)


def invitation_of(invitation_id: int, by: Actor) -> Invitation | None:
    """Return one of them."""
    return invitations(by).filter(pk=invitation_id).first()


def invitations_to(unit: Unit, by: Actor) -> QuerySet[Invitation]:
    """Return the invitations of a unit, the newest first."""
    return invitations(by).filter(**unit.named).order_by("-pk")


def account_requests(by: Actor) -> ScopedQuerySet[AccountRequest]:
    """Return the requests for an account that an office sees."""
    return AccountRequest.objects.visible_to(by).select_related("entity", "area", "decided_by", "invitation")


def account_request(request_id: int, by: Actor) -> AccountRequest | None:
    """Return one of them."""
    return account_requests(by).filter(pk=request_id).first()


def is_filed_telephone(request: AccountRequest, by: Actor) -> bool:
    """Say whether the telephone of a request stands in the entity's file."""
    if request.entity_id is None:
        return False
    return has_telephone(request.entity_id, request.phone_hash, by)


def invitation_letter(invitation_id: int, address: str, at: datetime) -> Letter | None:
    """Return the text message of an invitation; None where it opens nothing any more.

    Args:
        address: where invitations are taken up, without the number.
    """
    invitation = Invitation.objects.unscoped().select_related("entity", "agency").get(pk=invitation_id)
    code = code_by_text(invitation.number)
    if not invitation.is_open(at) or not opens(invitation.number, invitation.digest, code):
        return None
    unit = invitation.entity or invitation.agency
    until = timezone.localtime(invitation.expires_at)
    text = (
        f"{str(unit)[:20]}邀请您开通账号：{address}{invitation.number} 一次性码 {in_fours(code)}，"
        f"{until.month}月{until.day}日前有效。请勿转告他人。"
    )
    return Letter(invitation.phone, signed_message(text, timezone.localdate(at)))


def request_letter(request_id: int) -> Letter:
    """Return the text message that answers a request that was refused."""
    request = AccountRequest.objects.unscoped().get(pk=request_id)
    text = f"账号开通申请 {request.number} 未获同意：{request.decision_reason[:60]}"
    return Letter(request.phone, signed_message(text, timezone.localdate()))
