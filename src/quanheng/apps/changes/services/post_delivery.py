"""What waits to be sent: messages of changes, tests, and one that is sent again."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.changes import acts, refusals
from quanheng.apps.changes.enums import DeliveryType, SubscriptionState
from quanheng.apps.changes.queries.subscriptions import WAITING
from quanheng.apps.changes.services.subscribe import log_subscription
from quanheng.apps.changes.subscriptions import Delivery, Subscription
from quanheng.kit.queue import defer


def post_delivery(row: Subscription, kind: DeliveryType, data: dict[str, Any], *, at: datetime) -> Delivery:
    """Write a message in the caller's transaction; a job sends it."""
    key = f"msg_{secrets.token_hex(12)}"
    return Delivery.objects.create(subscription=row, key=key, type=kind, data=data, at=at, due_at=at)


def post_test(row: Subscription, *, at: datetime) -> Delivery:
    """Send a message that says nothing but that it arrives. Raises RuleBroken: webhook_not_in_state."""
    with transaction.atomic():
        waiting = Delivery.objects.filter(WAITING, subscription=row, type=DeliveryType.TEST).first()
        if row.state != SubscriptionState.ACTIVE:
            raise refusals.NOT_IN_STATE(state=SubscriptionState(row.state))
        posted = waiting or post_delivery(row, DeliveryType.TEST, {}, at=at)
        send_soon(row.pk)
    return posted


def send_again(row: Subscription, delivery_id: int, *, by: Actor, at: datetime) -> Delivery:
    """Send a message once more under its id, whether it had arrived or not.

    Raises:
        RuleBroken: webhook_not_in_state, delivery_not_found.
    """
    with transaction.atomic():
        if row.state != SubscriptionState.ACTIVE:
            raise refusals.NOT_IN_STATE(state=SubscriptionState(row.state))
        found = Delivery.objects.select_for_update().filter(subscription=row, pk=delivery_id).first()
        if found is None:
            raise refusals.DELIVERY_NOT_FOUND()
        found.delivered_at = found.given_up_at = None
        found.due_at, found.attempts = at, 0
        found.save(update_fields=["delivered_at", "given_up_at", "due_at", "attempts"])
        log_subscription(acts.SENT_AGAIN, row, by=by, at=at, message=found.key)
        send_soon(row.pk)
    return found


def send_soon(subscription_id: int) -> None:
    """Have a worker serve a subscription when the transaction commits."""
    defer(
        "webhooks.serve", once=f"webhooks.{subscription_id}", lock=lane(subscription_id),
        subscription_id=subscription_id,
    )  # fmt: skip


def lane(subscription_id: int) -> str:
    """Return the lock of its lane: slow receivers hold two places of a worker at most."""
    return f"webhooks.lane.{subscription_id % 2}"
