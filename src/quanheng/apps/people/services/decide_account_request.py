"""审核账号开通申请: the county confirms who asked, and invites; or refuses, and whoever asked is told why."""

from __future__ import annotations

from datetime import datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.row_acts import RowKind, act_on_row
from quanheng.apps.outbox.services import post
from quanheng.apps.outbox.texts import TEXT
from quanheng.apps.people import acts, refusals
from quanheng.apps.people.enums import AccountRequestState, InvitationWay
from quanheng.apps.people.models import AccountRequest
from quanheng.apps.people.services.invitations import LONGEST
from quanheng.apps.people.services.invite_entity import invite_entity
from quanheng.apps.registry.queries import invitee_with_code
from quanheng.kit.refusals import REASON_TOO_LONG
from quanheng.kit.scope import EVERYTHING, acting_in

REQUESTS = RowKind(
    model=AccountRequest, missing=refusals.REQUEST_NOT_FOUND,
    filed=lambda request: {"area_id": request.area_id, "subject": request.number},
)  # fmt: skip


def grant_account_request(
    *, request_id: int, reason: str, handover: bool = False, by: Actor, at: datetime
) -> AccountRequest:
    """Confirm who asked: the invitation goes to their telephone, and the filed one is told.

    Args:
        reason: how it was confirmed that they act for the entity.
        handover: they take the place of the present chief.

    Raises:
        RuleBroken: no_reason, reason_too_long, account_request_not_found, request_already_decided,
            request_without_entity, and what `invite_entity` raises.
        NotYours: the role does not decide.
    """
    reason = _said(reason)
    with act_on_row(REQUESTS, acts.ACCOUNT_REQUEST_GRANTED, request_id, by=by, at=at, reason=reason) as act:
        request = act.row
        _decide(request, AccountRequestState.GRANTED, reason, by, at)
        with acting_in(EVERYTHING):  # its file may have been opened, or moved, since it was asked
            entity = invitee_with_code(request.code)
        if entity is None:
            raise refusals.REQUEST_WITHOUT_ENTITY(code=request.code)
        issued = invite_entity(
            entity_id=entity.entity_id, way=InvitationWay.TEXT, reason=reason, handover=handover,
            phone=request.phone, name=request.name, by=by, at=at,
        )  # fmt: skip
        request.entity_id, request.invitation = entity.entity_id, issued.invitation
        act.facts |= {"invitation": issued.invitation.number, "state": request.state}
    return request


def refuse_account_request(*, request_id: int, reason: str, by: Actor, at: datetime) -> AccountRequest:
    """Refuse a request; whoever asked reads the reason.

    Raises:
        RuleBroken: no_reason, reason_too_long, account_request_not_found, request_already_decided.
        NotYours: the role does not decide.
    """
    reason = _said(reason)
    with act_on_row(REQUESTS, acts.ACCOUNT_REQUEST_REFUSED, request_id, by=by, at=at, reason=reason) as act:
        _decide(act.row, AccountRequestState.REFUSED, reason, by, at)
        act.facts |= {"state": act.row.state}
    post(TEXT, {"account_request": act.row.pk}, at=at)
    return act.row


def _said(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise refusals.NO_REASON_TO_DECIDE()
    if len(reason) > LONGEST:
        raise REASON_TOO_LONG(most=LONGEST)
    return reason


def _decide(
    request: AccountRequest, there: AccountRequestState, reason: str, by: Actor, at: datetime
) -> None:
    if request.state != AccountRequestState.WAITING:
        raise refusals.REQUEST_DECIDED()
    request.state, request.decided_by_id, request.decided_at = there, by.user_id, at
    request.decision_reason = reason
