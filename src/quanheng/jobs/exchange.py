"""Exchanging with the national platform for scales: telling it, asking it, trying again what waits."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.utils import timezone
from procrastinate.contrib.django import app

from quanheng.adapters.national_scales import NotFetched, ScalePlatform, scale_platform
from quanheng.apps.exchange.enums import Link
from quanheng.apps.exchange.incoming import read_delivery
from quanheng.apps.exchange.mapping import SCALES, FieldMapping, mapping_of
from quanheng.apps.exchange.queries.links import link_of
from quanheng.apps.exchange.queries.outgoing import outgoing
from quanheng.apps.exchange.services.note_link import note_failed, note_worked
from quanheng.apps.exchange.services.receive_events import receive_events
from quanheng.apps.exchange.services.settle_event import try_quarantined_again
from quanheng.apps.exchange.topics import TOPICS
from quanheng.apps.outbox.services import Delivered, deliver_due
from quanheng.kit.refusal import RuleBroken

if TYPE_CHECKING:
    from quanheng.apps.outbox.models import Message

log = logging.getLogger("quanheng.exchange")

RECEIVER = "国家计价秤平台"
MOST_PAGES = 200  # of one run; the next goes on
MOST_RUNS = 100  # of a hundred messages each, of one topic in one run


@app.periodic(cron="* * * * *")
@app.task(name="quanheng.jobs.exchange.tell_scales", lock="tell_scales", queueing_lock="exchange.tell_scales")
def tell_scales(timestamp: int) -> None:  # noqa: ARG001  the queue passes when it was due
    """Every minute, tell the platform what happened to scales; nothing where none is configured."""
    found = _platform(Link.SCALES_PUSH)
    if found is None:
        return
    platform, mapping = found
    failed = 0
    for topic in TOPICS:
        done = _tell_all(topic, platform, mapping)
        failed += done.postponed + done.given_up
        if done.in_a_row:  # it is away: the other topics would not fare better
            break
    if failed:
        words = f"{failed} 条没有送达，稍后重试；原因见外发消息"
        note_failed(Link.SCALES_PUSH, words, at=timezone.now())
        log.warning("%d events were not taken by the platform for scales", failed)
    else:
        note_worked(Link.SCALES_PUSH, at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="quanheng.jobs.exchange.ask_scales", lock="ask_scales", queueing_lock="exchange.ask_scales")
def ask_scales(timestamp: int) -> None:  # noqa: ARG001  the queue passes when it was due
    """Every minute, fetch what the platform has for us; a page is noted as read when it has been kept."""
    found = _platform(Link.SCALES_PULL)
    if found is None:
        return
    platform, mapping = found
    try:
        for _ in range(MOST_PAGES):
            if not _take_page(platform, mapping):
                break
    except NotFetched as fault:
        note_failed(Link.SCALES_PULL, str(fault), at=timezone.now())
    except RuleBroken as refusal:
        note_failed(Link.SCALES_PULL, f"收到的内容无法读取：{refusal.message}", at=timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(
    name="quanheng.jobs.exchange.try_again", lock="exchange.try_again", queueing_lock="exchange.try_again"
)
def try_again(timestamp: int) -> None:  # noqa: ARG001  the queue passes when it was due
    """Every ten minutes, enter the quarantined events whose scale is known by now."""
    at = timezone.now()
    entered = try_quarantined_again(mapping=mapping_of(SCALES, timezone.localdate(at)), at=at)
    if entered:
        log.info("%d quarantined events of the platform for scales were entered", entered)


def _platform(link: Link) -> tuple[ScalePlatform, FieldMapping] | None:
    """Return the platform and the mapping in force; a mapping that cannot be read is noted on the link."""
    at = timezone.now()
    try:
        mapping = mapping_of(SCALES, timezone.localdate(at))
    except RuleBroken as refusal:
        note_failed(link, refusal.message, at=at)
        return None
    platform = scale_platform(mapping)
    return (platform, mapping) if platform else None


def _tell_all(topic: str, platform: ScalePlatform, mapping: FieldMapping) -> Delivered:
    def deliver(message: Message) -> str:
        told = outgoing(message.payload, mapping)
        if told is None:
            return ""  # its instrument was taken out of the ledger: there is nothing to tell of it
        platform.push(key=message.key, told=told)
        return RECEIVER

    whole = Delivered()
    for _ in range(MOST_RUNS):
        done = deliver_due(topic, deliver, at=timezone.now())
        whole.sent += done.sent
        whole.postponed += done.postponed
        whole.given_up += done.given_up
        whole.in_a_row = done.in_a_row
        if not done.has_more:
            break
    return whole


def _take_page(platform: ScalePlatform, mapping: FieldMapping) -> bool:
    """Keep one page and note how far it went; return whether there is more.

    Raises:
        NotFetched: the platform did not hand it over.
        RuleBroken: it is not what it has to be; the place in the list stays.
    """
    place = link_of(Link.SCALES_PULL).cursor
    delivery = read_delivery(platform.fetch(after=place), mapping)
    received = receive_events(events=delivery.events, at=timezone.now())
    note_worked(Link.SCALES_PULL, at=timezone.now(), cursor=delivery.next or place)
    if received.outcomes:
        log.info("%d events of the platform for scales, %d known", len(received.outcomes), received.known)
    return bool(delivery.events) and delivery.next not in ("", place)
