"""结束抽查并公开: the secret opens, and with it the frame and whom it drew; anybody recomputes it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.row_acts import act_on_row
from quanheng.apps.inspections import acts, refusals
from quanheng.apps.inspections.enums import CampaignState, TaskState
from quanheng.apps.inspections.models import Campaign, InspectionTask
from quanheng.apps.inspections.services.campaigns import CAMPAIGNS, demand_state, last_day
from quanheng.kit.scope import EVERYTHING, acting_in


def close_campaign(*, campaign_id: int, by: Actor, at: datetime) -> Campaign:
    """Close a campaign once everything is checked, or its quarter is over, and publish its proof.

    What was not checked by then is shown as such to its office and the entity: a shortage is not hidden.

    Raises:
        RuleBroken: campaign_not_found, campaign_not_in_state, campaign_tasks_open.
    """
    with act_on_row(CAMPAIGNS, acts.CAMPAIGN_CLOSED, campaign_id, by=by, at=at) as act:
        campaign = act.row
        demand_state(campaign, CampaignState.DRAWN)
        with acting_in(EVERYTHING):
            waiting = InspectionTask.objects.unscoped().filter(campaign=campaign, state=TaskState.OPEN)
            left = len(waiting.select_for_update().values_list("pk"))
            if left and act.today <= last_day(campaign):
                raise refusals.TASKS_OPEN(open=left, last_day=last_day(campaign))
            waiting.update(
                state=TaskState.LEFT,
                reader_area=F("area_id"),
                reader_entity=F("entity_id"),
                reader_root=F("root_id"),
            )
        campaign.state, campaign.closed_at = CampaignState.CLOSED, at
        act.facts["unchecked"] = left
    return campaign
