"""What somebody sees of the subscriptions and of what was sent."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.changes import refusals
from quanheng.apps.changes.enums import ChangeKind, SubscriptionState
from quanheng.apps.changes.positions import Position, Reading, all_or
from quanheng.apps.changes.queries.standing import Standing
from quanheng.apps.changes.subscriptions import Delivery, Subscription
from quanheng.kit.scope import Scope

KEEPERS = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR})
SERVED = Q(state=SubscriptionState.ACTIVE)
WAITING = Q(delivered_at=None, given_up_at=None)


def subscriptions(by: Actor, *, key_id: int | None = None) -> QuerySet[Subscription]:
    """Return the subscriptions that somebody sees: of their own keys; all for whoever keeps the keys.

    Args:
        key_id: of this key alone.
    """
    rows = Subscription.objects.select_related("key__appointment__user")
    if key_id is not None:
        rows = rows.filter(key_id=key_id)
    return rows if by.role in KEEPERS else rows.filter(key__appointment__user_id=by.user_id or 0)


def subscription(number: int, by: Actor, *, key_id: int | None = None) -> Subscription:
    """Return one. Raises RuleBroken: webhook_not_found."""
    found = subscriptions(by, key_id=key_id).filter(pk=number).first()
    if found is None:
        raise refusals.SUBSCRIPTION_NOT_FOUND()
    return found


def deliveries(row: Subscription) -> QuerySet[Delivery]:
    """Return what was sent and what waits, the newest first."""
    return Delivery.objects.filter(subscription=row).order_by("-pk")


def served() -> list[int]:
    """Return the subscriptions that are served."""
    return list(Subscription.objects.filter(SERVED).order_by("pk").values_list("pk", flat=True))


def is_held(row: Subscription, stands: Standing) -> bool:
    """Say whether a person has to release it first: it reads in another database, or another time of it."""
    return not stands.is_here or row.epoch != stands.epoch


def reading_of(row: Subscription, scope: Scope) -> Reading:
    """Return what a subscription reads, in the reach of its key."""
    return Reading(row.epoch, scope, all_or(row.kinds, ChangeKind.values))


def position_of(row: Subscription) -> Position:
    return Position(row.xid, row.number)


def troubled(by: Actor) -> QuerySet[Subscription]:
    """Return what somebody has to look at: disabled, failing, or with messages that were given up."""
    bad = Q(state=SubscriptionState.DISABLED) | Q(SERVED, failing_since__isnull=False)
    return subscriptions(by).filter(bad)


def held(by: Actor, stands: Standing) -> QuerySet[Subscription]:
    """Return what waits to be released by somebody."""
    rows = subscriptions(by).exclude(state=SubscriptionState.ENDED)
    return rows.exclude(epoch=stands.epoch) if stands.is_here else rows


def kinds_named(kinds: Collection[str]) -> str:
    """Return the kinds in words; all of them where none is named."""
    return "、".join(str(ChangeKind(kind).label) for kind in kinds) or gettext("全部")
