"""撤回变更申请: whoever asked the office for a change takes it back; the ledger stays as it is."""

from __future__ import annotations

from datetime import datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.enums import ProposalState
from quanheng.apps.instruments.models import ProposedChange
from quanheng.apps.instruments.services.decide_proposal import LONGEST, settle_proposal


def withdraw_proposal(*, proposal_id: int, reason: str, by: Actor, at: datetime) -> ProposedChange:
    """Take back what one asked for, before the office has decided.

    Raises:
        RuleBroken: no_reason, too_long, proposal_not_waiting, not_the_asker.
        NotYours: the instrument is not the actor's.
    """
    reason = reason.strip()
    if not reason:
        raise refusals.NO_REASON_TO_WITHDRAW()
    if len(reason) > LONGEST:
        raise refusals.WITHDRAWAL_TOO_LONG(most=LONGEST)
    verb, there = acts.CHANGE_WITHDRAWN, ProposalState.WITHDRAWN
    with settle_proposal(verb, proposal_id, there, by=by, at=at, reason=reason) as proposal:
        if proposal.proposed_by_id != by.user_id:
            raise refusals.ONLY_ASKER_WITHDRAWS()
        proposal.reason = reason
    return proposal
