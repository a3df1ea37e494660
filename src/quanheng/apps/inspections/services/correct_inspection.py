"""更正检查结果: what was recorded wrongly is put right by two people: one who was sent asks, another decides.

Until then the first result counts, and whoever reads it reads 更正待复核. Both versions stay. Whoever decides
is of the office of the place and none of the two who were sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.colleagues import names_of
from quanheng.apps.audit.row_acts import RowAct, act_on_row
from quanheng.apps.inspections import acts, refusals
from quanheng.apps.inspections.enums import CorrectionState, TaskState
from quanheng.apps.inspections.models import InspectionTask, ResultCorrection
from quanheng.apps.inspections.services.results import (
    OUTCOMES,
    Result,
    failed_keys,
    ledger_words,
    result_of,
)
from quanheng.apps.inspections.services.tasks import TASKS
from quanheng.apps.instruments.services.attach import attach_to_instrument
from quanheng.apps.instruments.services.correct_check import correct_check
from quanheng.kit.attached_files import KeptFile
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.regulation.checklists import Said

LONGEST = 300
EVIDENCE = "抽查结果更正依据"


def propose_correction(
    *, task_id: int, reason: str, said: Mapping[str, Said], words: str, on: date, unable: bool = False,
    photos: Sequence[KeptFile] = (), by: Actor, at: datetime,
) -> ResultCorrection:  # fmt: skip
    """Ask for a recorded result to be put right; it counts once somebody else has approved it.

    Args:
        said, words, on, unable: what was really found, as for `record_inspection`.
        photos: what shows it; they stand in the instrument's file.

    Raises:
        RuleBroken: inspection_not_found, inspection_not_sent, inspection_not_checked_yet,
            inspection_already_doubted, inspection_nothing_corrected, campaign_no_reason; what `result_of`
            raises.
    """
    reason = _said(reason)
    with act_on_row(TASKS, acts.CORRECTION_PROPOSED, task_id, by=by, at=at, reason=reason) as act:
        task = act.row
        if by.user_id not in (task.lead_id, task.second_id):
            raise refusals.NOT_SENT()
        if task.state != TaskState.DONE:
            raise refusals.NOT_CHECKED_YET()
        if task.doubted_at is not None:
            raise refusals.ALREADY_DOUBTED()
        before = Result.of(task)
        after = result_of(task, said=said, words=words, on=on, unable=unable, today=act.today)
        if after == before:
            raise refusals.NOTHING_CORRECTED()
        correction = ResultCorrection.objects.unscoped().create(
            task=task, reason=reason, before=before.as_json(), after=after.as_json(),
            proposed_by_id=by.user_id, proposed_at=at,
        )  # fmt: skip
        task.doubted_by_id, task.doubted_at = by.user_id, at
        _keep_photos(task, photos, by, at)
        act.facts |= {"verdict_was": before.verdict, "verdict": after.verdict}
    return correction


def approve_correction(*, task_id: int, correction_id: int, by: Actor, at: datetime) -> InspectionTask:
    """Approve a correction as it was read: from now on it is what was found, in the ledger as well.

    Args:
        correction_id: of the one that was read.

    Raises:
        RuleBroken: inspection_not_found, inspection_not_doubted, inspection_own_result,
            inspection_another_correction; what `correct_check` raises.
    """
    with act_on_row(TASKS, acts.CORRECTION_APPROVED, task_id, by=by, at=at) as act:
        row = _decide(act, CorrectionState.APPROVED, correction_id, by)
        task, was, found = act.row, Result.from_json(row.before), Result.from_json(row.after)
        asker = names_of([row.proposed_by_id])[row.proposed_by_id]
        found.put_on(task)
        task.corrected_at = at
        with acting_in(EVERYTHING):  # the unit may have moved to another place since
            correct_check(
                instrument_id=task.instrument_id, outcome_was=OUTCOMES[was.verdict],
                outcome=OUTCOMES[found.verdict], words=ledger_words(task), on=found.checked_on,
                why=row.reason, asked_by=asker, by=by.in_scope(EVERYTHING), at=at,
            )  # fmt: skip
        act.facts |= {
            "verdict_was": was.verdict, "verdict": found.verdict, "failed": failed_keys(task),
            "why": row.reason,
        }  # fmt: skip
    return task


def decline_correction(
    *, task_id: int, correction_id: int, reason: str, by: Actor, at: datetime
) -> InspectionTask:
    """Uphold what was recorded, with a reason.

    Raises:
        RuleBroken: as `approve_correction`; campaign_no_reason.
    """
    reason = _said(reason)
    with act_on_row(TASKS, acts.CORRECTION_DECLINED, task_id, by=by, at=at, reason=reason) as act:
        _decide(act, CorrectionState.DECLINED, correction_id, by, reason)
    return act.row


def withdraw_correction(*, task_id: int, reason: str, by: Actor, at: datetime) -> InspectionTask:
    """Take back what one asked for.

    Raises:
        RuleBroken: inspection_not_found, inspection_not_doubted, inspection_only_asker_withdraws,
            campaign_no_reason.
    """
    reason = _said(reason)
    with act_on_row(TASKS, acts.CORRECTION_WITHDRAWN, task_id, by=by, at=at, reason=reason) as act:
        row = _waiting(act.row)
        if row.proposed_by_id != by.user_id:
            raise refusals.ONLY_ASKER_WITHDRAWS()
        _settle(act, row, CorrectionState.WITHDRAWN, by, reason)
    return act.row


def deciders_but(task: InspectionTask, user_id: int | None) -> bool:
    """Say whether somebody is none of those whose result it is."""
    return user_id not in (task.lead_id, task.second_id, task.recorded_by_id, task.doubted_by_id)


def _decide(
    act: RowAct[InspectionTask], state: CorrectionState, correction_id: int, by: Actor, answer: str = ""
) -> ResultCorrection:  # fmt: skip
    row = _waiting(act.row)
    if not deciders_but(act.row, by.user_id):
        raise refusals.OWN_RESULT()
    if row.pk != correction_id:
        raise refusals.ANOTHER_CORRECTION()
    _settle(act, row, state, by, answer)
    return row


def _settle(
    act: RowAct[InspectionTask], row: ResultCorrection, state: CorrectionState, by: Actor, answer: str
) -> None:  # fmt: skip
    row.state, row.decided_by_id, row.decided_at, row.answer = state, by.user_id, act.at, answer
    row.save()
    act.row.doubted_by_id, act.row.doubted_at = None, None


def _waiting(task: InspectionTask) -> ResultCorrection:
    row = ResultCorrection.objects.unscoped().filter(task=task, state=CorrectionState.WAITING).first()
    if row is None:
        raise refusals.NOT_DOUBTED()
    return row


def _keep_photos(task: InspectionTask, photos: Sequence[KeptFile], by: Actor, at: datetime) -> None:
    if photos:
        with acting_in(EVERYTHING):
            attach_to_instrument(
                instrument_id=task.instrument_id, files=photos, title=EVIDENCE, by=by.in_scope(EVERYTHING),
                at=at,
            )  # fmt: skip


def _said(reason: str) -> str:
    if not (reason := reason.strip()):
        raise refusals.NO_REASON()
    return reason[:LONGEST]
