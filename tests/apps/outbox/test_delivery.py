"""Delivery: at least once, with the same number each time, later and later, and in the end given up aloud."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from quanheng.apps.outbox.models import Message
from quanheng.apps.outbox.services import (
    AWAY_AFTER,
    LONGEST_PAUSE,
    MOST_ATTEMPTS,
    NotDelivered,
    deliver_due,
    pause_after,
    post,
    post_many,
    try_again,
)

TOPIC = "message.text"


class Provider:
    """Takes messages, or refuses as often as it is told to."""

    def __init__(self, *refusals: NotDelivered) -> None:
        self.refusals = list(refusals)
        self.taken: list[str] = []

    def __call__(self, message: Message) -> str:
        if self.refusals:
            raise self.refusals.pop(0)
        self.taken.append(message.key)
        return "138****5678"


def away() -> NotDelivered:
    return NotDelivered("短信网关答复 503")


@pytest.mark.django_db
def test_messages_go_out_in_their_order_and_once(at: datetime) -> None:
    made = post_many(TOPIC, [{"text": "一"}, {"text": "二"}], at=at)
    post("something else", {}, at=at)
    provider = Provider()
    assert deliver_due(TOPIC, provider, at=at).sent == 2
    assert deliver_due(TOPIC, provider, at=at).sent == 0
    assert provider.taken == [message.key for message in made]


@pytest.mark.django_db
def test_a_provider_that_is_away_gets_it_later(at: datetime) -> None:
    message = post(TOPIC, {}, at=at)
    provider = Provider(away(), away())
    assert deliver_due(TOPIC, provider, at=at).postponed == 1
    assert deliver_due(TOPIC, provider, at=at + timedelta(seconds=59)).postponed == 0
    assert deliver_due(TOPIC, provider, at=at + timedelta(minutes=1)).postponed == 1
    message.refresh_from_db()
    assert (message.attempts, message.last_error) == (2, "短信网关答复 503")
    assert message.due_at == at + timedelta(minutes=3)
    assert deliver_due(TOPIC, provider, at=at + timedelta(minutes=3)).sent == 1
    message.refresh_from_db()
    assert (message.delivered_at, message.last_error) == (at + timedelta(minutes=3), "")


@pytest.mark.django_db
def test_one_that_is_refused_holds_up_no_other(at: datetime) -> None:
    post_many(TOPIC, [{}, {}], at=at)
    result = deliver_due(TOPIC, Provider(away()), at=at)
    assert (result.sent, result.postponed) == (1, 1)


@pytest.mark.django_db
def test_a_fault_of_our_own_holds_up_no_other_and_is_logged(
    at: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    broken, sound = post_many(TOPIC, [{}, {"text": "一"}], at=at)

    def deliver(message: Message) -> str:
        return f"to {message.payload['text']}"

    result = deliver_due(TOPIC, deliver, at=at)
    assert (result.sent, result.postponed) == (1, 1)
    broken.refresh_from_db()
    sound.refresh_from_db()
    assert (broken.last_error, sound.sent_to) == ("平台出错（KeyError）", "to 一")
    assert f"message {broken.pk}" in caplog.text


@pytest.mark.django_db
def test_a_provider_that_is_away_is_not_asked_once_for_each_message(at: datetime) -> None:
    post_many(TOPIC, [{}] * 50, at=at)
    away_for_long = Provider(*(away() for _ in range(1_000)))
    assert deliver_due(TOPIC, away_for_long, at=at).postponed == AWAY_AFTER
    assert Message.objects.filter(attempts=0).count() == 50 - AWAY_AFTER


@pytest.mark.django_db
def test_away_for_an_hour_and_back_everything_arrives_once_and_nothing_is_given_up(at: datetime) -> None:
    made = post_many(TOPIC, [{}] * 200, at=at)
    provider, asked = Provider(), 0
    for minute in range(60):
        provider.refusals = [away() for _ in range(1_000)]
        deliver_due(TOPIC, provider, at=at + timedelta(minutes=minute))
        asked += 1_000 - len(provider.refusals)
    assert asked <= 60 * AWAY_AFTER
    provider.refusals = []
    back = at + timedelta(minutes=60)
    while deliver_due(TOPIC, provider, at=back).has_more:
        pass
    deliver_due(TOPIC, provider, at=at + timedelta(hours=2))
    assert sorted(provider.taken) == sorted(message.key for message in made)
    assert not Message.objects.filter(given_up_at__isnull=False).exists()


@pytest.mark.django_db
def test_the_receiver_is_kept_masked(at: datetime) -> None:
    message = post(TOPIC, {}, at=at)
    deliver_due(TOPIC, Provider(), at=at)
    message.refresh_from_db()
    assert message.sent_to == "138****5678"


@pytest.mark.django_db
def test_what_is_refused_for_good_is_not_tried_again_until_somebody_says_so(at: datetime) -> None:
    message = post(TOPIC, {}, at=at)
    assert deliver_due(TOPIC, Provider(NotDelivered("no such number", for_good=True)), at=at).given_up == 1
    later = at + timedelta(days=9)
    assert deliver_due(TOPIC, Provider(), at=later).sent == 0
    assert try_again(message.pk, at=later)
    assert not try_again(message.pk, at=later)
    assert deliver_due(TOPIC, Provider(), at=later).sent == 1


@pytest.mark.django_db
def test_after_two_days_of_silence_it_is_given_up(at: datetime) -> None:
    post(TOPIC, {}, at=at)
    tries, moment = 0, at
    while (message := Message.objects.get()).given_up_at is None:
        moment = message.due_at
        deliver_due(TOPIC, Provider(away()), at=moment)
        tries += 1
    assert tries == MOST_ATTEMPTS
    assert timedelta(days=1) < moment - at < timedelta(days=2)


def test_the_pauses_double_up_to_a_bound() -> None:
    pauses = [pause_after(attempts) for attempts in range(1, 70)]
    assert pauses[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_after_the_providers_yes_sends_the_same_number_again(at: datetime) -> None:
    message = post(TOPIC, {}, at=at)
    provider = Provider()

    def dies(sent: Message) -> str:
        provider(sent)
        raise KeyboardInterrupt  # the process ends before the commit

    with pytest.raises(KeyboardInterrupt):
        deliver_due(TOPIC, dies, at=at)
    assert deliver_due(TOPIC, provider, at=at).sent == 1
    assert provider.taken == [message.key, message.key]


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_hold_the_same_message(at: datetime) -> None:
    post_many(TOPIC, [{}] * 40, at=at)
    provider, together = Provider(), Barrier(2)

    def work() -> None:
        together.wait()
        deliver_due(TOPIC, provider, at=at)
        connection.close()

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(provider.taken) == sorted(message.key for message in Message.objects.all())


@pytest.mark.django_db(transaction=True)
def test_an_act_that_is_undone_posts_nothing(at: datetime) -> None:
    def act(fails: Callable[[], None]) -> None:
        with transaction.atomic():
            post(TOPIC, {}, at=at)
            fails()

    with pytest.raises(ZeroDivisionError):
        act(lambda: 1 // 0)  # type: ignore[arg-type]
    assert deliver_due(TOPIC, Provider(), at=at).sent == 0
