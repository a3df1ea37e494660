"""Webhooks to a real receiver that fails, sleeps and refuses: nothing missed, nothing twice by its id."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from quanheng.adapters import webhooks
from quanheng.adapters.calls import Patience
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.api_keys import ApiKey
from quanheng.apps.accounts.enums import KeyScope
from quanheng.apps.accounts.models import User
from quanheng.apps.audit.models import Act
from quanheng.apps.changes.enums import DeliveryType, SubscriptionState
from quanheng.apps.changes.models import FeedEpoch
from quanheng.apps.changes.services.begin_epoch import begin_epoch
from quanheng.apps.changes.services.change_subscription import (
    change_secret,
    end_subscription,
    pause_subscription,
    release_subscription,
    resume_subscription,
)
from quanheng.apps.changes.services.deliver_messages import PAUSES, pause_after
from quanheng.apps.changes.services.post_delivery import post_test, send_again
from quanheng.apps.changes.services.subscribe import MOST, subscribe
from quanheng.apps.changes.services.sweep_deliveries import sweep_deliveries
from quanheng.apps.changes.subscriptions import Delivery, Subscription
from quanheng.apps.outbox.models import Message
from quanheng.apps.registry.models import Entity
from quanheng.jobs.webhooks import notify, serve
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.kit.standard_webhooks import new_secret
from tests.factories import make_actor, make_api_key, make_entity, make_instrument, make_item, make_seal
from tests.factories.receiver import Receiver, receiving

pytestmark = pytest.mark.django_db(transaction=True)


class Office:
    """An officer with a key whose changes go to a receiver."""

    def __init__(self, receiver: Receiver, **chosen: Any) -> None:
        self.entity: Entity = make_entity()
        self.officer: Actor = make_actor(area=self.entity.area)
        make_api_key(self.officer)
        self.key = ApiKey.objects.latest("pk")
        self.row = self.subscribe(receiver.url, **chosen)

    def subscribe(self, url: str, **chosen: Any) -> Subscription:
        terms: dict[str, Any] = {"kinds": [], "by": self.officer, "at": timezone.now()} | chosen
        with acting_in(self.officer.scope):
            return subscribe(key_id=self.key.pk, url=url, **terms)

    def do(self, act: Any, **more: Any) -> None:
        """Do an act on the subscription as its owner, in their scope, as every door does."""
        doing = {"subscription_id": self.row.pk, "by": self.officer, "at": timezone.now()} | more
        with acting_in(self.officer.scope):
            act(**doing)

    def serve(self, *, later: timedelta = timedelta(0)) -> Subscription:
        with time_machine.travel(timezone.now() + later, tick=True):
            serve(subscription_id=self.row.pk)
        self.row.refresh_from_db()
        return self.row


@pytest.fixture(autouse=True)
def surroundings(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine counts as a network of the office; nobody waits fifteen seconds in a test."""
    make_item()
    settings.WEBHOOK_NETWORKS = ("127.0.0.0/8",)
    monkeypatch.setattr(
        "quanheng.jobs.webhooks.webhooks.send",
        lambda *told: webhooks_send(*told, patience=Patience(silent=0.5, whole=1, most=1_000)),
    )


webhooks_send = webhooks.send


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def office(receiver: Receiver) -> Office:
    return Office(receiver)


def code_of(act: Any, **terms: Any) -> str:
    with pytest.raises(RuleBroken) as refusal:
        act(**terms)
    return str(refusal.value.code)


def test_a_subscriber_is_told_what_changed_in_its_reach_signed_and_without_a_name(
    office: Office, receiver: Receiver
) -> None:
    scale = make_instrument(office.entity, name="电子计价秤甲")
    make_instrument()
    office.serve()
    assert receiver.changes == [("instrument", scale.pk, "created")]
    assert receiver.is_signed(office.row.secret)
    headers, body = receiver.got[0]
    assert "电子计价秤甲" not in body.decode()
    assert headers["content-type"] == "application/json"
    assert receiver.taken[0]["type"] == "ledger.changed"
    assert office.row.worked_at is not None
    office.serve()
    assert len(receiver.got) == 1


