"""撤销账号邀请: a paper that was lost or given to the wrong person opens nothing any more."""

from __future__ import annotations

from datetime import datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.units import check_is_chief, unit_of
from quanheng.apps.audit.row_acts import act_on_row
from quanheng.apps.people import acts, refusals
from quanheng.apps.people.enums import InvitationEnd, InvitationPurpose
from quanheng.apps.people.models import Invitation
from quanheng.apps.people.services.invitations import INVITATIONS, LONGEST, end
from quanheng.kit.refusals import REASON_TOO_LONG


def revoke_invitation(*, invitation_id: int, reason: str, by: Actor, at: datetime) -> Invitation:
    """Revoke an invitation that nobody has taken up.

    Raises:
        RuleBroken: no_reason, reason_too_long, invitation_not_found, invitation_over.
        NotYours: neither an officer of the area (of an entity's invitation) nor the unit's chief.
    """
    reason = reason.strip()
    if not reason:
        raise refusals.NO_REASON_TO_REVOKE()
    if len(reason) > LONGEST:
        raise REASON_TOO_LONG(most=LONGEST)
    with act_on_row(INVITATIONS, acts.INVITATION_REVOKED, invitation_id, by=by, at=at, reason=reason) as act:
        check_may_revoke(act.row, by)
        if act.row.end:
            raise refusals.INVITATION_OVER()
        end(act.row, InvitationEnd.REVOKED, at)
        act.facts |= {"invitation": act.row.number, "way": act.row.way}
    return act.row


def check_may_revoke(invitation: Invitation, by: Actor) -> None:
    """An office's invitation is revoked by the offices of the area, a unit's by its chief.

    Raises:
        RuleBroken: invitation_not_found.
        NotYours: not_chief.
    """
    if by.is_officer and invitation.purpose != InvitationPurpose.STAFF:
        return
    check_is_chief(by)
    unit, theirs = unit_of(by), (invitation.entity_id, invitation.agency_id)
    issued = by.is_officer and invitation.issued_by_id == by.user_id
    if not (by.scope.everything or issued or theirs == (unit.entity_id, unit.agency_id)):
        raise refusals.INVITATION_NOT_FOUND()
