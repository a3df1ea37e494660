"""登记抽查结果: what the two officers found, item by item; the ledger gets its check in the same act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.row_acts import act_on_row
from quanheng.apps.inspections import acts, refusals
from quanheng.apps.inspections.enums import FrameSubject, TaskState, Verdict
from quanheng.apps.inspections.frames import SUBJECTS
from quanheng.apps.inspections.models import InspectionTask
from quanheng.apps.inspections.services.tasks import TASKS
from quanheng.apps.instruments.enums import CheckOutcome
from quanheng.apps.instruments.services.on_site import ALONE, OnSite
from quanheng.apps.instruments.services.record_check import record_check
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.packs.rule_pack import RulePack
from quanheng.packs.shipped import shipped
from quanheng.regulation.checklists import Item, Said, filled, items_of

OUTCOMES = {
    Verdict.PASSED: CheckOutcome.NOTHING_WRONG,
    Verdict.FAILED: CheckOutcome.PROBLEM,
    Verdict.UNABLE: CheckOutcome.NOT_FOUND,
}


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
        RuleBroken: inspection_not_found, inspection_done_already, inspection_not_on_day,
            inspection_unanswered, inspection_no_note, inspection_unknown_item,
            inspection_no_words; what `record_check` raises.
    """
    words = words.strip()
    with act_on_row(TASKS, acts.INSPECTION_RECORDED, task_id, by=by, at=at, reason=words) as act:
        task = act.row
        if task.state != TaskState.OPEN:
            raise refusals.DONE_ALREADY()
        _check_day(task, on, act.today)
        verdict = Verdict.UNABLE if unable else _judge(task, said, on)
        if verdict is not Verdict.PASSED and not words:
            raise refusals.NO_WORDS()
        task.verdict, task.words, task.checked_on = verdict, words[:500], on
        task.answers = {} if unable else _told(said)
        task.state, task.recorded_by_id, task.recorded_at = TaskState.DONE, by.user_id, at
        beside = replace(seen, second_officer_id=_other(task, by), is_appointed=True)
        _tell_ledger(task, beside, by, at)
        act.facts |= {"verdict": verdict, "on": on.isoformat(), "failed": failed_keys(task)}
    return task


def checklist_of(task: InspectionTask, day: date) -> RulePack:
    """Return the checklist that holds on a day."""
    return shipped().in_force(SUBJECTS[FrameSubject(task.subject)].checklist, day)


def failed_keys(task: InspectionTask) -> list[str]:
    """Return the keys of the items that failed."""
    return sorted(key for key, answer in task.answers.items() if answer["answer"] == "failed")


def _check_day(task: InspectionTask, on: date, today: date) -> None:
    latest = min(today, task.due_on)
    if not task.drawn_on <= on <= latest:
        raise refusals.NOT_ON_DAY(**{"from": task.drawn_on, "latest": latest})


def _judge(task: InspectionTask, said: Mapping[str, Said], on: date) -> Verdict:
    pack = checklist_of(task, on)
    items = items_of(pack)
    found = filled(items, said)
    if found.unknown:
        raise refusals.UNKNOWN_ITEM(item=found.unknown[0])
    if found.unanswered:
        raise refusals.UNANSWERED(count=len(found.unanswered), items=_named(found.unanswered))
    if found.unexplained:
        raise refusals.NO_NOTE(item=found.unexplained[0].text)
    task.checklist = f"{pack.rule} {pack.edition}"
    return Verdict.PASSED if found.passed else Verdict.FAILED


def _named(items: tuple[Item, ...]) -> str:
    return "、".join(item.text for item in items[:3]) + ("……" if len(items) > 3 else "")


def _told(said: Mapping[str, Said]) -> dict[str, dict[str, str]]:
    return {key: {"answer": str(each.answer), "note": each.note.strip()} for key, each in said.items()}


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
            words=task.words or f"抽查 {task.campaign_number}，逐项合格",
            on=task.checked_on or timezone.localdate(at),
            seen=seen,
            by=by.in_scope(EVERYTHING),
            at=at,
        )
    task.reader_area, task.reader_entity, task.reader_root = unit.area_id, unit.entity_id, unit.root_id
