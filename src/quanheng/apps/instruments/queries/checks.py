"""The checks on site of an entity, as the log has them, for services of other subjects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from quanheng.apps.audit.queries import acts_at_entity
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.enums import CheckOutcome


@dataclass(frozen=True, slots=True)
class SiteCheck:
    """One instrument that an officer looked at on site; `people` are who did, `at` when they said so."""

    entity_id: int
    instrument_id: int
    on: date
    passed: bool
    people: tuple[int, ...]
    at: datetime


def checks_at(entity_id: int, since: date) -> list[SiteCheck]:
    """Return what was looked at on site at an entity from a day on; what was not found is not among it."""
    found = []
    for act in acts_at_entity(entity_id, acts.CHECKED, since):
        on, outcome = date.fromisoformat(act.after["on"]), act.after["outcome"]
        if on < since or outcome == CheckOutcome.NOT_FOUND or act.instrument_id is None:
            continue
        people = (act.actor_id, act.after.get("second_officer_id"))
        passed = outcome == CheckOutcome.NOTHING_WRONG
        known = tuple(person for person in people if person is not None)
        found.append(SiteCheck(entity_id, act.instrument_id, on, passed, known, act.at))
    return found
