"""签发接口密钥: a program gets a key that acts as one appointment. Only the holder ever sees the secret."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from quanheng.apps.accounts import acts, refusals
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.api_keys import ApiKey
from quanheng.apps.accounts.enums import ADMINISTRATORS, ENTITY_ROLES, KeyScope, Role
from quanheng.apps.accounts.key_queries import hash_of, key_of
from quanheng.apps.accounts.models import Appointment
from quanheng.apps.audit.services import record
from quanheng.kit.acts import Verb
from quanheng.kit.dated import has_ended

LONGEST = timedelta(days=366)
MOST_PER_MINUTE = 6_000


def issue_api_key(
    *, appointment_id: int, name: str, scopes: Collection[KeyScope], expires_on: date, per_minute: int = 600,
    by: Actor, at: datetime,
) -> ApiKey:  # fmt: skip
    """Issue a key without its secret; `collect_api_key` gives that to the holder alone.

    The system administrator issues keys for any office, department or entity; a manager of an entity for
    their own appointment.

    Raises:
        RuleBroken: no_name, no_scopes, expiry_out_of_range, per_minute_out_of_range, appointment_not_found.
        NotYours: neither.
    """
    today = timezone.localdate(at)
    with transaction.atomic():
        appointment = _appointment(appointment_id, today)
        issuer_id = _check_may_issue(by, appointment)
        _check_terms(name, scopes, expires_on, per_minute, today)
        key = ApiKey.objects.create(
            prefix=secrets.token_hex(6), name=name.strip(), appointment=appointment,
            scopes=sorted(set(scopes)), per_minute=per_minute, issued_by_id=issuer_id, issued_at=at,
            expires_on=expires_on,
        )  # fmt: skip
        log_key(acts.KEY_ISSUED, key, by=by, at=at)
    return key


def collect_api_key(*, key_id: int, by: Actor, at: datetime) -> str:
    """Make the secret of an issued key and return the whole key. It is shown this once and kept only hashed.

    Raises:
        RuleBroken: key_not_found, already_collected, key_over.
        NotYours: somebody else holds the key.
    """
    with transaction.atomic():
        key = locked_key(key_id)
        if key.appointment.user_id != by.user_id:
            raise refusals.KEY_NOT_YOURS()
        if key.revoked_at or key.expires_on < timezone.localdate(at):
            raise refusals.KEY_OVER()
        if key.secret_hash:
            raise refusals.ALREADY_COLLECTED()
        secret = secrets.token_urlsafe(32)
        key.secret_hash, key.collected_at = hash_of(secret), at
        key.save(update_fields=["secret_hash", "collected_at"])
        log_key(acts.KEY_COLLECTED, key, by=by, at=at)
    return f"qh_{key.prefix}_{secret}"


def locked_key(key_id: int) -> ApiKey:
    """Return a key locked until the end of the transaction. Raises RuleBroken: key_not_found."""
    key = key_of(key_id, for_update=True)
    if key is None:
        raise refusals.KEY_NOT_FOUND()
    return key


def log_key(verb: Verb, key: ApiKey, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Record what was done to a key; never its secret."""
    record(
        verb, by=by, at=at, subject=str(key)[:80], reason=reason, entity_id=key.appointment.entity_id,
        after={
            "prefix": key.prefix, "scopes": key.scopes, "expires_on": str(key.expires_on),
            "appointment_id": key.appointment_id,
        },
    )  # fmt: skip


def _appointment(appointment_id: int, today: date) -> Appointment:
    appointment = Appointment.objects.select_related("user").filter(pk=appointment_id).first()
    if appointment is None or has_ended(appointment, today):
        raise refusals.HOLDER_NOT_FOUND()
    return appointment


def _check_may_issue(by: Actor, appointment: Appointment) -> int:
    """Return the number of the person who issues."""
    own = by.appointment_id == appointment.pk and by.role in ENTITY_ROLES
    if by.user_id is None or (not own and by.role != Role.SYSTEM_ADMINISTRATOR):
        raise refusals.KEYS_ARE_ISSUED()
    if appointment.role in ADMINISTRATORS:
        raise refusals.NOT_FOR_ADMINISTRATORS()
    return by.user_id


def _check_terms(
    name: str, scopes: Collection[KeyScope], expires_on: date, per_minute: int, today: date
) -> None:
    if not name.strip():
        raise refusals.NO_PURPOSE()
    if not scopes:
        raise refusals.NO_SCOPES()
    if not today < expires_on <= today + LONGEST:
        raise refusals.EXPIRY_OUT_OF_RANGE()
    if not 0 < per_minute <= MOST_PER_MINUTE:
        raise refusals.PER_MINUTE_OUT_OF_RANGE(most=MOST_PER_MINUTE)
