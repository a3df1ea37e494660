"""Two hostnames in production, and the headers of both."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from quanheng.apps.accounts.enums import Role
from quanheng.config.logging import LineFormatter
from tests.factories import make_actor, make_code, make_instrument, sign_in
from tests.factories.visitors import forget_visitors
from tests.walls.visiting import all_doors

pytestmark = pytest.mark.django_db
OFFICE, PUBLIC = {"Host": "office.example"}, {"Host": "scan.example"}
OPEN_TO_THE_PUBLIC = ("s/", "e/", "c/", "log/")


@pytest.fixture(autouse=True)
def two_hosts(settings: SimpleNamespace) -> None:
    settings.ALLOWED_HOSTS = ["office.example", "scan.example"]
    settings.PUBLIC_HOST, settings.PUBLIC_URL = "scan.example", "https://scan.example"
    settings.SECURE_HSTS_SECONDS = 63_072_000


@pytest.mark.parametrize("host", ["scan.example", "SCAN.example.:443"])
def test_the_public_host_answers_no_page_of_the_office(client: Client, host: str) -> None:
    sign_in(client, make_actor(Role.COUNTY_OFFICER))
    inner = [door.pattern for door in all_doors() if not door.pattern.startswith(OPEN_TO_THE_PUBLIC)]
    assert len(inner) > 150
    for pattern in inner:
        if pattern:
            answer = client.get(f"/{pattern}", headers={"Host": host})
            assert answer.status_code == 404, pattern
            assert "未找到该页面" in answer.content.decode()
    assert client.post("/accounts/login/", headers={"Host": host}).status_code == 404
    assert client.get("/", headers={"Host": host}).url == "/s/"  # type: ignore[attr-defined]


def test_the_public_host_answers_the_publics_pages_and_their_stylesheet(client: Client) -> None:
    assert client.get("/s/", headers=PUBLIC).status_code == 200
    assert client.get("/c/", headers=PUBLIC).status_code == 200
    stylesheet = client.get("/static/public/scan.css", headers=PUBLIC)
    assert stylesheet.status_code == 200
    stylesheet.close()


def test_the_office_sends_whoever_asks_for_a_public_page_to_the_publics_host(client: Client) -> None:
    answer: Any = client.get("/s/?code=X%2FY", headers=OFFICE)
    assert (answer.status_code, answer.url) == (302, "https://scan.example/s/?code=X%2FY")
    assert client.post("/s/ABC/report", headers=OFFICE).status_code == 404
    assert client.get("/accounts/login/", headers=OFFICE).status_code == 200


def test_an_officer_finds_the_way_back_from_a_blank_label(
    client: Client, settings: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_visitors(monkeypatch)
    answer = client.get(f"/s/{make_code(make_instrument()).value}", headers=PUBLIC)
    assert f'href="{settings.OFFICE_URL}/open/'.encode() in answer.content


def test_the_balancer_is_answered_on_every_host_but_the_publics(client: Client) -> None:
    assert client.get("/healthz", headers=OFFICE).status_code == 200
    assert client.get("/healthz", headers={"Host": "10.0.0.7"}).status_code in {200, 400}
    assert client.get("/readyz", headers=PUBLIC).status_code == 404


@pytest.mark.parametrize(
    ("host", "path"),
    [(OFFICE, "/accounts/login/"), (PUBLIC, "/s/"), (PUBLIC, "/desk/"), (OFFICE, "/static/public/scan.css"),
     (OFFICE, "/nowhere/")],
)  # fmt: skip
def test_every_answer_asks_for_https_for_two_years(client: Client, host: dict[str, str], path: str) -> None:
    answer = client.get(path, headers=host)
    assert answer["Strict-Transport-Security"] == "max-age=63072000"
    answer.close()


def test_on_one_machine_there_is_no_https_to_ask_for(client: Client, settings: SimpleNamespace) -> None:
    settings.PUBLIC_HOST, settings.SECURE_HSTS_SECONDS = "", 0
    assert "Strict-Transport-Security" not in client.get("/s/", headers=OFFICE)


def test_a_closed_door_is_one_line_of_the_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    sign_in(client, make_actor(Role.MARKET_OPERATOR))
    assert client.get("/acts/", headers=OFFICE).status_code in {403, 404}
    refused = logging.LogRecord("django.request", logging.WARNING, "", 0, "Forbidden: %s", ("/acts/",), None)
    try:
        raise PermissionDenied("first\nsecond")
    except PermissionDenied as denied:
        refused.exc_info = (PermissionDenied, denied, denied.__traceback__)
    refused.status_code = 403
    assert LineFormatter().format(refused).endswith(r"Forbidden: /acts/ (PermissionDenied: first\nsecond)")
    refused.status_code = 500
    assert "Traceback" in LineFormatter().format(refused)
