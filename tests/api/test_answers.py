"""What becomes of every answer on its way out: packed, without a body, for pages elsewhere, as a problem."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from django.test import Client

from quanheng.api.elsewhere import WITHOUT_KEY
from quanheng.apps.accounts.enums import Role
from tests.api.contract import OPERATIONS, scope_of
from tests.factories import make_actor, make_entity, make_instrument

pytestmark = pytest.mark.django_db

RATE = "/api/v1/calculations/rounding"
PREFLIGHT = {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}


@pytest.fixture
def system(program: Any) -> Any:
    entity = make_entity()
    for _ in range(3):
        make_instrument(entity)
    return program(make_actor(Role.INSTRUMENT_USER, entity=entity))


def test_a_long_answer_is_packed_for_whoever_takes_it_packed(system: Any) -> None:
    plain = system.get("/instruments")
    packed = system.get("/instruments", Accept_Encoding="br, gzip;q=0.8")
    assert gzip.decompress(packed.content) == plain.content
    assert (packed["Content-Encoding"], packed["Content-Length"]) == ("gzip", str(len(packed.content)))
    assert len(packed.content) < len(plain.content) / 3
    assert {"Accept-Encoding", "Authorization"} <= set(plain["Vary"].split(", "))
    for unwilling in ("identity", "gzip;q=0", "gzip; q=0.0, br", "xgzip"):
        assert "Content-Encoding" not in system.get("/instruments", Accept_Encoding=unwilling)
    assert "Content-Encoding" not in system.get("/whoami", Accept_Encoding="gzip")


def test_the_tag_of_a_packed_row_is_good_for_reading_again_and_for_writing(system: Any) -> None:
    number = system.get("/instruments").json()["items"][0]["id"]
    packed = system.get(f"/instruments/{number}", Accept_Encoding="gzip")
    assert packed["ETag"].startswith('W/"')
    again = system.get(f"/instruments/{number}", Accept_Encoding="gzip", If_None_Match=packed["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    written = system.patch(f"/instruments/{number}", {"model": "B"}, If_Match=packed["ETag"])
    assert written.status_code in {200, 409}  # filed: it has to be asked for; the tag was not what refused it


def test_head_is_a_get_without_its_body(system: Any) -> None:
    got = system.get("/instruments")
    asked = system.client.head("/api/v1/instruments", headers={"Authorization": f"Bearer {system.token}"})
    assert (asked.status_code, asked.content) == (200, b"")
    assert asked["Content-Length"] == str(len(got.content))
    assert asked["Content-Type"] == got["Content-Type"]
    refused = system.client.head("/api/v1/filings", headers={"Authorization": f"Bearer {system.token}"})
    assert (refused.status_code, refused.content) == (405, b"")
    assert Client().head("/api/v1/instruments").status_code == 401


def test_what_needs_no_key_may_be_asked_by_pages_elsewhere() -> None:
    asked = Client().options(RATE, headers=PREFLIGHT)
    assert (asked.status_code, asked["Access-Control-Allow-Origin"]) == (204, "*")
    assert "authorization" not in asked["Access-Control-Allow-Headers"].lower()
    for answer in (
        Client().get("/api/openapi.json", headers={"Origin": "https://shop.example"}),
        Client().get("/api/v1/scan/QQQ"),
        Client().post(RATE, {}, content_type="application/json"),
    ):
        assert answer["Access-Control-Allow-Origin"] == "*"


def test_no_page_elsewhere_speaks_with_a_key(system: Any) -> None:
    asked = Client().options("/api/v1/instruments", headers=PREFLIGHT)
    assert (asked.status_code, asked.json()["code"]) == (405, "method_not_allowed")
    for answer in (asked, system.get("/instruments"), system.get("/scan/QQQ")):
        assert "Access-Control-Allow-Origin" not in answer


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_what_pages_elsewhere_may_ask_is_what_needs_no_key(operation: Any) -> None:
    assert operation.path.startswith(WITHOUT_KEY) == (not scope_of(operation))


def test_what_is_refused_before_the_door_is_a_problem_too(system: Any) -> None:
    """A NUL in the address was answered with a page."""
    refused = system.get("/instruments?serial_number=%00")
    assert (refused.status_code, refused["Content-Type"]) == (400, "application/problem+json")
    assert refused.json()["code"] == "bad_request"
