"""Finding keys of the API, and telling whose they are. Unscoped, like sign-in: no scope exists before."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings
from django.db.models import QuerySet

from quanheng.apps.accounts import refusals
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.api_keys import ApiKey
from quanheng.apps.accounts.demonstration import is_demonstration, works_here
from quanheng.apps.accounts.enums import KeyScope, KeyState, Role
from quanheng.apps.accounts.models import Appointment
from quanheng.apps.accounts.queries import actor_of
from quanheng.kit.dated import holding_on, holds_on

SANDBOX = "sandbox"  # how the prefix of its keys begins; those of offices are hexadecimal
SANDBOX_KEYS = "sandbox-keys.json"  # in the data directory of a sandbox, and nowhere else
HOLDER = ("appointment__user", "appointment__agency__area", "appointment__area")


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """Whose key it is, and what it opens."""

    key_id: int
    actor: Actor
    scopes: frozenset[KeyScope]
    per_minute: int


def hash_of(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def holder_of(token: str, on: date) -> KeyHolder:
    """Return whose key this is. Read anew for every request, so that a changed right acts at once.

    Raises:
        RuleBroken: unknown_key; and, only when the secret is right: key_revoked, key_expired, holder_gone.
    """
    key = _find(token)
    holder = _opened(key, on)
    if key.last_used_on != on:
        ApiKey.objects.filter(pk=key.pk).update(last_used_on=on)
    return holder


def _opened(key: ApiKey, on: date) -> KeyHolder:
    if key.revoked_at:
        raise refusals.KEY_REVOKED()
    if key.expires_on < on:
        raise refusals.KEY_EXPIRED(expires_on=key.expires_on)
    appointment = key.appointment
    if (
        not holds_on(appointment, on)
        or appointment.is_suspended
        or not appointment.user.is_active
        or not works_here(appointment.user)
    ):
        raise refusals.HOLDER_GONE()
    actor = actor_of(appointment)
    named = replace(actor, name=f"{actor.name[:30]}（接口密钥 {key.prefix}）")
    return KeyHolder(key.pk, named, frozenset(KeyScope(scope) for scope in key.scopes), key.per_minute)


def holder_behind(key_id: int, on: date) -> KeyHolder:
    """Return whoever's key started something that goes on by itself, with what it opens on the day.

    Raises:
        RuleBroken: key_revoked, key_expired, holder_gone.
    """
    return _opened(ApiKey.objects.select_related(*HOLDER).get(pk=key_id), on)


def _find(token: str) -> ApiKey:
    head, _, rest = token.partition("_")
    prefix, _, secret = rest.partition("_")
    key = ApiKey.objects.select_related(*HOLDER).filter(prefix=prefix).first() if head == "qh" else None
    if not hmac.compare_digest(hash_of(secret), key.secret_hash if key else "") or key is None:
        raise refusals.KEY_OF_SANDBOX() if prefix.startswith(SANDBOX) else refusals.UNKNOWN_KEY()
    return key


def key_of(key_id: int, *, for_update: bool = False) -> ApiKey | None:
    """Return a key with its holder; locked when asked."""
    keys = ApiKey.objects.select_related("appointment__user").filter(pk=key_id)
    return (keys.select_for_update(of=("self",)) if for_update else keys).first()


def keys_shown_to(by: Actor, *, all_of_them: bool) -> QuerySet[ApiKey]:
    """Return the keys that a page lists, newest first: all for administrators, else the person's own."""
    keys = ApiKey.objects.select_related("appointment__user", "appointment__agency", "issued_by").order_by(
        "-id"
    )
    return keys if all_of_them else keys.filter(appointment__user_id=by.user_id or 0)


def waiting_for(by: Actor, on: date) -> QuerySet[ApiKey]:
    """Return the keys that wait to be collected by a person: nobody else can."""
    return ApiKey.objects.filter(
        appointment__user_id=by.user_id or 0, secret_hash="", revoked_at=None, expires_on__gte=on
    )


def sandbox_keys() -> list[dict[str, str]]:
    """Return the keys of the sandbox (`token`, `role`), which everybody may read; none anywhere else."""
    file = settings.DATA_DIR / SANDBOX_KEYS
    if not (settings.IS_DEMO and file.exists() and is_demonstration()):
        return []
    kept: list[dict[str, str]] = json.loads(file.read_text("utf-8"))
    return [{"token": row["token"], "role": str(Role(row["role"]).label)} for row in kept]


def appointment_held(username: str, role: str, on: date) -> int | None:
    """Return the appointment in which the person with this sign-in name holds this role on a day."""
    held = Appointment.objects.filter(
        holding_on(on), user__username=username, role=role, suspended_at=None
    ).order_by("pk")
    return held.values_list("pk", flat=True).first()


def state_of(key: ApiKey, on: date) -> KeyState:
    """Say how a key stands on a day."""
    if key.revoked_at:
        return KeyState.REVOKED
    if key.expires_on < on:
        return KeyState.EXPIRED
    return KeyState.IN_USE if key.secret_hash else KeyState.ISSUED
