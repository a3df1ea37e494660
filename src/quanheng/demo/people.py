"""The people of the demonstration, in the roles that they act in."""

from __future__ import annotations

from django.utils import timezone

from quanheng.apps.accounts import queries
from quanheng.apps.accounts.actors import Actor


def actor(username: str) -> Actor:
    """Return somebody who can sign in to the demonstration."""
    user = queries.active_user(username)
    if user is None:
        raise LookupError(username)
    return queries.actor_of(queries.appointments_of(user.pk, timezone.localdate())[0])
