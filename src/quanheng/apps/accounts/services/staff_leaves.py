"""人员离任: somebody leaves the unit; the role is over with the next request."""

from __future__ import annotations

from datetime import datetime

from quanheng.apps.accounts import acts
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.models import Appointment
from quanheng.apps.accounts.services.appoint import ends_today
from quanheng.apps.accounts.services.staff import act_on_staff, check_a_chief_stays


def staff_leaves(*, appointment_id: int, reason: str, by: Actor, at: datetime) -> Appointment:
    """End somebody's role in the own unit; the account stays, for the log names it.

    Raises:
        RuleBroken: no_reason, appointment_not_found, own_account, last_chief.
        NotYours: not_chief.
    """
    with act_on_staff(acts.STAFF_LEFT, appointment_id, reason=reason, by=by, at=at) as held:
        check_a_chief_stays(held, at)
        held.valid_to = ends_today(at)
        held.is_chief = False
    return held
