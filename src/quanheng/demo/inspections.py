"""Campaigns of inspections of the demonstration: one that waits for approval, one returned, one committed to.

None has drawn: a draw waits for a round of a public beacon that is still to come, in a demonstration too.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.inspections.enums import FrameSubject
from quanheng.apps.inspections.services.commit_campaign import commit_campaign
from quanheng.apps.inspections.services.decide_campaign import approve_campaign, return_campaign
from quanheng.apps.inspections.services.plan_campaign import plan_campaign
from quanheng.demo.people import actor
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import acting_in
from quanheng.regulation.quarters import quarter_of

NAMES = ("计量护油专项行动", "加油机日常抽查", "节前加油机抽查")
BASIS = "《计量法》第十八条；2026年计量监管实施方案三(一)1"
MATTERS = "防作弊功能、铅封完整性、检定证书有效性"


def plan_inspections(*, at: datetime) -> int:
    """Plan the quarter's campaigns of the home county.

    Returns:
        How many were committed to: none where the county has no dispensers, or too few officers.
    """
    planner, decider = actor("xian"), actor("shi")
    campaigns = [_planned(planner, name, at) for name in NAMES]
    with acting_in(decider.scope):
        return_campaign(campaign_id=campaigns[1], reason="检查事项请写明防作弊功能。", by=decider, at=at)
        approve_campaign(campaign_id=campaigns[0], by=decider, at=at)
    try:
        with acting_in(planner.scope):
            commit_campaign(campaign_id=campaigns[0], by=planner, at=at)
    except RuleBroken:  # a small demonstration may have no dispenser in the county
        return 0
    return 1


def _planned(planner: Actor, name: str, at: datetime) -> int:
    from_today = quarter_of(timezone.localdate(at))
    with acting_in(planner.scope):
        return plan_campaign(
            name=name, subject=FrameSubject.FUEL_DISPENSERS, area_id=planner.area_id or 0,
            year=from_today.year, quarter=from_today.number, legal_basis=BASIS, matters=MATTERS, by=planner,
            at=at,
        ).pk  # fmt: skip
