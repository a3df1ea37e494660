"""改期: another half day for an accepted instrument; the old place is free in the same moment."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.services import record
from quanheng.apps.certificates import acts, refusals
from quanheng.apps.certificates.enums import LineState
from quanheng.apps.certificates.models import ApplicationLine
from quanheng.apps.certificates.services.application_steps import locked_line
from quanheng.apps.certificates.services.slots import When, take_slot
from quanheng.kit.acts import check


def reschedule_line(*, line_id: int, when: When, by: Actor, at: datetime) -> ApplicationLine:
    """Change the half day of an accepted instrument. The same half day again changes nothing.

    Raises:
        RuleBroken: line_not_found, cannot_rebook, too_late_to_rebook, and what `take_slot` refuses.
        NotYours: neither the applicant nor the reception of this institute.
    """
    with transaction.atomic():
        line = locked_line(line_id, by)
        check(acts.VERIFICATION_REBOOKED, by, line)
        if line.state != LineState.ACCEPTED:
            raise refusals.CANNOT_REBOOK(state=LineState(line.state))
        if (line.booked_for, line.half) == (when.day, when.half):
            return line
        if by.is_entity and line.booked_for and line.booked_for <= timezone.localdate(at):
            raise refusals.TOO_LATE_TO_REBOOK()
        before = {"booked_for": str(line.booked_for), "half": line.half, "slot": line.slot}
        take_slot(line, when, at)
        line.changed_at = at
        line.save(update_fields=["booked_for", "half", "slot", "changed_at"])
        record(
            acts.VERIFICATION_REBOOKED, by=by, at=at, area_id=line.area_id, root_id=line.root_id,
            instrument_id=line.instrument_id, entity_id=line.application.entity_id,
            subject=line.application.number, before=before,
            after={"booked_for": str(line.booked_for), "half": line.half, "slot": line.slot},
        )  # fmt: skip
    return line
