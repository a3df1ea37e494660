"""Who was reminded of what falls due, and whether it arrived."""

from __future__ import annotations

from django.db.models import Q

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.certificates.models import Reminder
from quanheng.apps.outbox.queries import standing
from quanheng.kit.scope import ScopedQuerySet


def arrived(word: str) -> Q:
    """Return the condition of reminders whose message stands so; ``nobody``: there was nobody to write to."""
    if word == "nobody":
        return Q(message=None)
    return Q(message__isnull=False) & standing(word, "message__")


def reminders(by: Actor) -> ScopedQuerySet[Reminder]:
    """Return the reminders of instruments that an actor sees, with what their list shows."""
    return Reminder.objects.visible_to(by).select_related("instrument__entity", "root", "area", "message")
