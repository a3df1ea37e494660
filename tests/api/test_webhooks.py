"""Webhooks as a program registers and watches them: its own key's, and no other's."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from quanheng.api.models import IdempotentAnswer
from quanheng.apps.changes.enums import DeliveryType
from quanheng.apps.changes.services.post_delivery import post_delivery
from quanheng.apps.changes.subscriptions import Subscription
from quanheng.kit.standard_webhooks import new_secret
from tests.factories import make_actor

pytestmark = pytest.mark.django_db


def terms(**more: Any) -> dict[str, Any]:
    return {"url": "https://city.example.cn/hook", "kinds": ["seal"], "secret": new_secret()} | more


def test_a_program_registers_an_address_and_its_secret_stands_in_no_answer(program: Any) -> None:
    system = program(make_actor())
    sent = terms()
    made = system.post("/webhooks", sent)
    assert made.status_code == 201
    number = made.json()["id"]
    assert made["Location"] == f"/api/v1/webhooks/{number}"
    assert system.get(f"/webhooks/{number}").json() == made.json()
    assert [row["id"] for row in system.get("/webhooks").json()["items"]] == [number]
    assert sent["secret"] not in made.content.decode()
    assert all(sent["secret"] not in kept.body for kept in IdempotentAnswer.objects.all())
    assert Subscription.objects.get().secret == sent["secret"]


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"url": "http://"}, "webhook_address_refused", "url"),
        ({"secret": "whsec_short"}, "bad_webhook_secret", "secret"),
        ({"kinds": ["fish"]}, "unfit_content", "kinds[0]"),
    ],
)
def test_what_is_wrong_names_its_field(program: Any, wrong: dict[str, Any], code: str, field: str) -> None:
    refused = program(make_actor()).post("/webhooks", terms(**wrong))
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert refused.json()["errors"][0]["field"] == field


def test_it_is_paused_resumed_tested_given_another_secret_and_ended(program: Any) -> None:
    system = program(make_actor())
    path = f"/webhooks/{system.post('/webhooks', terms()).json()['id']}"
    assert system.post(f"{path}/pause", {}).json()["state"] == "paused"
    assert system.post(f"{path}/test", {}).json()["code"] == "webhook_not_in_state"
    assert system.post(f"{path}/resume", {}).json()["state"] == "active"
    tested = system.post(f"{path}/test", {}).json()
    assert (tested["type"], tested["delivered_at"]) == ("webhook.test", None)
    again = system.post(f"{path}/deliveries/{tested['id']}/send-again", {}).json()
    assert again["key"] == tested["key"]
    assert [row["key"] for row in system.get(f"{path}/deliveries").json()["items"]] == [tested["key"]]
    assert system.post(f"{path}/secret", {"secret": new_secret()}).status_code == 201
    assert system.post(f"{path}/end", {}).json()["state"] == "ended"
    assert system.get(f"{path}/deliveries").json()["items"][0]["given_up_at"] is not None


def test_another_key_of_the_same_person_reaches_none_of_it(program: Any) -> None:
    officer = make_actor()
    one, other, stranger = program(officer), program(officer), program(make_actor())
    number = one.post("/webhooks", terms()).json()["id"]
    message = post_delivery(Subscription.objects.get(), DeliveryType.TEST, {}, at=timezone.now())
    for system in (other, stranger):
        assert system.get("/webhooks").json()["items"] == []
        for path in ("", "/deliveries"):
            assert system.get(f"/webhooks/{number}{path}").status_code == 404
        for act in ("pause", "resume", "end", "test", f"deliveries/{message.pk}/send-again"):
            assert system.post(f"/webhooks/{number}/{act}", {}).status_code == 404
