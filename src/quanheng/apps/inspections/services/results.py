"""What a check found, judged by the checklist of its day: of the first record and of its correction alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from quanheng.apps.inspections import refusals
from quanheng.apps.inspections.enums import FrameSubject, Verdict
from quanheng.apps.inspections.frames import SUBJECTS
from quanheng.apps.inspections.models import InspectionTask
from quanheng.apps.instruments.enums import CheckOutcome
from quanheng.packs.rule_pack import RulePack
from quanheng.packs.shipped import shipped
from quanheng.regulation.checklists import Item, Said, filled, items_of

OUTCOMES = {
    Verdict.PASSED: CheckOutcome.NOTHING_WRONG,
    Verdict.FAILED: CheckOutcome.PROBLEM,
    Verdict.UNABLE: CheckOutcome.NOT_FOUND,
}
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Result:
    """What was found, as a task holds it."""

    verdict: Verdict
    checked_on: date
    checklist: str
    words: str
    answers: dict[str, dict[str, str]]

    def as_json(self) -> dict[str, Any]:
        return {
            "verdict": self.verdict.value, "checked_on": self.checked_on.isoformat(),
            "checklist": self.checklist, "words": self.words, "answers": self.answers,
        }  # fmt: skip

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Result:
        day = date.fromisoformat(told["checked_on"])
        return cls(Verdict(told["verdict"]), day, told["checklist"], told["words"], told["answers"])

    @classmethod
    def of(cls, task: InspectionTask) -> Result:
        """Return what stands on a task that is done."""
        assert task.checked_on is not None  # noqa: S101  a constraint holds it
        return cls(Verdict(task.verdict), task.checked_on, task.checklist, task.words, task.answers)

    def put_on(self, task: InspectionTask) -> None:
        """Have a task say so."""
        task.verdict, task.checked_on, task.checklist = self.verdict, self.checked_on, self.checklist
        task.words, task.answers = self.words, self.answers


def result_of(
    task: InspectionTask, *, said: Mapping[str, Said], words: str, on: date, unable: bool, today: date
) -> Result:
    """Judge what was found.

    Raises:
        RuleBroken: inspection_not_on_day, inspection_unanswered, inspection_no_note,
            inspection_unknown_item, inspection_no_words.
    """
    words = words.strip()[:LONGEST]
    _check_day(task, on, today)
    verdict, checklist = (Verdict.UNABLE, "") if unable else _judge(task, said, on)
    if verdict is not Verdict.PASSED and not words:
        raise refusals.NO_WORDS()
    return Result(verdict, on, checklist, words, {} if unable else _told(said))


def checklist_of(task: InspectionTask, day: date) -> RulePack:
    """Return the checklist that holds on a day."""
    return shipped().in_force(SUBJECTS[FrameSubject(task.subject)].checklist, day)


def failed_keys(task: InspectionTask) -> list[str]:
    """Return the keys of the items that failed."""
    return sorted(key for key, answer in task.answers.items() if answer["answer"] == "failed")


def ledger_words(task: InspectionTask) -> str:
    """Return what the instrument's file says of it."""
    return task.words or f"抽查 {task.campaign_number}，逐项合格"


def _check_day(task: InspectionTask, on: date, today: date) -> None:
    latest = min(today, task.due_on)
    if not task.drawn_on <= on <= latest:
        raise refusals.NOT_ON_DAY(**{"from": task.drawn_on, "latest": latest})


def _judge(task: InspectionTask, said: Mapping[str, Said], on: date) -> tuple[Verdict, str]:
    pack = checklist_of(task, on)
    found = filled(items_of(pack), said)
    if found.unknown:
        raise refusals.UNKNOWN_ITEM(item=found.unknown[0])
    if found.unanswered:
        raise refusals.UNANSWERED(count=len(found.unanswered), items=_named(found.unanswered))
    if found.unexplained:
        raise refusals.NO_NOTE(item=found.unexplained[0].text)
    return Verdict.PASSED if found.passed else Verdict.FAILED, f"{pack.rule} {pack.edition}"


def _named(items: tuple[Item, ...]) -> str:
    return "、".join(item.text for item in items[:3]) + ("……" if len(items) > 3 else "")


def _told(said: Mapping[str, Said]) -> dict[str, dict[str, str]]:
    return {key: {"answer": str(each.answer), "note": each.note.strip()} for key, each in said.items()}
