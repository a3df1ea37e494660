"""核验、退回重检: a second person looks at the record; whoever finds a fault sends it back."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.row_acts import RowAct, act_on_rows
from quanheng.apps.certificates import acts, refusals
from quanheng.apps.certificates.enums import ExaminationState, StaffDuty
from quanheng.apps.certificates.models import ApplicationLine, Examination
from quanheng.apps.certificates.services.application_steps import LINES, move_line, take_step
from quanheng.apps.certificates.services.capability import check_person
from quanheng.apps.certificates.services.completing import check_still_complete
from quanheng.apps.instruments.queries.ledger import parts_in_service
from quanheng.kit.bulk import update_many
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.remembered_checks import remembered_checks
from quanheng.regulation.verification_procedure import Move, shared_hands

OPEN = (ExaminationState.RECORDED, ExaminationState.CHECKED)


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of a batch.

    Args:
        records: in order of their lines.
        refused: line → why.
    """

    records: list[Examination]
    refused: dict[int, RuleBroken]


def check_examination(*, line_id: int, by: Actor, at: datetime) -> Examination:
    """Confirm the record of a verification: a batch of one.

    Raises:
        RuleBroken: line_not_found, cannot_check, same_person, not_qualified, incomplete_examination.
        NotYours: not a checker of this institute.
    """
    with transaction.atomic():
        checked = check_examinations(line_ids=[line_id], by=by, at=at)
        if line_id in checked.refused:
            raise checked.refused[line_id]
    return checked.records[0]


def check_examinations(*, line_ids: Collection[int], by: Actor, at: datetime) -> Checked:
    """Confirm records, in one transaction; a line that is refused is told and left as it was."""
    today, qualified = timezone.localdate(at), remembered_checks(check_person)
    with act_on_rows(LINES, acts.EXAMINATION_CHECKED, line_ids, by=by, at=at) as batch:
        batch.take(lambda act: take_step(act, Move.CHECK))
        records = current_examinations(batch.acts)
        prefetch_related_objects(list(records.values()), "instrument__item")
        parts = parts_in_service([act.row.instrument_id for act in batch.acts.values()], by)

        def confirm(act: RowAct[ApplicationLine]) -> None:
            line, record = act.row, records[act.row.pk]
            refuse_shared_hands(record.verifier_id, by.user_id, None)
            qualified(by.user_id, line.institute_id, StaffDuty.CHECK, record.instrument.item_id, today)
            check_still_complete(record, record.instrument, tuple(parts.get(record.instrument_id, ())))
            record.state = ExaminationState.CHECKED
            record.checker_id, record.checked_at = by.user_id, at

        batch.take(confirm)
        checked = [records[line_id] for line_id in batch.acts]
        update_many(checked, {"state", "checker_id", "checked_at"})
    return Checked(checked, batch.refused)


def send_back(*, line_id: int, reason: str, by: Actor, at: datetime) -> Examination:
    """Send a record back to the bench; it stays, and the next attempt is a new one.

    Raises:
        RuleBroken: no_reason, line_not_found, cannot_send_back.
        NotYours: neither checker nor approver of this institute.
    """
    if not reason.strip():
        raise refusals.NO_REASON_TO_SEND_BACK()
    with move_line(acts.EXAMINATION_SENT_BACK, Move.SEND_BACK, line_id, by=by, at=at, reason=reason.strip()):
        examination = current_examinations([line_id])[line_id]
        examination.state, examination.sent_back_reason = ExaminationState.SENT_BACK, reason.strip()[:300]
        examination.save(update_fields=["state", "sent_back_reason"])
    return examination


def current_examinations(line_ids: Iterable[int]) -> dict[int, Examination]:
    """Return the records that are being worked on, by line; the lines are locked already."""
    rows = Examination.objects.unscoped().filter(line__in=list(line_ids), state__in=OPEN)
    return {row.line_id: row for row in rows.order_by("attempt")}


def refuse_shared_hands(verifier: int, checker: int | None, approver: int | None) -> None:
    """Refuse one person in two duties.

    Raises:
        RuleBroken: same_person.
    """
    if shared := shared_hands(verifier, checker, approver):
        raise refusals.SHARED_HANDS[shared](duties=shared)
