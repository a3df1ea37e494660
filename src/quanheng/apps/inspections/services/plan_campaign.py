"""提出抽查行动: what is to be checked, where, in which quarter, on what basis; another approves it."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from quanheng.apps.accounts import queries as accounts
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.row_acts import act_on_row
from quanheng.apps.audit.services import record
from quanheng.apps.inspections import acts, refusals
from quanheng.apps.inspections.enums import CampaignState, FrameSubject
from quanheng.apps.inspections.models import Campaign
from quanheng.apps.inspections.services.campaigns import CAMPAIGNS, demand_state, filed, told
from quanheng.kit.acts import check
from quanheng.regulation.quarters import Quarter


def plan_campaign(
    *, name: str, subject: FrameSubject, area_id: int, year: int, quarter: int, legal_basis: str,
    matters: str, by: Actor, at: datetime,
) -> Campaign:  # fmt: skip
    """Plan a campaign; it waits for somebody else's approval.

    Raises:
        RuleBroken: campaign_area_beyond, campaign_no_such_quarter, campaign_quarter_over,
            campaign_said_nothing.
        NotYours: the role plans none.
    """
    area = accounts.area(area_id)
    if area is None or not by.scope.covers_area(area.pk):
        raise refusals.AREA_BEYOND()
    campaign = Campaign(
        name=name.strip(), subject=subject, area=area, area_last=area.last, year=year, quarter=quarter,
        legal_basis=legal_basis.strip(), matters=matters.strip(), planned_by_id=by.user_id, planned_at=at,
    )  # fmt: skip
    check(acts.CAMPAIGN_PLANNED, by, campaign)
    _check(campaign, timezone.localdate(at))
    campaign.save()
    record(acts.CAMPAIGN_PLANNED, by=by, at=at, after=told(campaign), **filed(campaign))
    return campaign


def revise_campaign(
    *, campaign_id: int, name: str, year: int, quarter: int, legal_basis: str, matters: str, by: Actor,
    at: datetime,
) -> Campaign:  # fmt: skip
    """Put a campaign right that was returned, or that nobody has decided on; it waits again.

    Raises:
        RuleBroken: as `plan_campaign`; campaign_not_found, campaign_not_in_state.
    """
    with act_on_row(CAMPAIGNS, acts.CAMPAIGN_REVISED, campaign_id, by=by, at=at) as act:
        campaign = act.row
        demand_state(campaign, CampaignState.WAITING, CampaignState.RETURNED)
        campaign.name, campaign.year, campaign.quarter = name.strip(), year, quarter
        campaign.legal_basis, campaign.matters = legal_basis.strip(), matters.strip()
        _check(campaign, act.today)
        # Whoever writes it last is whose plan it is: another approves.
        campaign.planned_by_id, campaign.planned_at = by.user_id, at
        campaign.state, campaign.reason = CampaignState.WAITING, ""
        campaign.decided_by_id, campaign.decided_at = None, None
    return campaign


def _check(campaign: Campaign, today: date) -> None:
    if not (campaign.name and campaign.legal_basis and campaign.matters):
        raise refusals.SAID_NOTHING()
    if not (1 <= campaign.quarter <= 4 and today.year - 1 <= campaign.year <= today.year + 1):
        raise refusals.NO_SUCH_QUARTER()
    if Quarter(campaign.year, campaign.quarter).last < today:
        raise refusals.QUARTER_OVER(year=campaign.year, quarter=campaign.quarter)
