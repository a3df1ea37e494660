"""Posting messages with the act, and handing them to their adapters later."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from quanheng.apps.outbox.models import Message

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
MOST_ATTEMPTS = 16  # the pauses between them add up to nearly two days
AWAY_AFTER = 3  # refusals in a row: the provider is away and is left alone until the next run

log = logging.getLogger("quanheng.outbox")

Deliver = Callable[[Message], str]


class NotDelivered(Exception):
    """A provider did not take a message.

    Args:
        words: why, in Chinese and without personal data: it is kept and shown.
        for_good: trying again would not help (a number that does not exist).
        not_before: how long the provider wants to be left alone.
    """

    def __init__(self, words: str, *, for_good: bool = False, not_before: timedelta = timedelta(0)) -> None:
        super().__init__(words)
        self.for_good = for_good
        self.not_before = not_before


@dataclass(slots=True)
class Delivered:
    """What became of the messages of one run.

    Args:
        in_a_row: messages that were postponed since the last one that was sent.
        has_more: it stopped at its bound; more may be due.
    """

    sent: int = 0
    postponed: int = 0
    given_up: int = 0
    in_a_row: int = 0
    has_more: bool = False


def post(topic: str, payload: dict[str, Any], *, at: datetime) -> Message:
    """Write a message in the caller's transaction; a job delivers it after the commit."""
    return Message.objects.create(at=at, topic=topic, payload=payload, due_at=at)


def post_many(topic: str, payloads: Iterable[dict[str, Any]], *, at: datetime) -> list[Message]:
    """Write many messages of one topic in the caller's transaction, in their order."""
    rows = [Message(at=at, topic=topic, payload=payload, due_at=at) for payload in payloads]
    return Message.objects.bulk_create(rows, batch_size=2_000)


def post_once(topic: str, payload: dict[str, Any], *, within: timedelta, at: datetime) -> Message | None:
    """Post unless a message of the topic was posted a short while ago; return None then."""
    if Message.objects.filter(topic=topic, at__gt=at - within).exists():
        return None
    return post(topic, payload, at=at)


def waiting(topic: str, *, at: datetime, at_most: int) -> list[Message]:
    """Return due messages of a topic, oldest first, locked; what another worker holds is passed over."""
    due = Message.objects.filter(topic=topic, delivered_at=None, given_up_at=None, due_at__lte=at)
    return list(due.order_by("due_at", "id").select_for_update(skip_locked=True)[:at_most])


def delivered(messages: Iterable[Message], *, at: datetime) -> None:
    """Note that messages were delivered."""
    Message.objects.filter(pk__in=[message.pk for message in messages]).update(delivered_at=at)


def deliver_due(topic: str, deliver: Deliver, *, at: datetime, at_most: int = 100) -> Delivered:
    """Hand due messages of a topic to a provider, one transaction each: at least once, never forgotten.

    A worker that dies between the provider's yes and the commit leaves the message waiting; the next one
    hands it over again with the same key, by which the provider knows it. A provider that is away is asked
    three times in a run, not once for each message that waits.

    Args:
        deliver: returns to whom it went, masked; raises NotDelivered where the provider did not take it.
    """
    result = Delivered()
    for _ in range(at_most):
        with transaction.atomic():
            found = waiting(topic, at=at, at_most=1)
            if not found:
                return result
            _hand_over(found[0], deliver, at, result)
        if result.in_a_row >= AWAY_AFTER:
            return result
    result.has_more = True
    return result


def try_again(message_id: int, *, at: datetime) -> bool:
    """Let a message that was given up wait anew; return whether there was one."""
    given_up = Message.objects.filter(pk=message_id, given_up_at__isnull=False)
    return bool(given_up.update(given_up_at=None, attempts=0, due_at=at))


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: twice as long each time, up to a bound."""
    doublings: int = min(attempts - 1, 20)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def _hand_over(message: Message, deliver: Deliver, at: datetime, result: Delivered) -> None:
    message.attempts += 1
    try:
        sent_to = _delivering(message, deliver)
    except NotDelivered as refusal:
        message.last_error = str(refusal)[:500]
        if refusal.for_good or message.attempts >= MOST_ATTEMPTS:
            message.given_up_at = at
            result.given_up += 1
        else:
            message.due_at = at + max(pause_after(message.attempts), refusal.not_before)
            result.postponed += 1
        result.in_a_row += not refusal.for_good
    else:
        message.delivered_at, message.sent_to, message.last_error = at, sent_to, ""
        result.sent, result.in_a_row = result.sent + 1, 0
    message.save(update_fields=["attempts", "due_at", "delivered_at", "given_up_at", "sent_to", "last_error"])


def _delivering(message: Message, deliver: Deliver) -> str:
    """Deliver; a fault of our own postpones this message and must not hold up the others behind it.

    Raises:
        NotDelivered: it did not go out.
    """
    try:
        with transaction.atomic():
            return deliver(message)
    except NotDelivered:
        raise
    except Exception as fault:
        log.exception("message %s (%s) met a fault of ours", message.pk, message.topic)
        raise NotDelivered(f"平台出错（{type(fault).__name__}）") from fault
