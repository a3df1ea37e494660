"""The people of the demonstration, in the roles that they act in."""

from __future__ import annotations

from django.utils import timezone

from quanheng.apps.accounts import queries
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.models import User


def actor(username: str) -> Actor:
    """Return somebody who can sign in to the demonstration."""
    user = User.objects.get(username=username)
    return queries.actor_of(queries.appointments_of(user.pk, timezone.localdate())[0])
