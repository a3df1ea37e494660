"""Telling subscribers what changed: each minute, one job a subscription; a slow one holds up no other."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from quanheng.adapters import webhooks
from quanheng.adapters.messages import e_mail
from quanheng.apps.accounts.queries import mail_of
from quanheng.apps.changes.queries.subscriptions import served
from quanheng.apps.changes.services.deliver_messages import AWAY_AFTER, NOTICE, Outcome, deliver_next
from quanheng.apps.changes.services.gather_changes import gather_changes
from quanheng.apps.changes.services.post_delivery import send_soon
from quanheng.apps.changes.services.sweep_deliveries import sweep_deliveries
from quanheng.apps.outbox.services import NotDelivered, deliver_due
from quanheng.kit.advisory_locks import holding
from quanheng.kit.fields import mask_mail

if TYPE_CHECKING:
    from quanheng.apps.changes.subscriptions import Delivery, Subscription
    from quanheng.apps.outbox.models import Message

log = logging.getLogger("quanheng.webhooks")

SERVING = 0x5748  # of the advisory locks: one process serves a subscription
SECONDS = 45.0  # of one run; the next minute goes on


@app.periodic(cron="* * * * *")
@app.task(name="quanheng.jobs.webhooks.start", queueing_lock="webhooks.start")
def start(timestamp: int) -> None:  # noqa: ARG001  the queue passes when it was due
    """Every minute, have each subscription served; one that is still at work is not doubled."""
    for subscription_id in served():
        send_soon(subscription_id)


@app.task(name="quanheng.jobs.webhooks.serve")
def serve(subscription_id: int) -> None:
    """Put what changed into messages, and send what is due."""
    with holding(SERVING, subscription_id) as held:
        if not held:
            return
        until = time.monotonic() + SECONDS
        while gather_changes(subscription_id, at=timezone.now()) and time.monotonic() < until:
            pass
        failures = 0
        while failures < AWAY_AFTER and time.monotonic() < until:
            outcome = deliver_next(subscription_id, send, at=timezone.now())
            if outcome is None:
                break
            failures = 0 if outcome.is_taken else failures + 1
        if failures:
            log.warning("subscription %d: %d messages in a row were not taken", subscription_id, failures)


def send(row: Subscription, message: Delivery) -> Outcome:
    """Send one message; it is signed with the former secret as well while that is good."""
    content = {"type": message.type, "timestamp": message.at.isoformat(), "data": message.data}
    former = row.former_until is not None and row.former_until > timezone.now()
    signing = [row.secret, row.former_secret] if former else [row.secret]
    return webhooks.send(row.url, message.key, content, signing)


@app.periodic(cron="* * * * *")
@app.task(name="quanheng.jobs.webhooks.notify", lock="webhooks.notify", queueing_lock="webhooks.notify")
def notify(timestamp: int) -> None:  # noqa: ARG001  the queue passes when it was due
    """Every minute, mail the owners whose subscription was disabled."""
    channel = e_mail()

    def deliver(message: Message) -> str:
        address = mail_of(message.payload["user_id"])
        if not address:
            raise NotDelivered("持有人没有电子邮箱", for_good=True)
        page = f"{settings.OFFICE_URL}/webhooks/{message.payload['subscription_id']}/"
        text = f"向 {message.payload['url']} 的推送连续三天未能送达，已停用。修复接收方后，请在此恢复：{page}"
        channel.send(key=message.key, to=address, text=text, subject="【权衡】推送已停用")
        return mask_mail(address)

    deliver_due(NOTICE, deliver, at=timezone.now())


@app.periodic(cron="53 * * * *")
@app.task(name="quanheng.jobs.webhooks.sweep", lock="webhooks.sweep", queueing_lock="webhooks.sweep")
def sweep(timestamp: int) -> None:  # noqa: ARG001  the queue passes when it was due
    """Every hour, forget old lines of the log of what was sent."""
    sweep_deliveries(at=timezone.now())
