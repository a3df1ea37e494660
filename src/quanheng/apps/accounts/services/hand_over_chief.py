"""移交账号负责人: another of the unit keeps the accounts from now on."""

from __future__ import annotations

from datetime import datetime

from quanheng.apps.accounts import acts, refusals
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Appointment
from quanheng.apps.accounts.services.staff import act_on_staff


def hand_over_chief(*, appointment_id: int, reason: str, by: Actor, at: datetime) -> Appointment:
    """Have somebody of the own unit keep its accounts, in place of whoever acts.

    An institute's manager keeps them by his role, which the security administrator gives.

    Raises:
        RuleBroken: no_reason, appointment_not_found, own_account, already_so.
        NotYours: not_chief.
    """
    with act_on_staff(acts.CHIEF_HANDED_OVER, appointment_id, reason=reason, by=by, at=at) as held:
        if held.is_chief or held.is_suspended or not held.user.is_active:
            raise refusals.STAFF_ALREADY_SO()
        held.is_chief = True
        if by.role != Role.INSTITUTE_MANAGER:
            Appointment.objects.filter(pk=by.appointment_id or 0).update(is_chief=False)
    return held
