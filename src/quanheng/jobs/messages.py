"""Delivering text messages and mails, and reminding of what falls due."""

from __future__ import annotations

import logging

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from quanheng.adapters.messages import Channel, e_mail, text_messages
from quanheng.apps.accounts.queries import province_id, sub_areas
from quanheng.apps.certificates.services.remind import TOPIC as TEXT
from quanheng.apps.certificates.services.remind import remind
from quanheng.apps.outbox.models import Message
from quanheng.apps.outbox.services import NotDelivered, deliver_due
from quanheng.apps.registry.queries import telephone_of
from quanheng.kit.scope import EVERYTHING, acting_in

log = logging.getLogger("quanheng.messages")

ALARM = "alarm.public_log"


@app.periodic(cron="* * * * *")
@app.task(name="quanheng.jobs.messages.send_texts", queueing_lock="messages.send_texts")
def send_texts(timestamp: int) -> None:  # noqa: ARG001  the queue passes when it was due
    """Every minute, hand over the text messages that are due."""
    channel = text_messages()
    deliver_due(TEXT, lambda message: _send_text(message, channel), at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="quanheng.jobs.messages.send_alarms", queueing_lock="messages.send_alarms")
def send_alarms(timestamp: int) -> None:  # noqa: ARG001  the queue passes when it was due
    """Every minute, mail the alarms; without an address they wait where readyz shows them."""
    if not settings.ALARM_MAIL:
        return
    channel = e_mail()
    deliver_due(ALARM, lambda message: _send_alarm(message, channel), at=timezone.now())


@app.periodic(cron="0 1 * * *")  # procrastinate reads UTC: 09:00 in Chengdu, when people read messages
@app.task(name="quanheng.jobs.messages.remind_all", queueing_lock="messages.remind_all")
def remind_all(timestamp: int) -> None:  # noqa: ARG001  the queue passes when it was due
    """Every morning, remind of what lapses; city by city, each in its own transaction."""
    at = timezone.now()
    address = f"{settings.OFFICE_URL}/applications/new/"
    for city in sub_areas(province_id(), timezone.localdate(at)):
        done = remind(first=city.pk, last=city.last, address=address, at=at)
        if done.instruments:
            log.info(
                "%s: %d instruments in %d messages, %d without a contact",
                city.name, done.instruments, done.messages, done.unreachable,
            )  # fmt: skip


def _send_text(message: Message, channel: Channel) -> None:
    """Look the number up at the last moment: it lies in no message and in no log."""
    with acting_in(EVERYTHING):
        number = telephone_of(message.payload["contact"])
    if not number:
        raise NotDelivered("the contact has no telephone any more", for_good=True)
    channel.send(key=str(message.pk), to=number, text=message.payload["text"])


def _send_alarm(message: Message, channel: Channel) -> None:
    text = f"公开记录已停止 {message.payload['minutes']} 分钟，请检查封存进程（quanheng log fsck）。"
    channel.send(key=str(message.pk), to=settings.ALARM_MAIL, text=text, subject="【权衡】公开记录停止")
