"""冻结抽样框并公布承诺: everything that a draw will follow from is fixed before anybody can know the seed.

The seed is SHA-256 of a secret, drawn here and committed to by its hash, and of a round of a public beacon
that is still to come. The beacon keeps us from choosing; the secret keeps everybody else from knowing, until
the campaign is closed, who is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_hex

from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.demonstration import is_demonstration
from quanheng.apps.audit.commit_draw import commit_draw
from quanheng.apps.audit.row_acts import act_on_row
from quanheng.apps.inspections import acts, refusals
from quanheng.apps.inspections.enums import CampaignState, FrameSubject
from quanheng.apps.inspections.frames import (
    SUBJECTS,
    Strata,
    inspector_frame,
    inspectors_by_stratum,
    strata_of,
    unit_frame,
)
from quanheng.apps.inspections.models import Campaign, FrozenFrame
from quanheng.apps.inspections.services.campaigns import CAMPAIGNS, demand_quarter, demand_state
from quanheng.kit.advisory_locks import take_turns
from quanheng.kit.scope import EVERYTHING, acting_in, seeing_everything
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePack
from quanheng.packs.shipped import shipped
from quanheng.regulation.draw.commitment import (
    BEACON_RULE,
    DEMONSTRATION_RULE,
    Commitment,
    beacon_of,
    commit,
)
from quanheng.regulation.draw.frame import Frame
from quanheng.regulation.draw.quotas import quotas, sizes
from quanheng.regulation.draw.seed import (
    SECRET_BYTES,
    BeaconSource,
    SealedSource,
    first_round_from,
    round_time,
)

AHEAD = timedelta(minutes=10)  # from the commitment to the beacon's round: time for the log to be signed


def commit_campaign(*, campaign_id: int, by: Actor, at: datetime, beacon: RulePack | None = None) -> Campaign:
    """Freeze the frame of an approved campaign and publish the commitment to its draw.

    Args:
        beacon: whose round enters the seed; None for the public one in force. That of the demonstration,
            whose rounds anybody signs, is refused anywhere else.

    Raises:
        RuleBroken: campaign_not_found, campaign_not_in_state, campaign_quarter_not_begun,
            campaign_quarter_gone, campaign_cannot_draw, campaign_too_few_inspectors,
            campaign_demonstration_beacon; what `commit_draw` raises.
    """
    beacon = beacon or shipped().in_force(BEACON_RULE, timezone.localdate(at))
    if beacon.rule == DEMONSTRATION_RULE and not is_demonstration():
        raise refusals.DEMONSTRATION_BEACON()
    with act_on_row(CAMPAIGNS, acts.CAMPAIGN_COMMITTED, campaign_id, by=by, at=at) as act:
        campaign = act.row
        demand_state(campaign, CampaignState.APPROVED)
        demand_quarter(campaign, act.today)
        demand_quarter(campaign, timezone.localdate(at + AHEAD))  # the beacon speaks within it
        secret = token_hex(SECRET_BYTES)
        try:
            with seeing_everything():
                frame, inspectors, made = _committed(campaign, secret, beacon, at)
        except CaseFault as fault:
            raise refusals.CANNOT_DRAW(why=fault.message) from fault
        _keep(campaign, frame, made, at)
        with seeing_everything():
            FrozenFrame.objects.create(
                campaign=campaign, text=frame.text, inspectors=inspectors.text, secret=secret
            )
        with acting_in(EVERYTHING):  # another office may have committed to this name
            commit_draw(
                draw_id=made.draw_id, digest=made.digest, known_at=campaign.known_at,
                seed_round=_round(made), by=by, at=at,
            )  # fmt: skip
    return campaign


def _committed(
    campaign: Campaign, secret: str, beacon: RulePack, at: datetime
) -> tuple[Frame, Frame, Commitment]:
    today = timezone.localdate(at)
    subject = SUBJECTS[FrameSubject(campaign.subject)]
    rule = shipped().in_force(subject.rule, today)
    strata = strata_of(campaign.area, today)
    frame = unit_frame(subject, campaign.area, strata)
    inspectors = inspector_frame(campaign.area, strata, today)
    owed, per_task = quotas(frame, rule), rule.table("inspectors").values["per_task"]
    _check_inspectors(owed, inspectors, per_task, strata)
    there = sizes(frame)
    campaign.strata = [
        {
            "area": strata.areas[code],
            "code": code,
            "name": strata.names[code],
            "size": there[code],
            "quota": n,
        }
        for code, n in owed.items()
    ]
    source = SealedSource(
        BeaconSource(beacon.table("chain").values["chain_hash"], first_round_from(at + AHEAD, beacon)),
        sha256(bytes.fromhex(secret)).hexdigest(),
    )
    campaign.known_at = round_time(source.beacon.round, beacon)
    made = commit(
        draw_id=_next_number(campaign), committed_at=timezone.localtime(at), frame=frame, quotas=owed,
        source=source, packs=(rule, beacon), inspectors=inspectors, per_task=per_task,
    )  # fmt: skip
    return frame, inspectors, made


def _check_inspectors(owed: Mapping[str, int], inspectors: Frame, needed: int, strata: Strata) -> None:
    """Refuse before anything is fixed what nobody could visit."""
    there = inspectors_by_stratum(inspectors)
    for code, quota in owed.items():
        if quota and there[code] < needed:
            raise refusals.TOO_FEW_INSPECTORS(area=strata.names[code], there=there[code], needed=needed)


def _next_number(campaign: Campaign) -> str:
    """Number the commitments of a year and quarter one after another: a gap would be a hidden draw."""
    take_turns("draw number", campaign.year, campaign.quarter)
    begun = f"CC{campaign.year}Q{campaign.quarter}-"
    return f"{begun}{Campaign.objects.unscoped().filter(number__startswith=begun).count() + 1:04d}"


def _keep(campaign: Campaign, frame: Frame, made: Commitment, at: datetime) -> None:
    campaign.number, campaign.state, campaign.committed_at = made.draw_id, CampaignState.COMMITTED, at
    campaign.frame_day, campaign.frame_digest = timezone.localdate(at), frame.digest
    campaign.frame_size, campaign.quota = len(frame.rows), sum(made.quotas.values())
    campaign.commitment, campaign.commitment_digest = made.text, made.digest


def _round(made: Commitment) -> int | None:
    beacon = beacon_of(made.source)
    return beacon.round if beacon else None
