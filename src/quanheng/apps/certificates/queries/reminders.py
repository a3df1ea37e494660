"""Who was reminded of what falls due, and whether it arrived."""

from __future__ import annotations

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.certificates.models import Reminder
from quanheng.kit.scope import ScopedQuerySet


def reminders(by: Actor) -> ScopedQuerySet[Reminder]:
    """Return the reminders of instruments that an actor sees, with what their list shows."""
    return Reminder.objects.visible_to(by).select_related("instrument__entity", "root", "area", "message")
