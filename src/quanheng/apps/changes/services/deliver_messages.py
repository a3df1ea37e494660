"""Handing messages to a receiver: at least once each, under one id, with patience and an end to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import SystemRandom

from django.db import transaction
from django.utils.translation import gettext as _

from quanheng.apps.changes.enums import SubscriptionState
from quanheng.apps.changes.notices import tell_disabled
from quanheng.apps.changes.queries.standing import standing
from quanheng.apps.changes.queries.subscriptions import SERVED, WAITING, is_held
from quanheng.apps.changes.services.change_subscription import end
from quanheng.apps.changes.subscriptions import Delivery, Subscription
from quanheng.apps.outbox.services import post

NOTICE = "notice.webhook"  # to the owner, by mail
GONE, TOO_FAST = 410, (429, 503)
AWAY_AFTER = 3  # failures in a row: the receiver is left alone until the next run
DISABLED_AFTER = timedelta(days=3)
LONGEST_WISH = timedelta(hours=24)  # that a receiver may ask for by Retry-After
CHANCE = SystemRandom()
PAUSES = tuple(
    timedelta(minutes=minutes) for minutes in (0.1, 1, 5, 30, 120, 300, 600, 840, 1_200, 1_200)
)  # nearly three days


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt.

    Args:
        status: of the answer; None where there was none.
        said: the first bytes of the answer, or why there was none.
        wait: how long the receiver wants to be left alone.
    """

    status: int | None
    said: str = ""
    milliseconds: int = 0
    wait: timedelta = timedelta(0)

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


Send = Callable[[Subscription, Delivery], Outcome]


def deliver_next(subscription_id: int, send: Send, *, at: datetime) -> Outcome | None:
    """Send the message that is due first; None where none is, or nothing may be sent.

    No transaction is open while the receiver thinks: others' changes would wait for it. A worker that dies
    meanwhile leaves the message waiting, and it goes out again under the same id.
    """
    row = Subscription.objects.filter(SERVED, pk=subscription_id).first()
    if row is None or is_held(row, standing()):
        return None
    due = Delivery.objects.filter(WAITING, subscription=row, due_at__lte=at)
    message = due.order_by("due_at", "pk").first()
    if message is None:
        return None
    outcome = send(row, message)
    with transaction.atomic():
        _note(row.pk, message.pk, outcome, at)
    return outcome


def pause_after(attempts: int, *, chance: float) -> timedelta:
    """Return how long to wait after so many attempts.

    Args:
        chance: 0 to 1; a fifth less to a fifth more, so that those who failed together do not come together.
    """
    return PAUSES[min(attempts, len(PAUSES)) - 1] * (0.8 + 0.4 * chance)


def _note(subscription_id: int, message_id: int, outcome: Outcome, at: datetime) -> None:
    row = Subscription.objects.select_for_update().get(pk=subscription_id)
    message = Delivery.objects.select_for_update().get(pk=message_id)
    message.attempts, message.tried_at = message.attempts + 1, at
    message.status, message.milliseconds = outcome.status, outcome.milliseconds
    message.answer = outcome.said[:300]
    if outcome.is_taken:
        message.delivered_at, message.given_up_at = at, None
        row.failing_since, row.worked_at = None, at
    elif message.given_up_at is None:
        _postpone(row, message, outcome, at)
    message.save()
    row.save(update_fields=["failing_since", "worked_at", "state", "why"])


def _postpone(row: Subscription, message: Delivery, outcome: Outcome, at: datetime) -> None:
    row.failing_since = row.failing_since or at
    pause = max(pause_after(message.attempts, chance=CHANCE.random()), min(outcome.wait, LONGEST_WISH))
    message.due_at = at + pause
    if message.attempts > len(PAUSES):
        message.given_up_at = at
    if outcome.status == GONE:
        end(row, _("接收方答复 410，不再接收"), at)
        message.given_up_at = at
    elif row.state == SubscriptionState.ACTIVE and at - row.failing_since >= DISABLED_AFTER:
        row.state, row.why = SubscriptionState.DISABLED, _("连续三天未送达")
        _tell_owner(row, at)


def _tell_owner(row: Subscription, at: datetime) -> None:
    tell_disabled(row, at=at)
    user = row.key.appointment.user
    if user.email:
        post(NOTICE, {"user_id": user.pk, "subscription_id": row.pk, "url": row.url}, at=at)
