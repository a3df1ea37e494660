"""What acts on the accounts of a unit have in common: the unit is locked, its chief acts, one chief stays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from quanheng.apps.accounts import refusals
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.models import Appointment
from quanheng.apps.accounts.queries import keeps_accounts
from quanheng.apps.accounts.services.sign_in import end_sessions
from quanheng.apps.accounts.units import Unit, appointments_in, check_is_chief, chiefs_in, unit_of
from quanheng.apps.audit.services import record
from quanheng.kit.acts import Verb, check
from quanheng.kit.refusals import REASON_TOO_LONG

LONGEST = 300


@contextmanager
def act_on_staff(
    verb: Verb, appointment_id: int, *, reason: str, by: Actor, at: datetime, on_own: bool = False
) -> Iterator[Appointment]:
    """Run one act of a chief on somebody of the own unit; their sessions end with it.

    All roles of the unit are locked in one order, so that two chiefs at once cannot remove one another.

    Raises:
        RuleBroken: no_reason, reason_too_long, appointment_not_found, own_account.
        NotYours: not_chief.
    """
    reason = reason.strip()
    if not reason:
        raise refusals.NO_REASON_FOR_STAFF()
    if len(reason) > LONGEST:
        raise REASON_TOO_LONG(most=LONGEST)
    check(verb, by)
    check_is_chief(by)
    with transaction.atomic():
        held = _locked(unit_of(by), at).get(appointment_id)
        if held is None:
            raise refusals.STAFF_NOT_FOUND()
        if held.user_id == by.user_id and not on_own:
            raise refusals.OWN_STAFF_ACCOUNT()
        before = _told(held)
        yield held
        held.save(update_fields=["valid_to", "is_chief", "suspended_at"])
        end_sessions(held.user_id)
        record(
            verb, by=by, at=at, entity_id=held.entity_id, area_id=held.area_id or by.area_id,
            subject=held.user.username, reason=reason, before=before, after=_told(held),
        )  # fmt: skip


def check_a_chief_stays(held: Appointment, at: datetime) -> None:
    """Refuse to take the last chief of a unit away.

    Raises:
        RuleBroken: last_chief.
    """
    unit = Unit(held.entity_id, held.agency_id)
    others = chiefs_in(unit, timezone.localdate(at)).exclude(user=held.user_id)
    if keeps_accounts(held) and not others.exists():
        raise refusals.LAST_CHIEF(user=held.user.name)


def _locked(unit: Unit, at: datetime) -> dict[int, Appointment]:
    rows = appointments_in(unit, timezone.localdate(at)).order_by("pk").select_for_update(of=("self",))
    return {row.pk: row for row in rows}


def _told(held: Appointment) -> dict[str, Any]:
    return {
        "role": held.role, "is_chief": held.is_chief, "valid_to": str(held.valid_to or ""),
        "suspended": held.is_suspended,
    }  # fmt: skip
