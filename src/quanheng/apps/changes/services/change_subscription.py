"""暂停、恢复、更换密钥、放行、结束推送: what its owner does to a subscription."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.key_queries import holder_behind
from quanheng.apps.changes import acts, refusals
from quanheng.apps.changes.enums import DeliveryType, SubscriptionState
from quanheng.apps.changes.queries.standing import standing
from quanheng.apps.changes.queries.subscriptions import KEEPERS, WAITING, is_held, reading_of
from quanheng.apps.changes.services.post_delivery import post_delivery
from quanheng.apps.changes.services.subscribe import log_subscription
from quanheng.apps.changes.subscriptions import Delivery, Subscription
from quanheng.kit.acts import Verb
from quanheng.kit.standard_webhooks import is_secret, new_secret

BOTH_SIGN = timedelta(hours=24)  # after a change of the secret
STOPPED = (SubscriptionState.PAUSED, SubscriptionState.DISABLED)
LIVING = (SubscriptionState.ACTIVE, *STOPPED)


def pause_subscription(*, subscription_id: int, by: Actor, at: datetime) -> Subscription:
    """Send nothing for a while; what changes meanwhile follows. Raises RuleBroken: webhook_not_in_state."""
    with _doing(acts.PAUSED, subscription_id, by, at, {SubscriptionState.ACTIVE}, keepers=True) as row:
        row.state = SubscriptionState.PAUSED
    return row


def resume_subscription(*, subscription_id: int, by: Actor, at: datetime) -> Subscription:
    """Go on from where it stood, also after it was disabled. Raises RuleBroken: webhook_not_in_state."""
    with _doing(acts.RESUMED, subscription_id, by, at, STOPPED) as row:
        row.state, row.failing_since, row.why = SubscriptionState.ACTIVE, None, ""
        Delivery.objects.filter(WAITING, subscription=row).update(due_at=at)
    return row


def end_subscription(*, subscription_id: int, by: Actor, at: datetime) -> Subscription:
    """Send nothing any more; what waits is given up. Raises RuleBroken: webhook_not_in_state."""
    with _doing(acts.ENDED, subscription_id, by, at, LIVING, keepers=True) as row:
        end(row, "", at)
    return row


def end(row: Subscription, why: str, at: datetime) -> None:
    """End a subscription that is locked, and give up what waits."""
    row.state, row.why = SubscriptionState.ENDED, why
    Delivery.objects.filter(WAITING, subscription=row).update(given_up_at=at)


def change_secret(*, subscription_id: int, secret: str = "", by: Actor, at: datetime) -> Subscription:
    """Sign with another secret from now on, for a day with the former one as well.

    Raises:
        RuleBroken: webhook_not_in_state, bad_webhook_secret.
    """
    if secret and not is_secret(secret):
        raise refusals.BAD_SECRET()
    with _doing(acts.SECRET_CHANGED, subscription_id, by, at, LIVING) as row:
        row.former_secret, row.former_until = row.secret, at + BOTH_SIGN
        row.secret = secret or new_secret()
    return row


def release_subscription(*, subscription_id: int, discard: bool, by: Actor, at: datetime) -> Subscription:
    """Let a restored platform send: what waited as well, or only what changes later.

    What it had not read is not in this database any more: the receiver is told to read everything anew.

    Raises:
        RuleBroken: webhook_not_held, webhook_not_in_state.
    """
    stands = standing()
    with _doing(acts.RELEASED, subscription_id, by, at, LIVING) as row:
        if not is_held(row, stands):
            raise refusals.NOT_HELD()
        if discard:
            Delivery.objects.filter(WAITING, subscription=row).update(given_up_at=at)
        scope = holder_behind(row.key_id, timezone.localdate(at)).actor.scope
        row.epoch, row.xid, row.number = stands.epoch, stands.settled, 0
        row.reach = reading_of(row, scope).reach()
        post_delivery(row, DeliveryType.LOST, {"cursor": reading_of(row, scope).cursor(stands.end)}, at=at)
    return row


@contextmanager
def _doing(
    verb: Verb, number: int, by: Actor, at: datetime, states: Collection[str], *, keepers: bool = False
) -> Iterator[Subscription]:
    """Lock a subscription of the actor's in one of some states, save what the block changes, and log it."""
    with transaction.atomic():
        rows = Subscription.objects.select_related("key__appointment").select_for_update(of=("self",))
        row = rows.filter(pk=number).first()
        if row is None:
            raise refusals.SUBSCRIPTION_NOT_FOUND()
        if row.key.appointment.user_id != by.user_id and not (keepers and by.role in KEEPERS):
            raise refusals.NOT_YOURS()
        if row.state not in states:
            raise refusals.NOT_IN_STATE(state=SubscriptionState(row.state))
        yield row
        row.save()
        log_subscription(verb, row, by=by, at=at)
