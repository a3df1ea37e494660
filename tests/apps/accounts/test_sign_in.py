"""Signing in: the second factor, the lock, the length of a session, what the log keeps."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client, RequestFactory
from django.utils import timezone

from quanheng.apps.accounts import acts
from quanheng.apps.accounts.actors import SYSTEM
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import SignInFailure, User
from quanheng.apps.accounts.passwords import check_is_new, hand_out
from quanheng.apps.accounts.services.reset_credentials import reset_password
from quanheng.apps.accounts.sessions import BEGAN_KEY, Session
from quanheng.apps.audit.models import Act
from quanheng.config.environment import ConfigurationMissing, single_sign_on_settings
from quanheng.kit.acts import Verb
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.web.accounts.adapter import GovernmentSignInAdapter
from quanheng.web.accounts.door import SEEN_KEY
from tests.factories import PASSWORD, make_actor, make_appointment, make_user, sign_in
from tests.factories.people import mark_as_demonstration

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"
SLOWED = "登录失败次数过多"


def post_password(client: Client, username: str, password: str = PASSWORD) -> Any:
    return client.post("/accounts/login/", {"login": username, "password": password})


def code_of(secret: str) -> str:
    """Return what an authenticator shows now: the steps taken are one before, this one, and one after.

    The one before is refused where the step changes between typing and checking.
    """
    _before, now, _after = yield_hotp_counters_from_time()
    return str(format_hotp_value(hotp_value(secret, now)))


def officer_with_totp() -> User:
    user = make_user()
    make_appointment(Role.COUNTY_OFFICER, user=user)
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    return user


def acts_told(verb: Verb) -> list[Act]:
    with acting_in(EVERYTHING):
        return list(Act.objects.unscoped().filter(verb=verb))


def test_an_officer_signs_in_with_password_and_authenticator(client: Client) -> None:
    user = officer_with_totp()
    assert post_password(client, user.username).url == "/accounts/2fa/authenticate/"
    assert client.get("/desk/").status_code == 302, "the password alone opens nothing"
    response = client.post("/accounts/2fa/authenticate/", {"code": code_of(SECRET)})
    assert response.url == "/desk/"  # type: ignore[attr-defined]
    assert client.get("/desk/").status_code == 200
    (signed_in,) = acts_told(acts.SIGNED_IN)
    assert (signed_in.actor_id, signed_in.subject) == (user.pk, user.username)


def test_a_recovery_code_opens_once(client: Client) -> None:
    user = officer_with_totp()
    code = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()[0]
    for expected in (302, 200):
        visitor = Client()
        post_password(visitor, user.username)
        assert visitor.post("/accounts/2fa/authenticate/", {"code": code}).status_code == expected


def test_the_secret_of_an_authenticator_is_not_in_the_database_in_clear() -> None:
    user = officer_with_totp()
    stored = str(Authenticator.objects.get(user=user, type="totp").data)
    assert SECRET not in stored


@pytest.mark.parametrize("role", [Role.PROVINCE_OFFICER, Role.INSPECTOR, Role.SECURITY_ADMINISTRATOR])
def test_officers_and_administrators_enrol_a_second_factor_before_anything_else(
    client: Client, role: Role
) -> None:
    sign_in(client, make_actor(role), second_factor=False)
    assert client.get("/desk/").url == "/accounts/2fa/totp/activate/"  # type: ignore[attr-defined]


def test_an_operator_may_do_without_a_second_factor(client: Client) -> None:
    sign_in(client, make_actor(Role.MARKET_OPERATOR), second_factor=False)
    assert client.get("/desk/").status_code == 200


def test_a_demonstration_may_waive_the_second_factor(client: Client, settings: Any) -> None:
    settings.IS_DEMO = True
    visitor = make_actor(Role.COUNTY_OFFICER, user=make_user(is_demonstration=True))
    mark_as_demonstration()
    sign_in(client, visitor, second_factor=False)
    assert client.get("/desk/").status_code == 200
    sign_in(client, make_actor(Role.COUNTY_OFFICER), second_factor=False)
    assert client.get("/desk/").url == "/accounts/2fa/totp/activate/"  # type: ignore[attr-defined]


def test_the_first_sign_in_leads_to_a_new_password_and_nowhere_else(client: Client) -> None:
    user = make_user(must_change_password=True)
    make_appointment(Role.MARKET_OPERATOR, user=user)
    post_password(client, user.username)
    assert client.get("/desk/").url == "/accounts/password/change/"  # type: ignore[attr-defined]
    new = "斤斤计较-公平交易-1985"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    user.refresh_from_db()
    assert not user.must_change_password
    assert user.check_password(new)
    assert client.get("/desk/").status_code == 200


def change_password(client: Client, old: str, new: str) -> str:
    form = {"oldpassword": old, "password1": new, "password2": new}
    return str(client.post("/accounts/password/change/", form).content.decode())


def test_the_password_that_was_handed_out_does_not_stay_and_does_not_come_back(client: Client) -> None:
    user = make_user()
    hand_out(user, PASSWORD)
    user.save()
    make_appointment(Role.MARKET_OPERATOR, user=user)
    post_password(client, user.username)
    assert "不能与现在的密码或发放的初始密码相同" in change_password(client, PASSWORD, PASSWORD)
    assert User.objects.get(pk=user.pk).must_change_password
    change_password(client, PASSWORD, "斤斤计较-公平交易-1985")
    assert not User.objects.get(pk=user.pk).must_change_password
    assert "发放的初始密码相同" in change_password(client, "斤斤计较-公平交易-1985", PASSWORD)


def test_a_reset_hands_out_another_one(at: datetime) -> None:
    user = make_user()
    for act in (reset_password, reset_password):
        with acting_in(EVERYTHING):
            user, password = act(user_id=user.pk, reason="忘记", by=SYSTEM, at=at)
        with pytest.raises(RuleBroken, match="请另设一个"):
            check_is_new(user, password)
    check_is_new(user, "斤斤计较-公平交易-1985")


@pytest.mark.parametrize("weak", ["short-1", "123456789012345", "password1234", "qwertyuiop123"])
def test_weak_passwords_are_refused(client: Client, weak: str) -> None:
    user = make_user(must_change_password=True)
    make_appointment(Role.MARKET_OPERATOR, user=user)
    post_password(client, user.username)
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": weak, "password2": weak})
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize("exists", [True, False])
def test_wrong_passwords_make_the_place_wait_that_they_come_from(exists: bool) -> None:
    name = make_user().username if exists else "nobody-has-this-name"
    here = Client(REMOTE_ADDR="10.0.0.1")
    for _ in range(5):
        assert SLOWED not in post_password(here, name, "wrong-wrong-wrong").content.decode()
    response = post_password(here, name)
    assert response.status_code == 200
    assert SLOWED in response.content.decode()
    assert len(acts_told(acts.SIGN_IN_FAILED)) == 5


def test_the_wait_ends(client: Client) -> None:
    user = make_user()
    make_appointment(Role.MARKET_OPERATOR, user=user)
    for _ in range(5):
        post_password(client, user.username, "wrong-wrong-wrong")
    SignInFailure.objects.update(at=timezone.now() - timedelta(seconds=31))
    assert post_password(client, user.username).status_code == 302


def test_wrong_codes_of_the_second_factor_count_too(client: Client) -> None:
    user = officer_with_totp()
    post_password(client, user.username)
    for _ in range(5):
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    response = client.post("/accounts/2fa/authenticate/", {"code": code_of(SECRET)})
    assert SLOWED in response.content.decode()


def test_unknown_names_and_wrong_passwords_are_told_the_same(client: Client) -> None:
    known = post_password(client, make_user("someone").username, "wrong-wrong-wrong")
    unknown = post_password(Client(), "no-one-1", "wrong-wrong-wrong")
    told = [
        re.sub(r"[A-Za-z0-9]{64}", "token", page.content.decode()).replace("no-one-1", "someone")
        for page in (known, unknown)
    ]
    assert told[0] == told[1]


def test_what_was_typed_for_an_unknown_name_is_not_kept(client: Client) -> None:
    post_password(client, "my-secret-typed-into-the-name", "wrong-wrong-wrong")
    (failed,) = acts_told(acts.SIGN_IN_FAILED)
    assert failed.subject == "未知账号"
    assert "my-secret" not in str(SignInFailure.objects.values().get())


def test_signing_in_starts_a_new_session(client: Client) -> None:
    user = make_user()
    make_appointment(Role.MARKET_OPERATOR, user=user)
    client.get("/accounts/login/")
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted or ""
    post_password(client, user.username)
    assert client.cookies["sessionid"].value != planted
    assert not Session.objects.filter(session_key=planted).exists()


@pytest.mark.parametrize(("began", "seen", "open_"), [(11, 0.4, True), (12.1, 0.1, False), (1, 0.6, False)])
def test_a_session_ends_after_thirty_idle_minutes_or_twelve_hours(
    client: Client, began: float, seen: float, open_: bool
) -> None:
    sign_in(client, make_actor(Role.COUNTY_OFFICER))
    session, now = client.session, time.time()
    session[BEGAN_KEY], session[SEEN_KEY] = now - began * 3600, now - seen * 3600
    session.save()
    assert (client.get("/desk/").status_code == 200) is open_


def test_signing_out_ends_the_session_on_the_server(client: Client) -> None:
    sign_in(client, make_actor(Role.COUNTY_OFFICER))
    key = client.cookies["sessionid"].value
    client.post("/accounts/logout/")
    stolen = Client()
    stolen.cookies["sessionid"] = key
    assert stolen.get("/desk/").status_code == 302


def test_a_disabled_person_is_out_with_the_next_request(client: Client) -> None:
    actor = make_actor(Role.COUNTY_OFFICER)
    sign_in(client, actor)
    assert client.get("/desk/").status_code == 200
    User.objects.filter(pk=actor.user_id or 0).update(is_active=False)
    assert client.get("/desk/").status_code == 302


def test_one_of_several_roles_is_chosen_and_anothers_appointment_cannot_be(client: Client) -> None:
    user = make_user()
    first = make_appointment(Role.COUNTY_OFFICER, user=user)
    second = make_appointment(Role.INSPECTOR, user=user)
    foreign = make_appointment(Role.PROVINCE_OFFICER)
    sign_in(client, make_actor(Role.COUNTY_OFFICER, user=user))
    client.post("/me/role/", {"appointment": second.pk})
    assert client.session["appointment"] == second.pk
    client.post("/me/role/", {"appointment": foreign.pk})
    assert client.session["appointment"] == second.pk
    assert first.pk != second.pk


def test_my_other_sessions_can_be_ended(client: Client) -> None:
    actor = make_actor(Role.COUNTY_OFFICER)
    sign_in(client, actor)
    other = sign_in(Client(), actor)
    assert "我的账号" in client.get("/me/").content.decode()
    client.post("/me/sessions/end/")
    assert client.get("/desk/").status_code == 200
    assert other.get("/desk/").status_code == 302


def test_nobody_signs_up(client: Client) -> None:
    before = User.objects.count()
    form = {"username": "me", "password1": PASSWORD, "password2": PASSWORD}
    assert client.post("/accounts/help/", form).status_code == 405
    assert client.post("/accounts/signup/", form).status_code == 404
    assert User.objects.count() == before


def test_cookies_are_shut_to_scripts_and_other_sites(client: Client) -> None:
    user = make_user()
    make_appointment(Role.MARKET_OPERATOR, user=user)
    post_password(client, user.username)
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_single_sign_on_is_off_until_its_server_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QUANHENG_OIDC_SERVER", raising=False)
    assert single_sign_on_settings() == {}
    monkeypatch.setenv("QUANHENG_OIDC_SERVER", "https://sso.example.gov.cn")
    with pytest.raises(ConfigurationMissing, match="QUANHENG_OIDC_CLIENT"):
        single_sign_on_settings()
    monkeypatch.setenv("QUANHENG_OIDC_CLIENT", "quanheng")
    monkeypatch.setenv("QUANHENG_OIDC_SECRET", "secret")
    (app,) = single_sign_on_settings()["openid_connect"]["APPS"]  # type: ignore[index]
    assert app["settings"]["server_url"] == "https://sso.example.gov.cn"


def test_single_sign_on_opens_existing_accounts_and_makes_none() -> None:
    user = make_user("zhangsan")
    opened: list[User] = []

    class Login:
        is_existing = False
        account = SimpleNamespace(extra_data={"userinfo": {"preferred_username": "zhangsan"}})

        def connect(self, request: object, person: User) -> None:
            opened.append(person)

    adapter = GovernmentSignInAdapter()
    login = Login()
    adapter.pre_social_login(RequestFactory().get("/"), login)
    assert opened == [user]
    login.account.extra_data = {"id_token": {"preferred_username": "zhangsan"}}
    adapter.pre_social_login(RequestFactory().get("/"), login)
    assert opened == [user, user]
    login.account.extra_data = {"userinfo": {"preferred_username": "nobody"}}
    with pytest.raises(ImmediateHttpResponse):
        adapter.pre_social_login(RequestFactory().get("/"), login)
    assert not adapter.is_open_for_signup(RequestFactory().get("/"), login)
