"""Errors: the same shape everywhere, and words that say how to put it right."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.test import Client

from quanheng.api import refusals
from quanheng.api.problems import Problem
from quanheng.apps.accounts import refusals as of_accounts
from quanheng.apps.accounts.enums import Role
from quanheng.apps.instruments import refusals as of_instruments
from quanheng.apps.registry import refusals as of_registry
from quanheng.kit import free_space
from quanheng.kit import refusals as of_kit
from quanheng.kit.refusal import RuleBroken
from tests.factories import make_actor, make_entity, make_instrument, make_item

MEMBERS = {"type", "title", "status", "detail", "instance", "code", "facts"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/instruments/999999999", 404, "instrument_not_found"),
        ("/nowhere", 404, "address_not_found"),
        ("/instruments?limit=x", 422, "unfit_content"),
        ("/instruments?cursor=x", 400, "bad_cursor"),
        ("/instruments?area=99", 422, "unknown_area"),
        ("/filings", 405, "method_not_allowed"),
        ("/scan/nonsense", 422, "code_unreadable"),
    ],
)
def test_every_error_is_a_problem_document(program: Any, path: str, status: int, code: str) -> None:
    answer = program(make_actor()).get(path)
    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert answer["Content-Type"] == "application/problem+json"
    assert set(problem) - {"errors"} == MEMBERS
    assert problem["type"] == f"urn:quanheng:problem:{code}"
    assert problem["instance"] == f"/api/v1{path}".partition("?")[0]
    assert problem["detail"]
    assert problem["title"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"serial_number": None}, "serial_number", "须为文字"),
        ({"serial_number": "x" * 61}, "serial_number", "最多 60 个字"),
        ({"use": "fun"}, "use", "只能是 'trade', 'safety', 'medical' or 'environment'"),
        ({"in_use_since": "23.11.2026"}, "in_use_since", "2026-11-23"),
        ({"e_g": "ten"}, "e_g", "须为数字"),
        ({"e_g": "0"}, "e_g", "须大于 0"),
        ({"e_g": "0.00001"}, "e_g", "最多 4 位小数"),
        ({"longitude": 181}, "longitude", "不能大于 180"),
        ({"colour": "red"}, "colour", "没有该项"),
        ({"state": "in_use"}, "state", "没有该项"),
    ],
)
def test_a_field_that_is_wrong_is_named_with_what_would_be_right(
    program: Any, change: dict[str, Any], field: str, words: str
) -> None:
    body = {"entity_id": 1, "item": "digital-indicating-scale", "name": "秤", "serial_number": "1"} | change
    problem = program(make_actor()).post("/instruments", body).json()
    assert problem["code"] == "unfit_content"
    assert [error["field"] for error in problem["errors"]] == [field]
    assert words in problem["errors"][0]["message"]


@pytest.mark.django_db
def test_what_is_missing_is_named(program: Any) -> None:
    problem = program(make_actor()).post("/instruments", {"name": "秤"}).json()
    assert {error["field"]: error["message"] for error in problem["errors"]} == dict.fromkeys(
        ["entity_id", "item", "serial_number"], "必填，请补上"
    )


@pytest.mark.django_db
@pytest.mark.parametrize("body", ["{", "[]", '"x"', "\x00"])
def test_a_body_that_is_not_an_object_is_refused(program: Any, body: str) -> None:
    answer = program(make_actor()).post("/instruments", body)
    assert answer.status_code in {400, 422}
    assert set(answer.json()) - {"errors"} == MEMBERS


@pytest.mark.django_db
def test_a_fault_of_ours_says_nothing_about_our_insides(
    program: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: Any, **kwargs: Any) -> Any:
        raise ZeroDivisionError("the password is 42")

    monkeypatch.setattr("quanheng.apps.instruments.queries.exchange.instruments", fail)
    with caplog.at_level(logging.ERROR):
        answer = program(make_actor()).get("/instruments")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "42" not in answer.content.decode()
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.django_db
def test_problems_speak_the_callers_language() -> None:
    answer = Client().get("/api/v1/entities", headers={"Accept-Language": "en"})
    assert answer.headers["Vary"].find("Accept-Language") >= 0
    assert answer.json()["detail"] == "This operation needs a key: Authorization: Bearer qh_…"


def test_an_act_is_refused_in_the_callers_language_too(program: Any) -> None:
    answer = program(make_actor()).post("/filings", {"instrument_ids": [1]}, Accept_Language="en")
    assert answer.json()["code"] == "instrument_not_found"
    assert answer.json()["detail"].startswith("Some of the chosen instruments are gone")


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (of_registry.OUT_OF_REACH(), 403),
        (of_instruments.INSTRUMENT_NOT_FOUND(), 404),
        (of_kit.CHANGED_MEANWHILE(), 412),
        (of_kit.NO_REASON(), 422),
        (of_instruments.UNKNOWN_ITEM(item="x"), 422),
        (of_instruments.ALREADY_VOID(), 409),
        (of_accounts.HOLDER_GONE(), 401),
        (of_accounts.SIGN_IN_SLOW(seconds=9), 429),
        (of_kit.BUSY(seconds=5), 503),
        (refusals.VERSION_REQUIRED(), 428),
    ],
)
def test_the_status_follows_the_kind_of_the_refusal(refusal: RuleBroken, status: int) -> None:
    problem = Problem(refusal)
    assert problem.status == status
    assert problem.headers.get("Retry-After") == (str(refusal.seconds) if refusal.seconds else None)


@pytest.mark.django_db
def test_a_disk_that_is_nearly_full_refuses_what_writes_and_not_what_reads(
    program: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = program(make_actor())
    monkeypatch.setattr(free_space, "_measured", lambda _place: 1)
    monkeypatch.setattr(free_space, "_looked", (0.0, "", 0))
    assert caller.get("/instruments").status_code == 200
    refused = caller.post("/instruments", {})
    assert (refused.status_code, refused.json()["code"]) == (503, "disk_low")
    assert refused["Retry-After"] == "300"


@pytest.mark.django_db
def test_a_misspelt_filter_is_refused_instead_of_ignored(program: Any) -> None:
    make_instrument()
    answer = program(make_actor(Role.COUNTY_OFFICER)).get("/instruments", {"stat": "in_use"})
    assert (answer.status_code, answer.json()["code"]) == (422, "unfit_content")
    assert [error["field"] for error in answer.json()["errors"]] == ["stat"]


@pytest.mark.django_db
def test_a_refused_rule_names_the_field_that_was_sent(program: Any) -> None:
    entity = make_entity()
    make_item("digital-indicating-scale")
    make_instrument(entity, serial_number="K-1", manufacturer="衡器厂")
    system = program(make_actor(Role.INSTRUMENT_USER, entity=entity))
    facts = {
        "entity_id": entity.pk, "item": "digital-indicating-scale", "name": "秤", "serial_number": "K-1",
        "manufacturer": "衡器厂",
    }  # fmt: skip
    taken = system.post("/instruments", facts).json()
    assert (taken["code"], taken["errors"]) == (
        "serial_number_taken",
        [{"field": "serial_number", "message": taken["detail"]}],
    )
    unknown = system.post("/instruments", facts | {"item": "price-scale"}).json()
    assert (unknown["code"], unknown["errors"][0]["field"]) == ("unknown_item", "item")


@pytest.mark.django_db
def test_of_a_batch_each_item_that_holds_it_up_is_named(program: Any) -> None:
    entity = make_entity()
    draft = make_instrument(entity, state="draft")
    filed = make_instrument(entity, state="in_use")
    system = program(make_actor(Role.INSTRUMENT_USER, entity=entity))
    refused = system.post("/filings", {"instrument_ids": [draft.pk, filed.pk, 999_999_999]})
    assert refused.status_code in {404, 409}
    assert [error["field"] for error in refused.json()["errors"]] == [
        "instrument_ids[1]",
        "instrument_ids[2]",
    ]
