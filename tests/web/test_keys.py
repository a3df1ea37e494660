"""The pages of keys: an administrator issues, the holder collects once, either revokes."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from quanheng.apps.accounts.api_keys import ApiKey
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import User
from tests.factories import make_actor, sign_in

pytestmark = pytest.mark.django_db


def terms(**fields: Any) -> dict[str, Any]:
    tomorrow = timezone.localdate() + timedelta(days=1)
    return {"name": "对接", "scopes": ["read:ledger"], "expires_on": str(tomorrow), "per_minute": 60} | fields


def issue_to(officer: Any) -> tuple[Client, ApiKey]:
    administrator = sign_in(Client(), make_actor(Role.SYSTEM_ADMINISTRATOR))
    username = User.objects.get(pk=officer.user_id).username
    issued = administrator.post("/keys/new/", terms(username=username, role=officer.role))
    key = ApiKey.objects.get()
    assert issued["Location"] == f"/keys/{key.pk}/"
    return administrator, key


def test_the_holder_collects_what_the_administrator_issued_and_it_opens_the_api() -> None:
    officer = make_actor()
    administrator, key = issue_to(officer)
    assert administrator.post(f"/keys/{key.pk}/collect/").status_code == 403

    holder = sign_in(Client(), officer)
    assert "领取" in holder.get(f"/keys/{key.pk}/").content.decode()
    collected = holder.post(f"/keys/{key.pk}/collect/")
    token = re.findall(r"qh_[0-9a-f]{12}_[\w-]{43}", collected.content.decode())[0]
    assert collected["Cache-Control"] == "no-store"
    assert token not in holder.get(f"/keys/{key.pk}/").content.decode()
    assert Client().get("/api/v1/entities", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_a_key_that_waits_stands_on_the_desk_of_whoever_collects_it_and_of_nobody_else() -> None:
    officer = make_actor()
    holder = sign_in(Client(), officer)
    assert "接口密钥待领取" not in holder.get("/desk/").content.decode()
    administrator, key = issue_to(officer)
    assert "接口密钥待领取" in holder.get("/desk/").content.decode()
    assert f"/keys/{key.pk}/" in holder.get("/keys/?waiting=1").content.decode()
    assert "接口密钥待领取" not in administrator.get("/desk/").content.decode()
    assert f"/keys/{key.pk}/" not in administrator.get("/keys/?waiting=1").content.decode()
    holder.post(f"/keys/{key.pk}/collect/")
    assert "接口密钥待领取" not in holder.get("/desk/").content.decode()


def test_the_keys_and_the_description_of_the_api_lead_to_each_other() -> None:
    holder = sign_in(Client(), make_actor())
    assert 'href="/api/"' in holder.get("/keys/").content.decode()
    assert 'href="/keys/"' in holder.get("/api/").content.decode()
    assert 'href="/keys/"' not in Client().get("/api/").content.decode()


def test_a_revoked_key_says_so() -> None:
    administrator, key = issue_to(make_actor())
    refused = administrator.post(f"/keys/{key.pk}/revoke/", {"reason": ""})
    assert refused.status_code == 200
    assert administrator.post(f"/keys/{key.pk}/revoke/", {"reason": "停用", "sure": "on"}).status_code == 302
    assert "已吊销" in administrator.get("/keys/").content.decode()


def test_a_wrong_holder_is_named_on_the_form_and_the_rest_is_kept() -> None:
    administrator = sign_in(Client(), make_actor(Role.SYSTEM_ADMINISTRATOR))
    page = administrator.post("/keys/new/", terms(username="nobody", role="county_officer", name="留住我"))
    html = page.content.decode()
    assert "未找到该登录名" in html
    assert "留住我" in html
    assert not ApiKey.objects.exists()


def test_an_entity_issues_for_itself_and_is_not_asked_who() -> None:
    operator = sign_in(Client(), make_actor(Role.MARKET_OPERATOR))
    assert "username" not in operator.get("/keys/new/").content.decode()
    operator.post("/keys/new/", terms())
    assert ApiKey.objects.get().appointment.role == Role.MARKET_OPERATOR


def test_somebody_elses_key_is_not_there() -> None:
    _administrator, key = issue_to(make_actor())
    stranger = sign_in(Client(), make_actor())
    assert stranger.get(f"/keys/{key.pk}/").status_code == 404
    assert stranger.post(f"/keys/{key.pk}/revoke/", {"reason": "不", "sure": "on"}).status_code == 404
    assert key.prefix not in stranger.get("/keys/").content.decode()
