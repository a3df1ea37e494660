"""From the changes to messages: each change is put into one message, in the transaction that moves on."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from quanheng.apps.accounts.enums import KeyScope
from quanheng.apps.accounts.key_queries import KeyHolder, holder_behind
from quanheng.apps.changes import refusals
from quanheng.apps.changes.enums import DeliveryType, SubscriptionState
from quanheng.apps.changes.queries.feed import Page, changes_after
from quanheng.apps.changes.queries.standing import standing
from quanheng.apps.changes.queries.subscriptions import WAITING, is_held, position_of, reading_of
from quanheng.apps.changes.services.change_subscription import end
from quanheng.apps.changes.services.post_delivery import post_delivery
from quanheng.apps.changes.subscriptions import Delivery, Subscription
from quanheng.apps.changes.told import as_told
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import acting_in

AT_ONCE = 100  # changes of one message
MOST_WAITING = 1_000  # messages: a receiver that is away is waited for in the feed


def gather_changes(subscription_id: int, *, at: datetime) -> bool:
    """Put the next changes of a subscription into a message; return whether there is more.

    A key that has ended ends its subscription; a reach that has changed, or changes that were swept, are told
    to the receiver as such, and it goes on from now.
    """
    row = Subscription.objects.get(pk=subscription_id)
    try:
        holder = _holder(row, at)
    except RuleBroken as refusal:
        _end(subscription_id, refusal.message, at)
        return False
    with acting_in(holder.actor.scope):
        locked = _locked(subscription_id)
        if locked is None or is_held(locked, standing()) or _is_full(locked):
            return False
        return _gather(locked, holder, at)


def _gather(row: Subscription, holder: KeyHolder, at: datetime) -> bool:
    reading = reading_of(row, holder.actor.scope)
    try:
        if reading.reach() != row.reach:
            raise refusals.POSITION_GONE()
        page = changes_after(position_of(row), reading, holder.actor, limit=AT_ONCE)
    except RuleBroken:
        end_of_all = standing().end
        row.xid, row.number, row.reach = end_of_all.xid, end_of_all.number, reading.reach()
        post_delivery(row, DeliveryType.LOST, {"cursor": reading.cursor(end_of_all)}, at=at)
        row.save(update_fields=["xid", "number", "reach"])
        return False
    if page.items:
        post_delivery(row, DeliveryType.CHANGED, _data(page), at=at)
    row.xid, row.number = page.position.xid, page.position.number
    row.save(update_fields=["xid", "number"])
    return page.has_more


def _data(page: Page) -> dict[str, Any]:
    told = {"changes": [as_told(change) for change in page.items], "cursor": page.cursor}
    data: dict[str, Any] = json.loads(json.dumps(told, cls=DjangoJSONEncoder))
    return data


def _holder(row: Subscription, at: datetime) -> KeyHolder:
    holder = holder_behind(row.key_id, timezone.localdate(at))
    if KeyScope.READ_LEDGER not in holder.scopes:
        raise refusals.KEY_CANNOT_FOLLOW()
    return holder


def _end(subscription_id: int, why: str, at: datetime) -> None:
    with transaction.atomic():
        row = _locked(subscription_id)
        if row is not None:
            end(row, why[:200], at)
            row.save()


def _locked(subscription_id: int) -> Subscription | None:
    rows = Subscription.objects.select_for_update()
    return rows.filter(pk=subscription_id, state=SubscriptionState.ACTIVE).first()


def _is_full(row: Subscription) -> bool:
    return Delivery.objects.filter(WAITING, subscription=row)[:MOST_WAITING].count() >= MOST_WAITING
