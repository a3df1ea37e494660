"""Guessing passwords and codes, and keeping others out by guessing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.db import connection
from django.test import Client
from django.utils import timezone

from quanheng.apps.accounts import acts
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import User
from quanheng.apps.accounts.services import sign_in
from quanheng.apps.accounts.sign_in_pace import pause_after
from quanheng.apps.audit.models import Act
from quanheng.kit.acts import Verb
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.web.accounts.adapter import TRIES
from tests.factories import PASSWORD, make_actor, make_appointment, make_user

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"
WRONG = "wrong-wrong-wrong"
HOME, STRANGER = "203.0.113.7", "198.51.100.1"


def administrator() -> User:
    user = make_user("director")
    make_appointment(Role.MARKET_OPERATOR, user=user)
    return user


def password(user: str, typed: str = PASSWORD, *, address: str = HOME) -> Any:
    return Client(REMOTE_ADDR=address).post("/accounts/login/", {"login": user, "password": typed})


def fail(user: str, times: int, *, addresses: Callable[[int], str] = lambda _: STRANGER) -> None:
    for number in range(times):
        sign_in.note_failure(user, address=addresses(number), at=timezone.now())


def acts_told(verb: Verb) -> list[Act]:
    with acting_in(EVERYTHING):
        return list(Act.objects.unscoped().filter(verb=verb))


@pytest.mark.parametrize(
    ("here", "everywhere", "known", "seconds"),
    [(0, 0, False, 0), (4, 4, False, 0), (5, 5, False, 30), (6, 6, False, 60), (9, 9, False, 480),
     (10, 10, True, 900), (500, 500, True, 900), (0, 500, False, 0), (1, 10, False, 30), (1, 10, True, 0)],
)  # fmt: skip
def test_how_long_a_place_waits(here: int, everywhere: int, known: bool, seconds: int) -> None:
    assert pause_after(here, everywhere, is_known_place=known) == timedelta(seconds=seconds)


def test_a_hundred_wrong_passwords_of_a_stranger_keep_nobody_out() -> None:
    user = administrator()
    fail(user.username, 100)
    assert "登录失败次数过多" in password(user.username, WRONG, address=STRANGER).content.decode()
    assert password(user.username).status_code == 302


def test_a_thousand_addresses_that_guess_keep_nobody_out_who_signs_in_for_the_first_time_from_a_place() -> (
    None
):
    user = administrator()
    fail(user.username, 200, addresses=lambda number: f"10.0.{number // 200}.{number % 200}")
    assert password(user.username, address="192.0.2.55").status_code == 302


def test_a_named_administrator_hears_of_it_and_so_does_the_log() -> None:
    user = administrator()
    assert password(user.username).status_code == 302
    fail(user.username, 25)
    (alarm,) = acts_told(acts.SIGN_IN_ALARM)
    assert (alarm.subject, alarm.after["failures"]) == (user.username, 10)
    visitor = Client(REMOTE_ADDR=HOME)
    visitor.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    assert "您的账号有 25 次登录失败" in visitor.get("/desk/").content.decode()


def test_a_name_that_nobody_has_raises_no_alarm_and_waits_alike() -> None:
    fail("nobody-here", 12)
    assert acts_told(acts.SIGN_IN_ALARM) == []
    assert "登录失败次数过多" in password("nobody-here", WRONG, address=STRANGER).content.decode()


def test_one_address_that_tries_many_names_waits_and_who_signs_in_from_there_every_day_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    user = administrator()
    assert password(user.username).status_code == 302
    monkeypatch.setattr(TRIES, "clock", lambda: 0.0)
    TRIES.forget()
    while not TRIES.spend(HOME):  # as many names as it may
        pass
    assert "此网络的登录尝试过于频繁" in password("another-name", WRONG).content.decode()
    assert password(user.username).status_code == 302


def test_a_new_forwarded_for_does_not_make_a_new_place() -> None:
    user = administrator()
    for number in range(6):
        answer = Client(REMOTE_ADDR=STRANGER, HTTP_X_FORWARDED_FOR=f"10.0.0.{number}").post(
            "/accounts/login/", {"login": user.username, "password": WRONG}
        )
    assert "登录失败次数过多" in answer.content.decode()


def test_changing_the_password_is_no_place_to_guess_the_old_one() -> None:
    user = administrator()
    visitor = Client(REMOTE_ADDR=HOME)
    visitor.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    form = {"password1": "斤斤计较-公平交易-1985", "password2": "斤斤计较-公平交易-1985"}
    for _ in range(5):
        visitor.post("/accounts/password/change/", form | {"oldpassword": WRONG})
    answer = visitor.post("/accounts/password/change/", form | {"oldpassword": PASSWORD})
    assert "登录失败次数过多" in answer.content.decode()
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def officer() -> User:
    user = make_user()
    make_appointment(Role.COUNTY_OFFICER, user=user)
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    return user


def code_at(moment: datetime) -> str:
    return str(format_hotp_value(hotp_value(SECRET, int(moment.timestamp()) // 30)))


def enter(user: User, code: str) -> int:
    visitor = Client(REMOTE_ADDR=HOME)
    password_answer = visitor.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    assert password_answer.status_code == 302
    return visitor.post("/accounts/2fa/authenticate/", {"code": code}).status_code


@pytest.mark.parametrize(("late", "opens"), [(0, 302), (30, 302), (-30, 302), (61, 200), (-61, 200)])
def test_a_code_of_the_step_before_or_after_opens_and_no_older_one(
    at: datetime, late: int, opens: int
) -> None:
    user = officer()
    with time_machine.travel(at, tick=False):
        assert enter(user, code_at(at - timedelta(seconds=late))) == opens


def test_a_code_opens_once_and_none_before_it_afterwards(at: datetime) -> None:
    user = officer()
    with time_machine.travel(at, tick=False):
        assert enter(user, code_at(at)) == 302
        assert enter(user, code_at(at)) == 200
        assert enter(user, code_at(at - timedelta(seconds=30))) == 200
        assert enter(user, code_at(at + timedelta(seconds=30))) == 302


@pytest.mark.django_db(transaction=True)
def test_twenty_threads_with_one_code_open_once() -> None:
    user = make_user()
    opened: list[bool] = []

    def use() -> None:
        opened.append(sign_in.use_code(user.pk, 59_000_000))
        connection.close()

    threads = [threading.Thread(target=use) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(opened), sum(opened)) == (20, 1)


def test_the_code_that_enrols_an_authenticator_does_not_open_afterwards(at: datetime) -> None:
    user = make_user()
    make_appointment(Role.COUNTY_OFFICER, user=user)
    visitor = Client(REMOTE_ADDR=HOME)
    with time_machine.travel(at, tick=False):
        visitor.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
        visitor.post("/accounts/reauthenticate/", {"password": PASSWORD})
        visitor.get("/accounts/2fa/totp/activate/")
        secret = visitor.session["mfa.totp.secret"]
        code = format_hotp_value(hotp_value(secret, int(at.timestamp()) // 30))
        visitor.post("/accounts/2fa/totp/activate/", {"code": code})
        assert Authenticator.objects.filter(user=user, type="totp").exists()
        assert enter(user, code) == 200


def test_two_tries_at_once_from_one_place_do_not_wait_for_each_other(at: datetime) -> None:
    """The second is refused: a stranger's tries hold no thread and no lock that another place needs."""
    make_actor(Role.MARKET_OPERATOR)
    sign_in.check_may_try("somebody", address=STRANGER, at=at)
    sign_in.check_may_try("somebody", address=HOME, at=at)
