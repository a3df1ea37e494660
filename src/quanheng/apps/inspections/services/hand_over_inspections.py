"""更换检查人员: everything that one officer still has to check in a campaign goes to another.

Whoever runs the campaign does it without seeing the tasks. The draw chose the two by lot: the change stands
in the log, with its reason and with both names.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q, QuerySet

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.colleagues import names_of, officers_seated
from quanheng.apps.accounts.queries import county_of
from quanheng.apps.audit.row_acts import act_on_row
from quanheng.apps.inspections import acts, refusals
from quanheng.apps.inspections.enums import CampaignState, TaskState
from quanheng.apps.inspections.models import Campaign, InspectionTask
from quanheng.apps.inspections.services.campaigns import CAMPAIGNS, demand_state
from quanheng.kit.scope import EVERYTHING, acting_in


def hand_over_inspections(
    *, campaign_id: int, from_id: int, to_id: int, reason: str, by: Actor, at: datetime
) -> int:
    """Give one officer's open tasks of a campaign to another officer of the same county.

    Returns:
        How many tasks there were.

    Raises:
        RuleBroken: campaign_not_found, campaign_not_in_state, campaign_no_reason, inspection_unfit_officer,
            inspection_nothing_to_hand_over.
    """
    reason = reason.strip()
    if not reason:
        raise refusals.NO_REASON()
    with act_on_row(CAMPAIGNS, acts.INSPECTIONS_HANDED_OVER, campaign_id, by=by, at=at, reason=reason) as act:
        campaign = act.row
        demand_state(campaign, CampaignState.DRAWN)
        if to_id == by.user_id:  # who hands over does not come to see whom the draw met
            raise refusals.UNFIT_OFFICER()
        with acting_in(EVERYTHING):
            tasks = list(_open_tasks(campaign, from_id))
            if not tasks:
                raise refusals.NOTHING_TO_HAND_OVER()
            seated = {area: _seated(area, act.today) for area in {task.area_id for task in tasks}}
            for task in tasks:
                _change(task, from_id, to_id, seated[task.area_id])
            InspectionTask.objects.unscoped().bulk_update(tasks, ["lead", "second"])
        names = names_of((from_id, to_id))
        act.facts |= {"from": names.get(from_id, ""), "to": names.get(to_id, ""), "tasks": len(tasks)}
    return len(tasks)


def _open_tasks(campaign: Campaign, user_id: int) -> QuerySet[InspectionTask]:
    theirs = Q(lead_id=user_id) | Q(second_id=user_id)
    rows = InspectionTask.objects.unscoped().filter(theirs, campaign=campaign, state=TaskState.OPEN)
    return rows.select_for_update().order_by("pk")


def _change(task: InspectionTask, from_id: int, to_id: int, seated: set[int]) -> None:
    """Put one officer in another's place, where that one sits in the county and is not the second."""
    if to_id in (task.lead_id, task.second_id) or to_id not in seated:
        raise refusals.UNFIT_OFFICER()
    if task.lead_id == from_id:
        task.lead_id = to_id
    else:
        task.second_id = to_id


def _seated(area_id: int, today: date) -> set[int]:
    """Return the officers who sit in the county of an area."""
    county = county_of(area_id, today)
    if county is None:
        return set()
    return {user_id for user_id, _seat in officers_seated(county.pk, county.last, today)}
