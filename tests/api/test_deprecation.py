"""An operation that ends says so: in the description, on its page, and in each of its answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from email.utils import parsedate_to_datetime
from types import ModuleType
from typing import Any

import pytest
from django.http import HttpRequest
from django.test.utils import override_settings
from django.urls import path
from ninja import Router

from quanheng.api.deprecation import ending
from quanheng.api.openapi import document
from quanheng.api.operations.declaring import reads, writes
from quanheng.api.operations.reach import whoami
from quanheng.api.parameters import knows_its_parameters
from quanheng.api.schemas.reach import WhoamiOut
from quanheng.api.v1 import Named
from quanheng.apps.accounts.enums import KeyScope
from tests.factories import make_actor

SINCE, UNTIL = date(2027, 1, 1), date(2028, 1, 1)


router = Router(tags=["reach"])
declared = reads(KeyScope.READ_LEDGER, WhoamiOut, "密钥的权限和范围", "密钥属于哪个岗位，能办理什么。")


@router.get("/who-was-i", **ending(declared, since=SINCE, until=UNTIL, instead="whoami"))
def who_was_i(request: HttpRequest) -> WhoamiOut:
    return whoami(request)


@router.post(
    "/who-was-i",
    **ending(
        writes(KeyScope.WRITE_LEDGER, WhoamiOut, "密钥的权限和范围", "密钥属于哪个岗位。", status=200),
        since=SINCE, until=UNTIL, instead="whoami",
    ),
)  # fmt: skip
def become_who_i_was(request: HttpRequest) -> WhoamiOut:
    return whoami(request)


THROWN_AWAY = Named(title="Ending", urls_namespace="ending", docs_url=None, openapi_url=None)
THROWN_AWAY.add_decorator(knows_its_parameters, mode="view")
THROWN_AWAY.add_router("", router)
URLS = ModuleType("ending_urls")
URLS.urlpatterns = [path("api/v1/", THROWN_AWAY.urls)]  # type: ignore[attr-defined]


@pytest.fixture
def served() -> Iterator[None]:
    """Serve an API with one operation that ends in the place of ours."""
    with override_settings(ROOT_URLCONF=URLS):
        yield


@pytest.mark.django_db
def test_every_answer_of_an_operation_that_ends_says_when_and_what_to_do(served: None, program: Any) -> None:
    system, slow = program(make_actor()), program(make_actor(), per_minute=1)
    slow.get("/who-was-i")
    answers = {
        "read": system.get("/who-was-i"),
        "scope": program(make_actor(), KeyScope.WRITE_SEALS).get("/who-was-i"),
        "written": system.post("/who-was-i", {}, Idempotency_Key="one"),
        "replayed": system.post("/who-was-i", {}, Idempotency_Key="one"),
        "reused": system.post("/who-was-i", {"a": 1}, Idempotency_Key="one"),
        "unknown key": system.get("/who-was-i", Authorization="Bearer qh_unknown"),
        "too fast": slow.get("/who-was-i"),
        "head": system.client.head("/api/v1/who-was-i", headers={"Authorization": f"Bearer {system.token}"}),
    }
    assert {name: answer.status_code for name, answer in answers.items()} == {
        "read": 200, "scope": 403, "written": 200, "replayed": 200, "reused": 422, "unknown key": 401,
        "too fast": 429, "head": 200,
    }  # fmt: skip
    assert answers["replayed"]["Idempotency-Replayed"] == "true"
    for answer in answers.values():
        assert answer["Deprecation"] == "@1798732800"
        assert parsedate_to_datetime(answer["Sunset"]).date() == date(2027, 12, 31)  # 00:00 in Beijing
        assert answer["Link"] == '</api/#whoami>; rel="deprecation"'


@pytest.mark.django_db
def test_an_operation_that_goes_on_says_nothing_of_an_end(program: Any) -> None:
    assert not {"Deprecation", "Sunset", "Link"} & set(program(make_actor()).get("/whoami").headers)


def test_the_description_says_so_of_the_operation_and_of_each_answer() -> None:
    described = document(of=THROWN_AWAY)
    operation = described["paths"]["/api/v1/who-was-i"]["get"]
    assert operation["deprecated"] is True
    for answer in operation["responses"].values():
        assert {"Deprecation", "Sunset", "Link"} <= set(answer["headers"])
    assert {"Deprecation", "Sunset", "Link"} <= set(described["components"]["headers"])
    assert "x-ending" not in operation


def test_nobody_ends_an_operation_within_a_year_of_saying_so() -> None:
    with pytest.raises(ValueError, match="365 days"):
        ending({}, since=SINCE, until=date(2027, 12, 31))
