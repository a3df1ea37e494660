"""Keys: who gets one, who sees it, and what ends it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from quanheng.apps.accounts.api_keys import ApiKey
from quanheng.apps.accounts.enums import KeyScope, Role
from quanheng.apps.accounts.models import Appointment, Area, User
from quanheng.apps.accounts.services.issue_api_key import collect_api_key, issue_api_key
from quanheng.apps.accounts.services.revoke_api_key import revoke_api_key
from quanheng.kit.refusal import NotYours, RuleBroken
from tests.factories import make_actor, make_entity, make_instrument

pytestmark = pytest.mark.django_db

ALWAYS = tuple(KeyScope)


def issue(by: Any, holder: Any, **terms: Any) -> ApiKey:
    now = timezone.now()
    defaults: dict[str, Any] = {
        "name": "对接",
        "scopes": [KeyScope.READ_LEDGER],
        "expires_on": now.date() + timedelta(days=30),
    }
    return issue_api_key(appointment_id=holder.appointment_id, by=by, at=now, **defaults | terms)


def test_the_secret_is_kept_only_as_its_hash(program: Any, everything: None) -> None:
    system = program(make_actor())
    secret = system.token.split("_", 2)[2]
    key = ApiKey.objects.get(pk=system.key_id)
    assert len(secret) == 43  # 256 bits
    assert secret not in str(vars(key))


def test_an_administrator_issues_but_only_the_holder_sees_the_secret_and_only_once(everything: None) -> None:
    administrator, officer = make_actor(Role.SYSTEM_ADMINISTRATOR), make_actor()
    key = issue(administrator, officer)
    now = timezone.now()
    with pytest.raises(NotYours):
        collect_api_key(key_id=key.pk, by=administrator, at=now)
    assert collect_api_key(key_id=key.pk, by=officer, at=now).startswith(f"qh_{key.prefix}_")
    with pytest.raises(RuleBroken) as refused:
        collect_api_key(key_id=key.pk, by=officer, at=now)
    assert refused.value.code == "already_collected"


def test_an_issued_key_opens_nothing_before_it_is_collected(everything: None) -> None:
    key = issue(make_actor(Role.SYSTEM_ADMINISTRATOR), make_actor())
    for secret in ("", "x"):
        answer = Client().get(
            "/api/v1/entities", headers={"Authorization": f"Bearer qh_{key.prefix}_{secret}"}
        )
        assert (answer.status_code, answer.json()["code"]) == (401, "unknown_key")


@pytest.mark.parametrize(
    ("by", "holder", "may"),
    [
        (Role.SYSTEM_ADMINISTRATOR, Role.COUNTY_OFFICER, True),
        (Role.SYSTEM_ADMINISTRATOR, Role.DEPARTMENT_USER, True),
        (Role.SYSTEM_ADMINISTRATOR, Role.MARKET_OPERATOR, True),
        (Role.SYSTEM_ADMINISTRATOR, Role.SYSTEM_ADMINISTRATOR, False),
        (Role.SYSTEM_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR, False),
        (Role.SECURITY_ADMINISTRATOR, Role.COUNTY_OFFICER, False),
        (Role.PROVINCE_OFFICER, Role.COUNTY_OFFICER, False),
        (Role.MARKET_OPERATOR, Role.INSTRUMENT_USER, False),
    ],
)
def test_who_may_issue_a_key_to_whom(everything: None, by: Role, holder: Role, may: bool) -> None:
    if may:
        assert issue(make_actor(by), make_actor(holder)).pk
        return
    with pytest.raises(NotYours):
        issue(make_actor(by), make_actor(holder))


@pytest.mark.parametrize(("role", "may"), [(Role.MARKET_OPERATOR, True), (Role.COUNTY_OFFICER, False)])
def test_an_entity_issues_its_own_key_and_an_officer_does_not(
    everything: None, role: Role, may: bool
) -> None:
    actor = make_actor(role)
    if may:
        assert issue(actor, actor).issued_by_id == actor.user_id
        return
    with pytest.raises(NotYours):
        issue(actor, actor)


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"name": " "}, "no_name"),
        ({"scopes": []}, "no_scopes"),
        ({"expires_on": date(2000, 1, 1)}, "expiry_out_of_range"),
        ({"expires_on": date(2099, 1, 1)}, "expiry_out_of_range"),
        ({"per_minute": 0}, "per_minute_out_of_range"),
        ({"per_minute": 6_001}, "per_minute_out_of_range"),
    ],
)
def test_a_key_without_sound_terms_is_refused(everything: None, terms: dict[str, Any], code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        issue(make_actor(Role.SYSTEM_ADMINISTRATOR), make_actor(), **terms)
    assert refused.value.code == code


def revoke(key_id: int, actor: Any) -> None:
    revoke_api_key(key_id=key_id, reason="设备停用", by=actor, at=timezone.now())


def expire(key_id: int, actor: Any) -> None:
    ApiKey.objects.filter(pk=key_id).update(expires_on=timezone.localdate() - timedelta(days=1))


def leave_office(key_id: int, actor: Any) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    Appointment.objects.filter(pk=actor.appointment_id or 0).update(valid_to=yesterday)


def disable(key_id: int, actor: Any) -> None:
    User.objects.filter(pk=actor.user_id or 0).update(is_active=False)


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        (revoke, "key_revoked"),
        (expire, "key_expired"),
        (leave_office, "holder_gone"),
        (disable, "holder_gone"),
    ],
)
def test_what_ends_a_key_ends_it_with_the_next_request(
    program: Any, everything: None, ending: Any, code: str
) -> None:
    actor = make_actor()
    system = program(actor)
    assert system.get("/entities").status_code == 200
    ending(system.key_id, actor)
    answer = system.get("/entities")
    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_wrong_secret_does_not_learn_why(program: Any, everything: None) -> None:
    actor = make_actor()
    system = program(actor)
    revoke(system.key_id, actor)
    system.token = system.token[:-1] + ("A" if system.token[-1] != "A" else "B")
    assert system.get("/entities").json()["code"] == "unknown_key"


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Basic eDp5", "Bearer x", "Bearer qh_", "Bearer qh_a_b\x80"]
)
def test_without_a_key_the_ledger_is_closed(db: None, header: str) -> None:
    answer = Client().get("/api/v1/instruments", headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


def test_a_changed_area_acts_at_once(program: Any, everything: None) -> None:
    actor, other = make_actor(), make_actor()
    scale = make_instrument(make_entity(area=Area.objects.get(pk=actor.area_id or 0)))
    system = program(actor)
    assert system.get(f"/instruments/{scale.pk}").status_code == 200
    moved = Appointment.objects.get(pk=other.appointment_id or 0)
    Appointment.objects.filter(pk=actor.appointment_id or 0).update(area=moved.area, agency=moved.agency)
    assert system.get(f"/instruments/{scale.pk}").status_code == 404


def test_the_last_day_of_use_is_kept(program: Any, everything: None) -> None:
    system = program(make_actor())
    system.get("/entities")
    assert ApiKey.objects.get(pk=system.key_id).last_used_on == timezone.localdate()
