"""How a corrected result is shown: what was recorded first, struck, beside what was really found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from quanheng.apps.inspections import queries
from quanheng.apps.inspections.enums import CorrectionState, Verdict
from quanheng.apps.inspections.services.results import Result, checklist_of
from quanheng.kit.scope import Actor
from quanheng.kit.tones import State, Text, Tone
from quanheng.regulation.checklists import items_of
from quanheng.web.inspections.facts import who_when
from quanheng.web.inspections.forms import ANSWERS
from quanheng.web.parts import Fact

if TYPE_CHECKING:
    from quanheng.apps.inspections.models import InspectionTask, ResultCorrection

WORDS = dict(ANSWERS)
TONES = {
    CorrectionState.WAITING: Tone.DUE, CorrectionState.APPROVED: Tone.OK,
    CorrectionState.DECLINED: Tone.BAD, CorrectionState.WITHDRAWN: Tone.QUIET,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs between the two versions."""

    what: str
    was: Text
    now: Text


@dataclass(frozen=True, slots=True)
class Shown:
    """A correction as pages show it.

    Args:
        is_made: the second version counts; the first is struck.
    """

    state: State
    is_made: bool
    facts: list[Fact]
    changes: list[Change]


def shown_corrections(task: InspectionTask, by: Actor) -> list[Shown]:
    """Return what was asked to be put right of a task's result, the newest first."""
    return [_shown(task, row) for row in queries.corrections(task, by)]


def _shown(task: InspectionTask, row: ResultCorrection) -> Shown:
    state = CorrectionState(row.state)
    before, after = Result.from_json(row.before), Result.from_json(row.after)
    facts = [
        Fact(_("更正理由"), row.reason),
        Fact(_("申请"), who_when(row.proposed_by, row.proposed_at)),
        Fact(_("复核或撤回"), who_when(row.decided_by, row.decided_at)),
        Fact(_("复核意见"), row.answer),
    ]
    changes = [one for one in _versions(task, before, after) if one.was != one.now]
    return Shown(State(state.label, TONES[state]), state is CorrectionState.APPROVED, facts, changes)


def _versions(task: InspectionTask, before: Result, after: Result) -> Iterator[Change]:
    yield Change(_("检查结论"), Verdict(before.verdict).label, Verdict(after.verdict).label)
    yield Change(_("检查日期"), before.checked_on.isoformat(), after.checked_on.isoformat())
    yield Change(_("检查情况"), before.words, after.words)
    texts = {
        item.key: item.text
        for day in (before.checked_on, after.checked_on)
        for item in items_of(checklist_of(task, day))
    }
    for key, text in texts.items():
        yield Change(text, _answer(before, key), _answer(after, key))


def _answer(result: Result, key: str) -> str:
    said = result.answers.get(key)
    if said is None:
        return ""
    return "：".join(filter(None, [str(WORDS[said["answer"]]), said["note"]]))