def test_a_receiver_that_fails_and_sleeps_misses_nothing_and_counts_nothing_twice(
    office: Office, receiver: Receiver
) -> None:
    receiver.then(500)
    receiver.then(200, sleep=1.0)  # it took the message, and we never heard
    receiver.then(302, Location="/elsewhere")
    made = []
    for later in (0, 10, 20, 300, 600):
        made.append(make_instrument(office.entity).pk)
        office.serve(later=timedelta(minutes=later))
    assert office.row.failing_since is None
    assert sorted(row for _kind, row, _what in receiver.changes) == sorted(made)
    ids = [message["id"] for message in receiver.taken]
    assert len(ids) == len(set(ids)) + 1  # the one that we never heard of came again under its id
    assert not Delivery.objects.filter(delivered_at=None).exists()


def test_a_receiver_that_is_gone_ends_the_subscription(office: Office, receiver: Receiver) -> None:
    receiver.then(410)
    make_instrument(office.entity)
    assert office.serve().state == SubscriptionState.ENDED
    assert "410" in office.row.why
    make_instrument(office.entity)
    office.serve(later=timedelta(days=1))
    assert len(receiver.got) == 1


def test_a_receiver_that_asks_for_time_gets_it(office: Office, receiver: Receiver) -> None:
    receiver.then(429, Retry_After="3600")
    make_instrument(office.entity)
    office.serve()
    office.serve(later=timedelta(minutes=50))
    assert len(receiver.got) == 1
    office.serve(later=timedelta(minutes=61))
    assert len(receiver.changes) == 1


def test_the_tries_go_on_for_three_days_and_never_all_at_once() -> None:
    assert timedelta(days=3) * 0.95 < sum(PAUSES, timedelta(0)) < timedelta(days=3) * 1.05
    assert pause_after(3, chance=0.0) < PAUSES[2] < pause_after(3, chance=1.0)


def test_after_three_days_it_is_disabled_its_owner_hears_of_it_and_resuming_loses_nothing(
    office: Office, receiver: Receiver
) -> None:
    User.objects.filter(pk=office.officer.user_id or 0).update(email="owner@example.cn")
    scale = make_instrument(office.entity)
    for _ in range(3):
        receiver.then(503)
    office.serve()
    office.serve(later=timedelta(days=1))
    assert office.row.state == SubscriptionState.ACTIVE
    assert office.serve(later=timedelta(days=3)).state == SubscriptionState.DISABLED
    with time_machine.travel(timezone.now() + timedelta(days=3, minutes=1)):
        notify(timestamp=0)
    assert Message.objects.get().sent_to.endswith("@example.cn")
    later = make_instrument(office.entity)
    office.serve(later=timedelta(days=4))
    assert receiver.changes == []
    office.do(resume_subscription)
    office.serve(later=timedelta(minutes=1))
    assert [row for _kind, row, _what in receiver.changes] == [scale.pk, later.pk]


def test_what_a_pause_keeps_back_follows(office: Office, receiver: Receiver) -> None:
    office.do(pause_subscription)
    scale = make_instrument(office.entity)
    office.serve()
    assert receiver.got == []
    assert code_of(lambda: office.do(pause_subscription)) == "webhook_not_in_state"
    office.do(resume_subscription)
    office.serve()
    assert receiver.changes == [("instrument", scale.pk, "created")]


def test_while_a_secret_is_changed_both_sign(office: Office, receiver: Receiver) -> None:
    former, fresh = office.row.secret, new_secret()
    office.do(change_secret, secret=fresh)
    make_instrument(office.entity)
    office.serve()
    assert receiver.is_signed(former)
    assert receiver.is_signed(fresh)
    make_instrument(office.entity)
    office.serve(later=timedelta(hours=25))
    assert receiver.is_signed(fresh)
    assert not receiver.is_signed(former)
    assert code_of(lambda: office.do(change_secret, secret="whsec_a29yeg==")) == "bad_webhook_secret"


def test_a_key_that_ended_ends_its_subscription(office: Office, receiver: Receiver) -> None:
    ApiKey.objects.update(revoked_at=timezone.now())
    make_instrument(office.entity)
    assert office.serve().state == SubscriptionState.ENDED
    assert receiver.got == []


def test_a_key_that_reads_the_ledger_no_more_ends_it_too(office: Office, receiver: Receiver) -> None:
    ApiKey.objects.update(scopes=[KeyScope.WRITE_SEALS])
    make_instrument(office.entity)
    assert office.serve().state == SubscriptionState.ENDED


