"""停用、恢复本单位账号: the role opens nothing for a time; who is signed in is out at once."""

from __future__ import annotations

from datetime import datetime

from quanheng.apps.accounts import acts, refusals
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.models import Appointment
from quanheng.apps.accounts.services.staff import act_on_staff, check_a_chief_stays


def suspend_staff(*, appointment_id: int, reason: str, by: Actor, at: datetime) -> Appointment:
    """Suspend somebody's role in the own unit; what they hold elsewhere stays.

    Raises:
        RuleBroken: no_reason, appointment_not_found, own_account, already_so, last_chief.
        NotYours: not_chief.
    """
    with act_on_staff(acts.STAFF_SUSPENDED, appointment_id, reason=reason, by=by, at=at) as held:
        if held.is_suspended:
            raise refusals.STAFF_ALREADY_SO()
        check_a_chief_stays(held, at)
        held.suspended_at = at
    return held


def resume_staff(*, appointment_id: int, reason: str, by: Actor, at: datetime) -> Appointment:
    """Let a suspended role open again.

    Raises as `suspend_staff`.
    """
    with act_on_staff(acts.STAFF_RESUMED, appointment_id, reason=reason, by=by, at=at) as held:
        if not held.is_suspended:
            raise refusals.STAFF_ALREADY_SO()
        held.suspended_at = None
    return held
