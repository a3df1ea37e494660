"""Campaigns of inspections, brought to where a test begins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.inspections.enums import CampaignState, FrameSubject, TaskState, Verdict
from quanheng.apps.inspections.models import Campaign, InspectionTask, ResultCorrection
from quanheng.apps.inspections.services.commit_campaign import commit_campaign
from quanheng.apps.inspections.services.decide_campaign import approve_campaign
from quanheng.apps.inspections.services.draw_campaign import draw_campaign
from quanheng.apps.inspections.services.plan_campaign import plan_campaign
from quanheng.apps.inspections.services.record_inspection import checklist_of
from quanheng.apps.instruments.models import Instrument
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.regulation.checklists import Answer, Said, items_of
from quanheng.regulation.draw.commitment import Commitment, FrameReference
from quanheng.regulation.draw.seed import BeaconSource
from tests.factories.ledger import NOW, make_entity, make_instrument, make_item
from tests.factories.people import make_actor, make_user, serial

SIGNATURE = "ab" * 48  # of a beacon that a test believes
SOME_COMMITMENT = Commitment(
    "CC2026Q4-0001", NOW, FrameReference("0" * 64, 1, ("id",)), {}, BeaconSource("0" * 64, 1)
)
FOUND = {
    "verdict": Verdict.FAILED, "checked_on": "2026-11-23", "checklist": "", "words": "", "answers": {},
}  # fmt: skip
SAID: dict[str, Any] = {
    "name": "计量护油", "subject": FrameSubject.FUEL_DISPENSERS, "legal_basis": "计量法第十八条",
    "matters": "防作弊功能、铅封、证书",
}  # fmt: skip


def believed(_chain: str, _round: int, _signature: bytes) -> bool:
    """Take any signature for the beacon's."""
    return True


@dataclass
class Quarter:
    """A county with stations, those who plan, and those who check."""

    area: Area
    planner: Actor
    approver: Actor
    dispensers: list[Instrument] = field(default_factory=list)
    inspectors: list[Actor] = field(default_factory=list)
    at: datetime = NOW

    def planned(self, **fields: Any) -> Campaign:
        said = {**SAID, "area_id": self.area.pk, "year": self.at.year, "quarter": 4, **fields}
        with acting_in(self.planner.scope):
            return plan_campaign(**said, by=self.planner, at=self.at)

    def committed(self) -> Campaign:
        campaign = self.planned()
        with acting_in(self.approver.scope):
            approve_campaign(campaign_id=campaign.pk, by=self.approver, at=self.at)
            return commit_campaign(campaign_id=campaign.pk, by=self.approver, at=self.at)

    def drawn(self) -> Campaign:
        campaign = self.committed()
        with acting_in(self.planner.scope):
            return draw_campaign(
                campaign_id=campaign.pk, signature=SIGNATURE, verify=believed, by=self.planner,
                at=self.at + timedelta(minutes=30),
            )  # fmt: skip

    def actor(self, user_id: int) -> Actor:
        """Return the officer with this id."""
        return next(one for one in (*self.inspectors, self.planner, self.approver) if one.user_id == user_id)


def make_quarter(area: Area, *, stations: int = 3, each: int = 4, inspectors: int = 2) -> Quarter:
    """Make a county with so many stations of so many dispensers, and officers."""
    item = make_item("fuel-dispenser", name="燃油加油机", category="fuel_dispenser")
    quarter = Quarter(
        area, make_actor(Role.COUNTY_OFFICER, area=area), make_actor(Role.COUNTY_OFFICER, area=area)
    )
    quarter.inspectors = [make_actor(Role.INSPECTOR, area=area) for _ in range(inspectors)]
    for number in range(stations):
        station = make_entity(f"第{number}加油站", area=area, premises="filling_station")
        quarter.dispensers += [
            make_instrument(station, item=item, name="燃油加油机", state="in_use") for _ in range(each)
        ]
    return quarter


def tasks_of(campaign: Campaign) -> list[InspectionTask]:
    """Return every task of a campaign."""
    with acting_in(EVERYTHING):
        rows = InspectionTask.objects.unscoped().filter(campaign=campaign).select_related("campaign")
        return list(rows.order_by("pk"))


def all_passed(task: InspectionTask) -> dict[str, Said]:
    """Return a checklist in which everything passed."""
    return {item.key: Said(Answer.PASSED) for item in items_of(checklist_of(task, NOW.date()))}


def make_campaign(area: Area, **fields: Any) -> Campaign:
    """Write a campaign that has drawn, as its row stands."""
    defaults: dict[str, Any] = {
        "name": "计量护油", "subject": FrameSubject.FUEL_DISPENSERS, "area": area, "area_last": area.last,
        "year": 2026, "quarter": 4, "legal_basis": "计量法", "matters": "铅封", "planned_at": NOW,
        "state": CampaignState.DRAWN, "number": f"CC2026Q4-{serial():04d}", "frame_day": NOW.date(),
        "committed_at": NOW, "known_at": NOW, "drawn_at": NOW, "commitment": SOME_COMMITMENT.text,
    }  # fmt: skip
    with acting_in(EVERYTHING):
        return Campaign.objects.unscoped().create(**defaults | fields)


def make_inspection(unit: Instrument, campaign: Campaign | None = None, **fields: Any) -> InspectionTask:
    """Write a task on a unit, as its row stands; two officers of no place hold it."""
    with acting_in(EVERYTHING):
        defaults: dict[str, Any] = {
            "campaign": campaign or make_campaign(unit.area), "campaign_name": "计量护油", "instrument": unit,
            "subject": FrameSubject.FUEL_DISPENSERS,
            "entity_id": unit.entity_id, "root_id": unit.root_id, "area_id": unit.area_id,
            "entity_name": "加油站", "instrument_name": unit.name, "serial_number": unit.serial_number,
            "stratum": unit.area.code, "ticket": "0" * 64, "lead": fields.pop("lead", None) or make_user(),
            "second": make_user(), "drawn_on": NOW.date(),
            "due_on": date(2026, 12, 31),
        }  # fmt: skip
        return InspectionTask.objects.unscoped().create(**defaults | fields)


def make_inspections(unit: Instrument, mark: Callable[..., str]) -> dict[str, Any]:
    """Make a campaign, a task that only its officer knows of, and one that is open to office and entity."""
    area, entity, lead = unit.area, unit.entity, make_user()
    campaign = make_campaign(
        area, name=mark(area, public=True), legal_basis=mark(area), matters=mark(area), reason=mark(area)
    )
    make_inspection(
        unit, campaign, lead=lead, entity_name=mark(area, user_id=lead.pk), place=mark(area, user_id=lead.pk)
    )
    done = make_inspection(
        unit, make_campaign(area, name=mark(area, public=True)), words=mark(area, entity),
        entity_name=mark(area, entity), state=TaskState.DONE, verdict=Verdict.FAILED, checked_on=NOW.date(),
        reader_area=unit.area_id, reader_entity=unit.entity_id, reader_root=unit.root_id,
    )  # fmt: skip
    with acting_in(EVERYTHING):
        ResultCorrection.objects.unscoped().create(
            task=done, reason=mark(area, entity), before=FOUND, after=FOUND, proposed_by_id=done.lead_id,
            proposed_at=NOW,
        )  # fmt: skip
    return {"campaign_id": campaign.pk, "inspection_id": done.pk, "draw_number": campaign.number}
