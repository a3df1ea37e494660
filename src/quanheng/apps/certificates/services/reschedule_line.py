"""改期: another half day for an accepted instrument; the old place is free in the same moment."""

from __future__ import annotations

from datetime import datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.row_acts import act_on_row
from quanheng.apps.certificates import acts, refusals
from quanheng.apps.certificates.enums import LineState
from quanheng.apps.certificates.models import ApplicationLine
from quanheng.apps.certificates.services.application_steps import LINES
from quanheng.apps.certificates.services.slots import When, take_slot


def reschedule_line(*, line_id: int, when: When, by: Actor, at: datetime) -> ApplicationLine:
    """Change the half day of an accepted instrument. The same half day again changes nothing.

    Raises:
        RuleBroken: line_not_found, cannot_rebook, too_late_to_rebook, and what `take_slot` refuses.
        NotYours: neither the applicant nor the reception of this institute.
    """
    with act_on_row(LINES, acts.VERIFICATION_REBOOKED, line_id, by=by, at=at) as act:
        line = act.row
        if line.state != LineState.ACCEPTED:
            raise refusals.CANNOT_REBOOK(state=LineState(line.state))
        if (line.booked_for, line.half) == (when.day, when.half):
            return line
        if by.is_entity and line.booked_for and line.booked_for <= act.today:
            raise refusals.TOO_LATE_TO_REBOOK()
        take_slot(line, when, at)
    return line
