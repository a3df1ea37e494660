"""The pages of webhooks: registered by who holds a key, the secret shown once, a restored copy held."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.api_keys import ApiKey
from quanheng.apps.accounts.enums import Role
from quanheng.apps.changes.enums import DeliveryType
from quanheng.apps.changes.services.post_delivery import post_delivery
from quanheng.apps.changes.subscriptions import Delivery, Subscription
from quanheng.kit.standard_webhooks import is_secret
from tests.factories import make_actor, make_api_key, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> Actor:
    found = make_actor()
    make_api_key(found)
    return found


@pytest.fixture
def holder(officer: Actor) -> Client:
    return sign_in(Client(), officer)


def register(holder: Client) -> Subscription:
    key = ApiKey.objects.latest("pk")
    page = holder.post("/webhooks/new/", {"key_id": key.pk, "url": "https://city.example.cn/hook"})
    shown = re.findall(r"whsec_[\w+/=]+", page.content.decode())
    row = Subscription.objects.get()
    assert shown == [row.secret]
    assert page["Cache-Control"] == "no-store"
    return row


def act(client: Client, row: Subscription, name: str, **more: object) -> int:
    typed = {"act": name, "sure": "on", **more}
    return client.post(f"/webhooks/{row.pk}/act/", typed).status_code


def test_the_secret_is_shown_once(holder: Client) -> None:
    row = register(holder)
    html = holder.get(f"/webhooks/{row.pk}/").content.decode()
    assert row.secret not in html
    assert "暂无推送消息" in html
    assert row.url in holder.get("/webhooks/").content.decode()


def test_changing_the_secret_shows_the_new_one_once(holder: Client) -> None:
    row = register(holder)
    page = holder.post(f"/webhooks/{row.pk}/act/", {"act": "secret"})
    shown = re.findall(r"whsec_[\w+/=]+", page.content.decode())
    assert is_secret(shown[0])
    assert shown[0] != row.secret


def test_what_was_typed_stays_when_it_is_refused(holder: Client) -> None:
    key = ApiKey.objects.latest("pk")
    page = holder.post("/webhooks/new/", {"key_id": key.pk, "url": "ftp://example.cn", "kinds": ["seal"]})
    html = page.content.decode()
    assert "公网的 https 地址" in html
    assert "ftp://example.cn" in html
    assert not Subscription.objects.exists()


def test_without_a_key_the_page_says_what_is_needed() -> None:
    html = sign_in(Client(), make_actor()).get("/webhooks/new/").content.decode()
    assert "您暂无可用的密钥" in html


def test_it_is_paused_resumed_tested_and_ended_from_its_page(holder: Client) -> None:
    row = register(holder)
    for name, state in (("pause", "paused"), ("resume", "active"), ("test", "active"), ("end", "ended")):
        assert act(holder, row, name) == 302
        row.refresh_from_db()
        assert row.state == state
    assert act(holder, row, "sing") == 404
    assert act(holder, row, "pause") == 409


def test_a_message_is_sent_again_from_the_log(holder: Client) -> None:
    row = register(holder)
    message = post_delivery(row, DeliveryType.TEST, {}, at=timezone.now())
    Delivery.objects.update(given_up_at=timezone.now(), status=500, answer="<script>")
    html = holder.get(f"/webhooks/{row.pk}/").content.decode()
    assert "停止发送" in html
    assert "&lt;script&gt;" in html
    assert act(holder, row, "again", message=message.pk) == 302
    assert Delivery.objects.get().given_up_at is None


def test_a_restored_copy_is_told_on_the_desk_and_released_by_its_owner(holder: Client) -> None:
    row = register(holder)
    assert "推送待放行" not in holder.get("/desk/").content.decode()
    Subscription.objects.update(epoch="another")
    assert "推送待放行" in holder.get("/desk/").content.decode()
    assert "放行并补发" in holder.get(f"/webhooks/{row.pk}/").content.decode()
    assert act(holder, row, "discard") == 302
    assert "放行并补发" not in holder.get(f"/webhooks/{row.pk}/").content.decode()


def test_what_does_not_arrive_is_told_on_the_desk(holder: Client) -> None:
    register(holder)
    Subscription.objects.update(failing_since=timezone.now())
    assert "推送未送达" in holder.get("/desk/").content.decode()
    assert "city.example.cn" in holder.get("/webhooks/?trouble=1").content.decode()
    assert "city.example.cn" not in holder.get("/webhooks/?trouble=0").content.decode()


def test_administrators_pause_and_end_what_they_see_and_nobody_else_sees_it(holder: Client) -> None:
    row = register(holder)
    stranger = sign_in(Client(), make_actor())
    assert stranger.get(f"/webhooks/{row.pk}/").status_code == 404
    assert act(stranger, row, "pause") == 404
    administrator = sign_in(Client(), make_actor(Role.SYSTEM_ADMINISTRATOR))
    assert administrator.get(f"/webhooks/{row.pk}/").status_code == 200
    assert act(administrator, row, "secret") == 403
    assert act(administrator, row, "pause") == 302
    assert act(administrator, row, "end") == 302
