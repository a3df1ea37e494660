"""批准、退回、放弃抽查行动. Nobody approves what they planned."""

from __future__ import annotations

from datetime import datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.row_acts import act_on_row
from quanheng.apps.inspections import acts, refusals
from quanheng.apps.inspections.enums import CampaignState
from quanheng.apps.inspections.models import Campaign
from quanheng.apps.inspections.services.campaigns import CAMPAIGNS, demand_state


def approve_campaign(*, campaign_id: int, by: Actor, at: datetime) -> Campaign:
    """Approve a campaign that somebody else planned.

    Raises:
        RuleBroken: campaign_not_found, campaign_not_in_state, campaign_own_plan.
    """
    with act_on_row(CAMPAIGNS, acts.CAMPAIGN_APPROVED, campaign_id, by=by, at=at) as act:
        _decide(act.row, CampaignState.APPROVED, by, at)
    return act.row


def return_campaign(*, campaign_id: int, reason: str, by: Actor, at: datetime) -> Campaign:
    """Give a campaign back to whoever planned it.

    Raises:
        RuleBroken: campaign_not_found, campaign_not_in_state, campaign_own_plan, campaign_no_reason.
    """
    reason = reason.strip()
    with act_on_row(CAMPAIGNS, acts.CAMPAIGN_RETURNED, campaign_id, by=by, at=at, reason=reason) as act:
        _decide(act.row, CampaignState.RETURNED, by, at)
        act.row.reason = _said(reason)
    return act.row


def abandon_campaign(*, campaign_id: int, reason: str, by: Actor, at: datetime) -> Campaign:
    """Give a campaign up before it drew. One that was committed to stays public, with the reason.

    Raises:
        RuleBroken: campaign_not_found, campaign_not_in_state, campaign_no_reason.
    """
    reason = reason.strip()
    with act_on_row(CAMPAIGNS, acts.CAMPAIGN_ABANDONED, campaign_id, by=by, at=at, reason=reason) as act:
        demand_state(
            act.row, CampaignState.WAITING, CampaignState.RETURNED, CampaignState.APPROVED,
            CampaignState.COMMITTED,
        )  # fmt: skip
        act.row.state, act.row.reason, act.row.closed_at = CampaignState.ABANDONED, _said(reason), at
    return act.row


def _decide(campaign: Campaign, state: CampaignState, by: Actor, at: datetime) -> None:
    demand_state(campaign, CampaignState.WAITING)
    if campaign.planned_by_id == by.user_id:
        raise refusals.OWN_PLAN()
    campaign.state, campaign.decided_by_id, campaign.decided_at = state, by.user_id, at


def _said(reason: str) -> str:
    if not reason:
        raise refusals.NO_REASON()
    return reason[:300]
