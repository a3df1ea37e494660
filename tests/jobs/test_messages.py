"""The jobs that deliver and remind, with the folder as provider and with one that answers late."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from quanheng.apps.accounts.models import Area
from quanheng.apps.certificates.services.remind import TOPIC as TEXT
from quanheng.apps.outbox.models import Message
from quanheng.apps.outbox.services import post
from quanheng.apps.registry.models import Contact, Entity
from quanheng.jobs import messages
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.adapters.providers import SECRET, Fake, gateway_of, serving
from tests.factories import make_area, make_contact, make_entity, make_instrument


@pytest.fixture(autouse=True)
def outbox(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA_DIR, settings.SMS_URL, settings.MAIL_URL, settings.ALARM_MAIL = tmp_path, "", "", ""
    return tmp_path / "outbox"


@pytest.fixture
def county() -> Area:
    return make_area("青羊区")


@pytest.fixture
def market(county: Area) -> Entity:
    return make_entity("青羊农贸市场", kind="market_operator", area=county)


def due_at(market: Entity) -> None:
    end = timezone.localdate() + timedelta(days=5)
    make_instrument(market, valid_until=end, trusted_until=end)


@pytest.mark.django_db
def test_a_reminder_goes_all_the_way_to_a_file_and_the_log_names_nobody(
    market: Entity, outbox: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    make_contact(market, phone="13812345678", phone_hash="x")
    due_at(market)
    messages.remind_all(0)
    messages.send_texts(0)
    message = Message.objects.get()
    written = (outbox / "sms" / f"{message.key}.txt").read_text()
    assert written.startswith("To: 13812345678\n\n【权衡】青羊农贸市场：")
    assert message.sent_to == "138****5678"
    assert "13812345678" not in caplog.text


@pytest.mark.django_db
@pytest.mark.parametrize("phone", ["028-87654321", "13812345678-8001", "400820888"])
def test_a_number_that_takes_no_text_message_is_given_up_at_once(market: Entity, phone: str) -> None:
    contact = make_contact(market, phone=phone, phone_hash="x")
    message = post(TEXT, {"contact": contact.pk, "text": "【权衡】"}, at=timezone.now())
    messages.send_texts(0)
    message.refresh_from_db()
    assert message.given_up_at is not None
    assert (message.last_error, message.sent_to) == ("不是手机号码，收不到短信", "")


@pytest.mark.django_db
def test_a_contact_that_is_gone_is_given_up_at_once(market: Entity) -> None:
    contact = make_contact(market, phone="13812345678", phone_hash="x")
    message = post(TEXT, {"contact": contact.pk, "text": "【权衡】"}, at=timezone.now())
    with acting_in(EVERYTHING):
        Contact.objects.unscoped().filter(pk=contact.pk).delete()
    messages.send_texts(0)
    message.refresh_from_db()
    assert (message.given_up_at is not None, message.last_error) == (
        True, "联系人已没有电话",
    )  # fmt: skip


@pytest.mark.django_db
def test_an_alarm_waits_for_an_address_and_is_mailed_to_it(settings: Settings, outbox: Path) -> None:
    message = post(messages.ALARM, {"minutes": 7}, at=timezone.now())
    messages.send_alarms(0)
    message.refresh_from_db()
    assert (message.attempts, message.delivered_at) == (0, None)
    settings.ALARM_MAIL = "duty@example.cn"
    messages.send_alarms(0)
    written = (outbox / "mail" / f"{message.key}.txt").read_text()
    assert "To: duty@example.cn" in written
    assert "公开记录已停止 7 分钟" in written
    message.refresh_from_db()
    assert message.sent_to == "d***@example.cn"


@pytest.fixture
def hanging(settings: Settings) -> Iterator[tuple[Event, Event]]:
    """A gateway that has taken a message and does not answer; events: it has it, it may answer."""
    has_it, may_answer, fake = Event(), Event(), Fake()

    def wait() -> None:
        has_it.set()
        may_answer.wait(20)

    fake.after_taking = wait
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), gateway_of(fake))) as port:
        settings.SMS_URL, settings.SMS_SECRET = f"http://127.0.0.1:{port}/", SECRET
        yield has_it, may_answer
        may_answer.set()


@pytest.mark.django_db(transaction=True)
def test_a_gateway_that_hangs_does_not_hold_up_the_mails(
    hanging: tuple[Event, Event], settings: Settings
) -> None:
    has_it, may_answer = hanging
    settings.ALARM_MAIL = "duty@example.cn"
    entity = make_entity()
    contact = make_contact(entity, phone="13812345678", phone_hash="x")
    text = post(TEXT, {"contact": contact.pk, "text": "【权衡】"}, at=timezone.now())
    alarm = post(messages.ALARM, {"minutes": 7}, at=timezone.now())

    def send() -> None:
        messages.send_texts(0)
        connection.close()

    texts = Thread(target=send)
    texts.start()
    assert has_it.wait(20)
    messages.send_alarms(0)
    alarm.refresh_from_db()
    text.refresh_from_db()
    assert (alarm.delivered_at is not None, text.delivered_at) == (True, None)
    may_answer.set()
    texts.join()
    text.refresh_from_db()
    assert text.delivered_at is not None


def test_each_channel_has_one_runner_so_that_a_slow_one_takes_one_place_of_the_worker() -> None:
    tasks = [messages.send_texts, messages.send_alarms, messages.remind_all]
    assert len({task.lock for task in tasks}) == len(tasks)
    assert None not in {task.lock for task in tasks}
