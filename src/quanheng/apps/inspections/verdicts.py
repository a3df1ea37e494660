"""What drawn inspections came to, for other subjects: as their results stand now, corrections included.

For services: the scope must let everything through.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from quanheng.apps.inspections.enums import TaskState, Verdict
from quanheng.apps.inspections.models import InspectionTask
from quanheng.kit.scope import Actor


@dataclass(frozen=True, slots=True)
class DrawnCheck:
    """One drawn instrument that was visited.

    Args:
        passed: None where it could not be checked.
        people: the two who were sent.
        recorded_at: when it was recorded, here and in the instrument's file alike.
    """

    task_id: int
    campaign_number: str
    entity_id: int
    instrument_id: int
    on: date
    passed: bool | None
    people: tuple[int, int]
    recorded_at: datetime | None


def drawn_checks(entity_id: int, *, with_parts: bool) -> list[DrawnCheck]:
    """Return what was drawn and visited at an entity, in the order of days; with its stations if asked."""
    whose = Q(root_id=entity_id) if with_parts else Q(entity_id=entity_id)
    rows = InspectionTask.objects.unscoped().filter(whose, state=TaskState.DONE)
    return [
        DrawnCheck(
            row.pk, row.campaign_number, row.entity_id, row.instrument_id, row.checked_on, _passed(row),
            (row.lead_id, row.second_id), row.recorded_at,
        )
        for row in rows.order_by("checked_on", "pk")
        if row.checked_on is not None
    ]  # fmt: skip


def _passed(task: InspectionTask) -> bool | None:
    return None if task.verdict == Verdict.UNABLE else task.verdict == Verdict.PASSED


def failed_in_draws(*, at_least: int, with_parts: bool) -> list[int]:
    """Return the entities, or companies, at which so many drawn instruments failed, in order of id."""
    column = "root_id" if with_parts else "entity_id"
    rows = InspectionTask.objects.unscoped().filter(state=TaskState.DONE, verdict=Verdict.FAILED)
    counted = rows.order_by().values(column).annotate(n=Count("pk")).filter(n__gte=at_least)
    return sorted(row[column] for row in counted)


def verdicts_seen(task_ids: Collection[int], by: Actor) -> dict[int, Verdict]:
    """Return how those of some tasks that an actor sees stand now, by id."""
    rows = InspectionTask.objects.visible_to(by).filter(pk__in=task_ids, state=TaskState.DONE)
    return {pk: Verdict(verdict) for pk, verdict in rows.values_list("pk", "verdict")}
