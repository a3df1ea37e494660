"""Delivering text messages and mails, and reminding of what falls due."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from quanheng.adapters.messages import Channel, e_mail, text_messages
from quanheng.apps.accounts.queries import province_id, sub_areas
from quanheng.apps.certificates.services.remind import remind
from quanheng.apps.outbox.services import Deliver, NotDelivered, deliver_due
from quanheng.apps.outbox.texts import MOBILE, TEXT
from quanheng.apps.people.queries import Letter, invitation_letter, request_letter
from quanheng.apps.registry.queries import telephone_of
from quanheng.kit.fields import mask_mail, mask_phone
from quanheng.kit.scope import EVERYTHING, acting_in

if TYPE_CHECKING:
    from quanheng.apps.outbox.models import Message

log = logging.getLogger("quanheng.messages")

ALARM = "alarm.public_log"


# A lock for each channel: one that is slow holds one place of the worker and never those of the others.
@app.periodic(cron="* * * * *")
@app.task(name="quanheng.jobs.messages.send_texts", lock="send_texts", queueing_lock="messages.send_texts")
def send_texts(timestamp: int) -> None:  # noqa: ARG001  the queue passes when it was due
    """Every minute, hand over the text messages that are due."""
    channel = text_messages()
    _deliver_all(TEXT, lambda message: _send_text(message, channel))


@app.periodic(cron="* * * * *")
@app.task(name="quanheng.jobs.messages.send_alarms", lock="send_alarms", queueing_lock="messages.send_alarms")
def send_alarms(timestamp: int) -> None:  # noqa: ARG001  the queue passes when it was due
    """Every minute, mail the alarms; without an address they wait where readyz shows them."""
    if not settings.ALARM_MAIL:
        return
    channel = e_mail()
    _deliver_all(ALARM, lambda message: _send_alarm(message, channel))


@app.periodic(cron="0 1 * * *")  # procrastinate reads UTC: 09:00 in Chengdu, when people read messages
@app.task(
    name="quanheng.jobs.messages.remind_all", lock="remind_all", queueing_lock="messages.remind_all",
    retry=RetryStrategy(max_attempts=6, wait=600),
)  # fmt: skip
def remind_all(timestamp: int) -> None:  # noqa: ARG001  the queue passes when it was due
    """Every morning, remind of what lapses; city by city, each in its own transaction.

    A morning that was missed, or half done, loses nothing: a stage is reached from its day on, told once.
    """
    at = timezone.now()
    address = f"{settings.OFFICE_URL}/due/"
    for city in sub_areas(province_id(), timezone.localdate(at)):
        done = remind(first=city.pk, last=city.last, address=address, at=at)
        if done.instruments:
            log.info(
                "%s: %d instruments in %d messages, %d without a contact",
                city.name, done.instruments, done.messages, done.unreachable,
            )  # fmt: skip


def _deliver_all(topic: str, deliver: Deliver) -> None:
    """Deliver until nothing is due or the provider is away; the log gets numbers, never a receiver."""
    has_more = True
    while has_more:
        done = deliver_due(topic, deliver, at=timezone.now())
        has_more = done.has_more
        if done.postponed or done.given_up:
            log.warning(
                "%s: %d sent, %d postponed, %d given up", topic, done.sent, done.postponed, done.given_up
            )


def _send_text(message: Message, channel: Channel) -> str:
    """Look the number up at the last moment: it lies in no message and in no log."""
    with acting_in(EVERYTHING):
        letter = _letter(message.payload)
    if not letter.telephone:
        raise NotDelivered("联系人已没有电话", for_good=True)
    if not MOBILE.fullmatch(letter.telephone):
        raise NotDelivered("不是手机号码，收不到短信", for_good=True)
    channel.send(key=message.key, to=letter.telephone, text=letter.text)
    return mask_phone(letter.telephone)


def _letter(payload: dict[str, Any]) -> Letter:
    """Return to whom a message goes and what it says; an invitation's code stands in no message before."""
    if "invitation" in payload:
        found = invitation_letter(payload["invitation"], f"{settings.OFFICE_URL}/join/", timezone.now())
        if found is None:
            raise NotDelivered("该邀请已失效，不再发送", for_good=True)
        return found
    if "account_request" in payload:
        return request_letter(payload["account_request"])
    return Letter(telephone_of(payload["contact"]), payload["text"])


def _send_alarm(message: Message, channel: Channel) -> str:
    text = f"公开记录已停止 {message.payload['minutes']} 分钟，请检查封存进程（quanheng log fsck）。"
    channel.send(key=message.key, to=settings.ALARM_MAIL, text=text, subject="【权衡】公开记录停止")
    return mask_mail(settings.ALARM_MAIL)
