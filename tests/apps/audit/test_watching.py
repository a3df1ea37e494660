"""Somebody hears of it when the public log stands still."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from quanheng.apps.audit.models import Act, UnsealedAct
from quanheng.apps.outbox.models import Message
from quanheng.jobs.public_log import watch

pytestmark = pytest.mark.django_db
Acts = Callable[[int], list[Act]]


def wait_for(minutes: int) -> None:
    UnsealedAct.objects.update(since=timezone.now() - timedelta(minutes=minutes))


def test_an_alarm_is_raised_once_an_hour_while_acts_wait_too_long(
    acts: Acts, caplog: pytest.LogCaptureFixture
) -> None:
    acts(1)
    watch(0)
    assert not Message.objects.exists()
    wait_for(minutes=6)
    watch(0)
    watch(0)
    message = Message.objects.get()
    assert (message.topic, message.payload) == ("alarm.public_log", {"minutes": 6})
    assert caplog.text.count("standing still for 6 minutes") == 2
    Message.objects.update(at=timezone.now() - timedelta(hours=2))
    watch(0)
    assert Message.objects.count() == 2


def test_readiness_warns_and_the_platform_goes_on(acts: Acts, client: Client) -> None:
    acts(1)
    assert client.get("/readyz").json()["warnings"] == {}
    wait_for(minutes=6)
    assert timedelta(minutes=6) > settings.LOG_ALARM
    assert client.get("/readyz").json()["warnings"] == {"public log": "acts have been waiting for 6 minutes"}