def test_a_restored_copy_sends_nothing_until_somebody_says_so(office: Office, receiver: Receiver) -> None:
    begin_epoch()
    office.row.delete()
    office.row = office.subscribe(receiver.url)
    make_instrument(office.entity)
    receiver.then(500)
    office.serve()
    FeedEpoch.objects.update(database="a backup")
    begin_epoch()
    make_instrument(office.entity)
    office.serve(later=timedelta(days=1))
    assert len(receiver.got) == 1
    office.do(release_subscription, discard=False)
    office.serve(later=timedelta(days=1))
    assert {message["type"] for message in receiver.taken} == {"ledger.changed", "changes.lost"}
    assert code_of(lambda: office.do(release_subscription, discard=True)) == "webhook_not_held"


def test_what_waited_in_a_copy_can_be_thrown_away(office: Office, receiver: Receiver) -> None:
    make_instrument(office.entity)
    receiver.then(500)
    office.serve()
    Subscription.objects.update(epoch="another")
    office.do(release_subscription, discard=True)
    office.serve(later=timedelta(days=1))
    assert [message["type"] for message in receiver.taken] == ["changes.lost"]


def test_a_reach_that_changed_is_told_as_a_gap(office: Office, receiver: Receiver) -> None:
    Subscription.objects.update(reach="another")
    make_instrument(office.entity)
    office.serve()
    scale = make_instrument(office.entity)
    office.serve()
    assert [message["type"] for message in receiver.taken] == ["changes.lost", "ledger.changed"]
    assert receiver.changes == [("instrument", scale.pk, "created")]


def test_only_the_kinds_that_were_chosen_are_sent(receiver: Receiver) -> None:
    office = Office(receiver, kinds=["seal"])
    seal = make_seal(make_instrument(office.entity))
    office.serve()
    assert receiver.changes == [("seal", seal.pk, "created")]


def test_a_test_message_and_one_that_is_sent_again(office: Office, receiver: Receiver) -> None:
    post_test(office.row, at=timezone.now())
    office.serve()
    assert receiver.taken[0]["type"] == "webhook.test"
    message = Delivery.objects.get(type=DeliveryType.TEST)
    assert (message.status, message.attempts) == (204, 1)
    with acting_in(office.officer.scope):
        send_again(office.row, message.pk, by=office.officer, at=timezone.now())
    with acting_in(EVERYTHING):
        act = Act.objects.unscoped().get(verb="webhook_sent_again")
    assert (act.actor_id, act.after["message"]) == (office.officer.user_id, message.key)
    office.serve()
    assert [message["id"] for message in receiver.taken] == [message.key] * 2
    assert (
        code_of(lambda: send_again(office.row, 0, by=office.officer, at=timezone.now()))
        == "delivery_not_found"
    )


@pytest.mark.parametrize(
    "url",
    ["ftp://example.cn/x", "https://", "https://a:b@example.cn/", "https://example.cn/#x", "https://例.cn/",
     "x", "https://example.cn/" + "a" * 500, "https://example.cn:99999/"],
)  # fmt: skip
def test_what_is_no_address_is_refused(office: Office, url: str) -> None:
    assert code_of(lambda: office.subscribe(url)) == "webhook_address_refused"


def test_nobody_has_us_call_our_neighbours(office: Office, receiver: Receiver, settings: Any) -> None:
    settings.WEBHOOK_NETWORKS = ()
    make_instrument(office.entity)
    office.serve()
    assert receiver.got == []
    assert Delivery.objects.get().answer == "private address"


def test_a_key_has_few_subscriptions_and_only_its_holder_makes_them(office: Office) -> None:
    for _ in range(MOST - 1):
        office.subscribe("https://example.cn/")
    assert code_of(lambda: office.subscribe("https://example.cn/")) == "too_many_webhooks"
    office.do(end_subscription)
    office.subscribe("https://example.cn/")
    assert code_of(lambda: office.subscribe("https://example.cn/", by=make_actor())) == "webhook_not_yours"
    assert code_of(lambda: office.do(pause_subscription, by=make_actor())) == "webhook_not_yours"


def test_a_receiver_that_is_away_is_asked_three_times_a_run(office: Office, receiver: Receiver) -> None:
    for _ in range(5):
        make_instrument(office.entity)
        receiver.then(500)
        office.serve()
    assert len(receiver.got) <= 5
    for _ in range(20):
        receiver.then(500)
    before = len(receiver.got)
    office.serve(later=timedelta(days=1))
    assert len(receiver.got) - before == 3


def test_the_log_of_what_was_sent_is_bounded(office: Office, receiver: Receiver) -> None:
    post_test(office.row, at=timezone.now())
    office.serve()
    post_test(office.row, at=timezone.now())
    assert sweep_deliveries(at=timezone.now() + timedelta(days=15)) == 1
    assert Delivery.objects.count() == 1  # what waits stays
