"""What the outbox can be asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from quanheng.apps.outbox.models import Message

LATE = timedelta(minutes=15)  # a message that is due for so long has nobody who delivers it
COUNTED = 1_000


def messages() -> QuerySet[Message]:
    """Return every message: none belongs to a place, and none names a person."""
    return Message.objects.all()


def standing(word: str, at: str = "") -> Q:
    """Return the condition of messages that are delivered, given up, or waiting.

    Args:
        word: ``delivered``, ``given_up`` or ``waiting``.
        at: the path to the message, ending in two underscores, where the rows only point to it.
    """
    conditions: dict[str, dict[str, bool]] = {
        "delivered": {"delivered_at__isnull": False},
        "given_up": {"given_up_at__isnull": False},
        "waiting": {"delivered_at__isnull": True, "given_up_at__isnull": True},
    }
    return Q(**{f"{at}{field}": value for field, value in conditions[word].items()})


@dataclass(frozen=True, slots=True)
class Trouble:
    """Messages that somebody has to look at; a thousand stands for a thousand and more."""

    given_up: int
    late: int


def trouble(at: datetime) -> Trouble:
    """Count what was given up and what is late; both by small partial indexes."""
    given_up = Message.objects.filter(standing("given_up"))
    waiting = Message.objects.filter(standing("waiting"))
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
        told.filter(standing("waiting"))[:COUNTED].count(),
        told.filter(standing("given_up"))[:COUNTED].count(),
    )
