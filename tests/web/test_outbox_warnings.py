"""Readiness warns of messages that do not go out, and the platform goes on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from quanheng.apps.outbox.models import Message
from quanheng.apps.outbox.queries import COUNTED, Trouble, trouble
from quanheng.apps.outbox.services import NotDelivered, deliver_due, post, post_many, try_again

pytestmark = pytest.mark.django_db


def warned(client: Client) -> Any:
    return client.get("/readyz").json()["warnings"]


def refuse(_message: Message) -> str:
    raise NotDelivered("no such number", for_good=True)


def test_a_message_that_was_given_up_is_warned_of_until_it_is_tried_again(client: Client) -> None:
    now = timezone.now()
    message = post("message.text", {}, at=now)
    assert warned(client) == {}
    deliver_due("message.text", refuse, at=now)
    assert warned(client) == {"messages given up": "1 could not be delivered; see /messages/"}
    try_again(message.pk, at=now)
    assert warned(client) == {}


def test_a_message_that_nobody_delivers_is_warned_of(client: Client) -> None:
    post("alarm.public_log", {"minutes": 7}, at=timezone.now() - timedelta(minutes=16))
    assert warned(client) == {"messages late": "1 are due and nobody delivers them"}


def test_one_that_waits_for_its_next_attempt_is_not_late(at: datetime) -> None:
    post("message.text", {}, at=at)
    assert trouble(at + timedelta(minutes=15)) == Trouble(0, 0)
    assert trouble(at + timedelta(minutes=16)) == Trouble(0, 1)
    Message.objects.update(due_at=at + timedelta(hours=6))
    assert trouble(at + timedelta(minutes=16)) == Trouble(0, 0)


def test_the_count_is_bounded(at: datetime) -> None:
    post_many("message.text", [{}] * (COUNTED + 1), at=at)
    assert trouble(at + timedelta(hours=1)).late == COUNTED
