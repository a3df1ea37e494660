"""抽取: the beacon has spoken; the tasks follow from what was fixed, and nobody chooses anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.row_acts import act_on_row
from quanheng.apps.inspections import acts, refusals
from quanheng.apps.inspections.enums import CampaignState
from quanheng.apps.inspections.models import Campaign, FrozenFrame, InspectionTask
from quanheng.apps.inspections.services.campaigns import (
    CAMPAIGNS,
    demand_quarter,
    demand_state,
    last_day,
)
from quanheng.apps.instruments.queries.frames import units
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.packs.case_fault import CaseFault
from quanheng.regulation.draw.commitment import parse_commitment
from quanheng.regulation.draw.documents import read_document
from quanheng.regulation.draw.frame import CLUSTER, INSPECTOR_COLUMNS, Frame, parse_frame
from quanheng.regulation.draw.proof import make_proof, proof_text
from quanheng.regulation.draw.seed import BeaconReveal, SealedReveal, SealedSource, VerifyRound

CHUNK = 2_000
SIGNATURE = re.compile(r"[0-9a-f]{96}")


def draw_campaign(
    *, campaign_id: int, signature: str, verify: VerifyRound, by: Actor, at: datetime
) -> Campaign:
    """Draw, and assign each task to its two officers.

    Args:
        signature: of the beacon's round, 96 hexadecimal digits.
        verify: tells whether it is the chain's.

    Raises:
        RuleBroken: campaign_not_found, campaign_not_in_state, campaign_quarter_gone, campaign_beacon_not_yet,
            campaign_no_signature, campaign_wrong_signature.
    """
    with act_on_row(CAMPAIGNS, acts.CAMPAIGN_DRAWN, campaign_id, by=by, at=at) as act:
        campaign = act.row
        demand_state(campaign, CampaignState.COMMITTED)
        demand_quarter(campaign, act.today)
        signature = _hexadecimal(signature)
        if campaign.known_at is not None and at < campaign.known_at:
            raise refusals.BEACON_NOT_YET(known=f"{timezone.localtime(campaign.known_at):%Y-%m-%d %H:%M:%S}")
        with acting_in(EVERYTHING):
            frozen = FrozenFrame.objects.get(pk=campaign.pk)
            frame = parse_frame(frozen.text)
            proof = _proof(campaign, frozen, frame, signature, verify)
            frozen.proof = proof_text(proof)
            frozen.save(update_fields=["proof"])
            stations = dict(zip(frame.column("id"), frame.column(CLUSTER), strict=True))
            InspectionTask.objects.unscoped().bulk_create(
                _tasks(campaign, proof, stations, act.today), batch_size=CHUNK
            )
        campaign.state, campaign.drawn_at = CampaignState.DRAWN, at
        act.facts["drawn"] = campaign.quota
    return campaign


def _hexadecimal(text: str) -> str:
    signature = text.strip().lower()
    if not SIGNATURE.fullmatch(signature):
        raise refusals.NO_SIGNATURE()
    return signature


def _proof(
    campaign: Campaign, frozen: FrozenFrame, frame: Frame, signature: str, verify: VerifyRound
) -> dict[str, Any]:
    commitment = parse_commitment(read_document(campaign.commitment))
    assert isinstance(commitment.source, SealedSource)  # noqa: S101  `commit_campaign` makes no other
    beacon = BeaconReveal(commitment.source.beacon.round, signature)
    try:
        return make_proof(
            commitment,
            frame,
            SealedReveal(beacon, frozen.secret),
            verify,
            inspectors=parse_frame(frozen.inspectors, INSPECTOR_COLUMNS),
        )
    except CaseFault as fault:
        raise refusals.WRONG_SIGNATURE(why=fault.message) from fault


def _tasks(
    campaign: Campaign, proof: dict[str, Any], stations: dict[str, str], day: date
) -> Iterator[InspectionTask]:
    """Yield a task for each unit that was drawn; nobody reads it yet but its two officers.

    Args:
        stations: where each unit stood when the frame was frozen: what stands together is one visit.
    """
    sent = {one["task"]: [int(each) for each in one["inspectors"]] for one in proof["tasks"]}
    picked = {
        int(pick["key"]): (stratum["stratum"], pick["ticket"])
        for stratum in proof["strata"]
        for pick in stratum["drawn"]
    }
    for unit in units(picked):
        lead, second = sent[stations[str(unit.id)]]
        stratum, ticket = picked[unit.id]
        yield InspectionTask(
            campaign=campaign, campaign_name=campaign.name, campaign_number=campaign.number or "",
            subject=campaign.subject, instrument_id=unit.id,
            entity_id=unit.entity_id, root_id=unit.root_id, area_id=unit.area_id,
            entity_name=unit.entity_name, instrument_name=unit.name, serial_number=unit.serial_number,
            place=unit.place, stratum=stratum, ticket=ticket, lead_id=lead, second_id=second,
            drawn_on=day, due_on=last_day(campaign),
        )  # fmt: skip
