"""What the outbox can be asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from quanheng.apps.outbox.models import Message

LATE = timedelta(minutes=15)  # a message that is due for so long has nobody who delivers it
COUNTED = 1_000


def messages() -> QuerySet[Message]:
    """Return every message: none belongs to a place, and none names a person."""
    return Message.objects.all()


@dataclass(frozen=True, slots=True)
class Trouble:
    """Messages that somebody has to look at; a thousand stands for a thousand and more."""

    given_up: int
    late: int


def trouble(at: datetime) -> Trouble:
    """Count what was given up and what is late; both by small partial indexes."""
    given_up = Message.objects.filter(given_up_at__isnull=False)
    waiting = Message.objects.filter(delivered_at=None, given_up_at=None)
    late = waiting.filter(due_at__lt=at - LATE)
    return Trouble(given_up[:COUNTED].count(), late[:COUNTED].count())


@dataclass(frozen=True, slots=True)
class Standing:
    """Messages of some topics that are not yet delivered; a thousand stands for a thousand and more."""

    waiting: int
    given_up: int


def standing_of(topics: Collection[str]) -> Standing:
    """Count what waits and what was given up of these topics."""
    told = Message.objects.filter(topic__in=topics)
    return Standing(
        told.filter(delivered_at=None, given_up_at=None)[:COUNTED].count(),
        told.filter(given_up_at__isnull=False)[:COUNTED].count(),
    )
