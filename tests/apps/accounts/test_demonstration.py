"""The accounts of a demonstration, all with one printed password, work in a demonstration alone."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.demonstration import mark_demonstration, works_here
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Demonstration, User
from quanheng.apps.accounts.queries import actor_behind, actor_for
from quanheng.kit.refusal import NotYours, RuleBroken
from quanheng.web.accounts.adapter import SignInAdapter
from tests.factories import PASSWORD, make_actor, make_api_key, make_entity, make_user, sign_in
from tests.factories.people import mark_as_demonstration

pytestmark = pytest.mark.django_db
ELSEWHERE = "演示账号只能在演示环境使用"


@pytest.fixture
def visitor() -> Actor:
    return make_actor(Role.MARKET_OPERATOR, user=make_user("shichang", is_demonstration=True))


def post_password(client: Client, username: str) -> Any:
    return client.post("/accounts/login/", {"login": username, "password": PASSWORD})


def test_a_demonstration_account_signs_in_where_the_demonstration_is(client: Client, visitor: Actor) -> None:
    mark_as_demonstration()
    assert post_password(client, "shichang").url == "/desk/"
    assert client.get("/desk/").status_code == 200


def test_it_does_not_sign_in_on_a_database_that_is_no_demonstration(client: Client, visitor: Actor) -> None:
    refused = post_password(client, "shichang")
    assert refused.status_code == 403
    assert ELSEWHERE in refused.content.decode()
    assert client.get("/desk/").status_code == 302


def test_it_does_not_sign_in_in_production_whatever_the_database_says(
    client: Client, visitor: Actor, settings: SimpleNamespace
) -> None:
    mark_as_demonstration()
    settings.IS_PRODUCTION = True
    assert post_password(client, "shichang").status_code == 403
    assert client.get("/desk/").status_code == 302


def test_single_sign_on_passes_the_same_door(rf: Any, visitor: Actor) -> None:
    request = rf.get("/accounts/oidc/government/login/callback/")
    request.session, request.user = Client().session, User.objects.get(username="shichang")
    found = SignInAdapter().pre_login(
        request, request.user, email_verification="none", signal_kwargs=None, email=None, signup=False,
        redirect_url=None,
    )  # fmt: skip
    assert found is not None
    assert found.status_code == 403


def test_a_session_a_key_and_a_job_of_it_end_with_the_demonstration(
    client: Client, visitor: Actor, settings: SimpleNamespace
) -> None:
    mark_as_demonstration()
    sign_in(client, visitor)
    token = make_api_key(visitor)
    assert client.get("/desk/").status_code == 200
    assert client.get("/api/v1/instruments", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    settings.IS_PRODUCTION = True
    assert client.get("/desk/").status_code == 302
    answer = client.get("/api/v1/instruments", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["code"]) == (401, "holder_gone")
    today = timezone.localdate()
    assert actor_for(visitor.user_id or 0, visitor.appointment_id, today) is None
    with pytest.raises(NotYours):
        actor_behind(visitor.user_id, visitor.appointment_id, today)


def test_an_account_of_the_office_is_never_taken_for_one() -> None:
    assert works_here(make_user())


def test_only_the_owner_of_the_database_marks_it() -> None:
    for statement in (
        "INSERT INTO accounts_demonstration (id, made_at) VALUES (1, now())",
        "DELETE FROM accounts_demonstration",
    ):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)
    assert not Demonstration.objects.exists()


def test_a_demonstration_is_not_made_in_production(settings: SimpleNamespace) -> None:
    settings.IS_PRODUCTION = True
    with pytest.raises(RuleBroken) as refusal:
        mark_demonstration(at=timezone.now())
    assert refusal.value.code == "not_in_production"
    with pytest.raises(CommandError, match="正式环境"):
        call_command("demo", "--instruments", "1")


@pytest.mark.parametrize("taken_by", [make_user, make_entity])
def test_a_demonstration_is_not_made_among_the_rows_of_an_office(taken_by: Any) -> None:
    taken_by()
    with pytest.raises(CommandError, match="不能装入演示数据"):
        call_command("demo", "--instruments", "1")
    assert not Demonstration.objects.exists()
