"""What the acts on a campaign share: the kind of row, and how it is found and refused."""

from __future__ import annotations

from datetime import date
from typing import Any

from quanheng.apps.audit.row_acts import RowKind
from quanheng.apps.inspections import refusals
from quanheng.apps.inspections.enums import CampaignState
from quanheng.apps.inspections.models import Campaign
from quanheng.regulation.quarters import Quarter


def filed(campaign: Campaign) -> dict[str, Any]:
    """Return under what the log files an act."""
    return {"area_id": campaign.area_id, "subject": str(campaign)[:80]}


def told(campaign: Campaign) -> dict[str, Any]:
    """Return what the log tells of a campaign. Never the secret, the frame or whom it drew."""
    return {
        "state": campaign.state, "name": campaign.name, "year": campaign.year, "quarter": campaign.quarter,
        "legal_basis": campaign.legal_basis, "matters": campaign.matters, "number": campaign.number,
        "frame_digest": campaign.frame_digest, "commitment_digest": campaign.commitment_digest,
    }  # fmt: skip


CAMPAIGNS = RowKind(
    model=Campaign, missing=refusals.CAMPAIGN_NOT_FOUND, filed=filed, told=told, related=("area",)
)


def demand_state(campaign: Campaign, *states: CampaignState) -> None:
    """Raises RuleBroken: campaign_not_in_state."""
    if campaign.state not in states:
        raise refusals.NOT_IN_STATE(state=CampaignState(campaign.state).label)


def demand_quarter(campaign: Campaign, day: date) -> None:
    """Raises RuleBroken: campaign_quarter_not_begun, campaign_quarter_gone."""
    quarter = quarter_of_campaign(campaign)
    if day < quarter.first:
        raise refusals.QUARTER_NOT_BEGUN(**{"from": quarter.first})
    if day > quarter.last:
        raise refusals.QUARTER_GONE(year=quarter.year, quarter=quarter.number)


def quarter_of_campaign(campaign: Campaign) -> Quarter:
    """Return its quarter."""
    return Quarter(campaign.year, campaign.quarter)


def last_day(campaign: Campaign) -> date:
    """Return the last day on which its checks count."""
    return quarter_of_campaign(campaign).last
