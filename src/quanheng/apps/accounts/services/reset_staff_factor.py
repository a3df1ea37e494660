"""重置本单位人员两步验证: whoever lost the telephone signs in with the password and enrols anew."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.utils import timezone

from quanheng.apps.accounts import acts, refusals
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.models import Appointment
from quanheng.apps.accounts.queries import has_second_factor
from quanheng.apps.accounts.services.staff import act_on_staff
from quanheng.apps.accounts.units import unit_of
from quanheng.kit.dated import lasting_to


def reset_staff_factor(*, appointment_id: int, reason: str, by: Actor, at: datetime) -> Appointment:
    """Remove the authenticator and the recovery codes of somebody of the own unit; the log keeps the reason.

    Raises:
        RuleBroken: no_reason, appointment_not_found, own_account, holds_other_roles, no_second_factor.
        NotYours: not_chief.
    """
    with act_on_staff(acts.STAFF_SECOND_FACTOR_RESET, appointment_id, reason=reason, by=by, at=at) as held:
        if _elsewhere(held, by, at):
            raise refusals.HOLDS_OTHER_ROLES(user=held.user.name)
        if not has_second_factor(held.user_id):
            raise refusals.NO_SECOND_FACTOR(user=held.user.name)
        Authenticator.objects.filter(user=held.user_id).delete()
    return held


def _elsewhere(held: Appointment, by: Actor, at: datetime) -> bool:
    """Say whether the person holds a role of another unit: there it is not this chief's to open."""
    roles = Appointment.objects.filter(lasting_to(timezone.localdate(at)), user=held.user_id)
    return roles.exclude(**unit_of(by).named).exists()
