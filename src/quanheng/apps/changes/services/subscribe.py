"""登记推送: changes within the reach of a key are sent to an address from now on."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import KeyScope
from quanheng.apps.accounts.key_queries import KeyHolder, holder_behind, key_of
from quanheng.apps.audit.services import record
from quanheng.apps.changes import acts, refusals
from quanheng.apps.changes.enums import ChangeKind, SubscriptionState
from quanheng.apps.changes.positions import Reading
from quanheng.apps.changes.queries.standing import standing
from quanheng.apps.changes.subscriptions import Subscription
from quanheng.kit.acts import Verb
from quanheng.kit.outside import NotOutside, host_and_port
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.standard_webhooks import is_secret, new_secret

MOST = 5  # of a key


def subscribe(
    *, key_id: int, url: str, kinds: Collection[str], secret: str = "", by: Actor, at: datetime
) -> Subscription:
    """Send what changes from now on to an address.

    Args:
        kinds: of rows; none for all.
        secret: of the receiver's making; one is made where it is empty.

    Raises:
        RuleBroken: key_cannot_follow, webhook_address_refused, bad_webhook_secret, too_many_webhooks.
        NotYours: the key is somebody else's.
    """
    check_address(url)
    if secret and not is_secret(secret):
        raise refusals.BAD_SECRET()
    with transaction.atomic():
        holder = _holder(key_id, by, at)
        living = Subscription.objects.filter(key_id=key_id).exclude(state=SubscriptionState.ENDED)
        if living.count() >= MOST:
            raise refusals.TOO_MANY(most=MOST)
        stands = standing()
        chosen = sorted({ChangeKind(kind).value for kind in kinds})
        row = Subscription.objects.create(
            key_id=key_id, url=url, kinds=chosen, secret=secret or new_secret(), epoch=stands.epoch,
            reach=Reading(stands.epoch, holder.actor.scope, ()).reach(), xid=stands.settled, made_at=at,
        )  # fmt: skip
        log_subscription(acts.SUBSCRIBED, row, by=by, at=at)
    return row


def check_address(url: str) -> None:
    """Refuse what is no address of a server. Where its name leads is asked with every call.

    Raises:
        RuleBroken: webhook_address_refused.
    """
    try:
        host_and_port(url)
    except NotOutside:
        raise refusals.ADDRESS_REFUSED() from None


def log_subscription(verb: Verb, row: Subscription, *, by: Actor, at: datetime, **more: str) -> None:
    """Record what was done to a subscription; never its secret.

    Args:
        more: what else the log is told.
    """
    facts = {"url": row.url, "kinds": row.kinds, "state": row.state, "key": row.key.prefix}
    record(
        verb, by=by, at=at, subject=row.url[:80], after=facts | more,
        entity_id=row.key.appointment.entity_id,
    )  # fmt: skip


def _holder(key_id: int, by: Actor, at: datetime) -> KeyHolder:
    key = key_of(key_id, for_update=True)
    if key is None or not key.secret_hash:
        raise refusals.KEY_CANNOT_FOLLOW()
    if key.appointment.user_id != by.user_id:
        raise refusals.NOT_YOURS()
    try:
        holder = holder_behind(key_id, timezone.localdate(at))
    except RuleBroken:
        raise refusals.KEY_CANNOT_FOLLOW() from None
    if KeyScope.READ_LEDGER not in holder.scopes:
        raise refusals.KEY_CANNOT_FOLLOW()
    return holder
