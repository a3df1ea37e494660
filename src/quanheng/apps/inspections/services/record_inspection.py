"""登记抽查结果: what the two officers found, item by item; the ledger gets its check in the same act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.row_acts import act_on_row
from quanheng.apps.inspections import acts, refusals
from quanheng.apps.inspections.enums import TaskState, Verdict
from quanheng.apps.inspections.models import InspectionTask
from quanheng.apps.inspections.services.results import (
    OUTCOMES,
    checklist_of,
    failed_keys,
    ledger_words,
    result_of,
)
from quanheng.apps.inspections.services.tasks import TASKS
from quanheng.apps.instruments.services.on_site import ALONE, OnSite
from quanheng.apps.instruments.services.record_check import record_check
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.regulation.checklists import Said

__all__ = ("checklist_of", "failed_keys", "record_inspection")


def record_inspection(
    *, task_id: int, said: Mapping[str, Said], words: str, on: date, unable: bool = False,
    seen: OnSite = ALONE, by: Actor, at: datetime,
) -> InspectionTask:  # fmt: skip
    """Record what was found; from then on the office of the place and the entity read it.

    Args:
        said: the answers of the checklist by the keys of its items; ignored where it could not be checked.
        unable: it could not be checked: closed down, moved, not there. It counts as drawn and not as checked.
        seen: photos and place; the other officer of the task is always the second one.

    Raises:
        RuleBroken: inspection_not_found, inspection_done_already; what `result_of` and `record_check` raise.
    """
    reason = words.strip()
    with act_on_row(TASKS, acts.INSPECTION_RECORDED, task_id, by=by, at=at, reason=reason) as act:
        task = act.row
        if task.state != TaskState.OPEN:
            raise refusals.DONE_ALREADY()
        found = result_of(task, said=said, words=words, on=on, unable=unable, today=act.today)
        found.put_on(task)
        task.state, task.recorded_by_id, task.recorded_at = TaskState.DONE, by.user_id, at
        beside = replace(seen, second_officer_id=_other(task, by), is_appointed=True)
        _tell_ledger(task, beside, by, at)
        act.facts |= {"verdict": found.verdict, "on": on.isoformat(), "failed": failed_keys(task)}
    return task


def _other(task: InspectionTask, by: Actor) -> int:
    return task.second_id if by.user_id == task.lead_id else task.lead_id


def _tell_ledger(task: InspectionTask, seen: OnSite, by: Actor, at: datetime) -> None:
    """Enter the same check in the instrument's file; from now on its office and its entity read the task.

    The right comes from the task: who was drawn checks the unit wherever they sit and wherever it is by now.
    """
    with acting_in(EVERYTHING):
        unit = record_check(
            instrument_id=task.instrument_id,
            outcome=OUTCOMES[Verdict(task.verdict)],
            words=ledger_words(task),
            on=task.checked_on or timezone.localdate(at),
            seen=seen,
            by=by.in_scope(EVERYTHING),
            at=at,
        )
    task.reader_area, task.reader_entity, task.reader_root = unit.area_id, unit.entity_id, unit.root_id
