"""核验、退回重检: a second person looks at the record; whoever finds a fault sends it back."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.enums import Verb
from quanheng.apps.certificates.enums import ExaminationState, StaffDuty
from quanheng.apps.certificates.models import Examination
from quanheng.apps.certificates.services.capability import check_person
from quanheng.apps.certificates.services.lines import move_line
from quanheng.kit.refusal import RuleBroken
from quanheng.regulation.verification_procedure import Move, shared_hands

OPEN = (ExaminationState.RECORDED, ExaminationState.CHECKED)
SHARED_WORDS = {
    "verifier_checker": "核验员不能是检定员本人，请由另一人核验。",
    "verifier_approver": "批准人不能是检定员本人，请由另一人批准。",
    "checker_approver": "批准人不能是核验员本人，请由另一人批准。",
}


def check_examination(*, line_id: int, by: Actor, at: datetime) -> Examination:
    """Confirm the record of a verification.

    Raises:
        RuleBroken: line_not_found, cannot_check, same_person, not_qualified.
        NotYours: not a checker of this institute.
    """
    with move_line(Verb.EXAMINATION_CHECKED, Move.CHECK, line_id, by=by, at=at) as line:
        examination = current_examination(line_id)
        refuse_shared_hands(examination.verifier_id, by.user_id, None)
        item = line.instrument.item_id
        check_person(by.user_id, line.institute_id, StaffDuty.CHECK, item, timezone.localdate(at))
        examination.state = ExaminationState.CHECKED
        examination.checker_id, examination.checked_at = by.user_id, at
        examination.save(update_fields=["state", "checker", "checked_at"])
    return examination


def send_back(*, line_id: int, reason: str, by: Actor, at: datetime) -> Examination:
    """Send a record back to the bench; it stays, and the next attempt is a new one.

    Raises:
        RuleBroken: no_reason, line_not_found, cannot_send_back.
        NotYours: neither checker nor approver of this institute.
    """
    if not reason.strip():
        raise RuleBroken("no_reason", "请写明退回的原因。")
    with move_line(Verb.EXAMINATION_SENT_BACK, Move.SEND_BACK, line_id, by=by, at=at, reason=reason.strip()):
        examination = current_examination(line_id)
        examination.state, examination.sent_back_reason = ExaminationState.SENT_BACK, reason.strip()[:300]
        examination.save(update_fields=["state", "sent_back_reason"])
    return examination


def current_examination(line_id: int) -> Examination:
    """Return the record that is being worked on; the line is locked already."""
    return Examination.objects.unscoped().filter(line=line_id, state__in=OPEN).latest("attempt")


def refuse_shared_hands(verifier: int, checker: int | None, approver: int | None) -> None:
    """Refuse one person in two duties.

    Raises:
        RuleBroken: same_person.
    """
    if shared := shared_hands(verifier, checker, approver):
        raise RuleBroken("same_person", SHARED_WORDS[shared], duties=shared)
