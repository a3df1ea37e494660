"""Posting messages with the act, and handing them to their adapters later."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from quanheng.apps.outbox.models import Message


def post(topic: str, payload: dict[str, Any], *, at: datetime) -> Message:
    """Write a message in the caller's transaction; a job delivers it after the commit."""
    return Message.objects.create(at=at, topic=topic, payload=payload, due_at=at)


def post_many(topic: str, payloads: Iterable[dict[str, Any]], *, at: datetime) -> None:
    """Write many messages of a topic in one statement."""
    Message.objects.bulk_create(
        Message(at=at, topic=topic, payload=payload, due_at=at) for payload in payloads
    )


def post_once(topic: str, payload: dict[str, Any], *, within: timedelta, at: datetime) -> Message | None:
    """Post unless a message of the topic was posted a short while ago; return None then."""
    if Message.objects.filter(topic=topic, at__gt=at - within).exists():
        return None
    return post(topic, payload, at=at)


def waiting(topic: str, *, at: datetime, at_most: int) -> list[Message]:
    """Return due messages of a topic, oldest first, locked; what another worker holds is passed over."""
    due = Message.objects.filter(topic=topic, delivered_at=None, due_at__lte=at).order_by("id")
    return list(due.select_for_update(skip_locked=True)[:at_most])


def delivered(messages: Iterable[Message], *, at: datetime) -> None:
    """Note that messages were delivered."""
    Message.objects.filter(pk__in=[message.pk for message in messages]).update(delivered_at=at)
