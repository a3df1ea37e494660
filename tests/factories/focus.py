"""Stations that fail their draws, and rows of the focus list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.focus.models import FocusListing
from quanheng.apps.focus.services.review import review
from quanheng.apps.inspections.enums import TaskState, Verdict
from quanheng.apps.inspections.models import InspectionTask
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories.inspections import make_campaign, make_inspection
from tests.factories.ledger import NOW
from tests.factories.people import as_system, make_actor, serial


def visit(
    *units: Instrument, passed: bool = False, on: date, lead: Actor | None = None, **fields: Any
) -> list[InspectionTask]:
    """Write what one campaign drew at one station and what was found on a day."""
    unit = units[0]
    with acting_in(EVERYTHING):
        campaign = fields.pop("campaign", None) or make_campaign(unit.area)
        done = {
            "campaign_number": campaign.number, "state": TaskState.DONE, "checked_on": on,
            "verdict": Verdict.PASSED if passed else Verdict.FAILED,
            "reader_area": unit.area_id, "reader_entity": unit.entity_id, "reader_root": unit.root_id,
        } | fields  # fmt: skip
        if lead is not None:
            done["lead_id"] = lead.user_id
        return [make_inspection(each, campaign, **done) for each in units]


def two_failures(unit: Instrument, *, days: tuple[date, date], at: datetime) -> FocusListing:
    """Have a station fail twice, and return what the rule proposes."""
    for day in days:
        visit(unit, on=day)
    with acting_in(EVERYTHING):
        review(unit.entity_id, at=at)
        return FocusListing.objects.unscoped().get(entity_id=unit.entity_id)


@as_system
def make_listing(entity: Entity, **fields: Any) -> FocusListing:
    """Write a row that is proposed."""
    defaults: dict[str, Any] = {
        "number": f"ZD{serial():08d}", "root": entity.root or entity, "area": entity.area,
        "entered_on": NOW.date(), "proposed_at": NOW, "reason": "连续 2 次抽查不合格",
    }  # fmt: skip
    return FocusListing.objects.unscoped().create(entity=entity, **defaults | fields)


def mark_focus_listing(entity: Entity, mark: Callable[..., str]) -> dict[str, Any]:
    """Make a row every text of which tells whose it is; return its id."""
    said = [mark(entity.area, entity) for _ in range(11)]
    names = (
        "number", "reason", "decision", "exit_reason", "end_reason", "objection", "answer",
        "objected_by_name", "answered_by_name", "decided_by_name", "ended_by_name",
    )  # fmt: skip
    day = NOW.date()
    listing = make_listing(
        entity, state="listed", listed_on=day, decided_at=NOW, next_visit_by=day + timedelta(days=9),
        objected_at=NOW, answered_at=NOW, ended_on=day, **dict(zip(names, said, strict=True)),
    )  # fmt: skip
    return {"focus_id": listing.pk}


def make_decider(unit: Instrument) -> Actor:
    """Make a county officer who checked nothing."""
    return make_actor(Role.COUNTY_OFFICER, area=unit.area)


def read(listing: FocusListing) -> FocusListing:
    """Return a row as it stands."""
    with acting_in(EVERYTHING):
        return FocusListing.objects.unscoped().select_related("entity").get(pk=listing.pk)


def correct(task: InspectionTask, verdict: Verdict) -> None:
    """Put a result right, as its row stands."""
    with acting_in(EVERYTHING):
        InspectionTask.objects.unscoped().filter(pk=task.pk).update(verdict=verdict)
