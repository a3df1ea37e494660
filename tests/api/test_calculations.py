"""Calculations through the API: open to everybody, stored nowhere, refused by field."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from quanheng.api.operations import calculations as operations
from quanheng.calculations.calculation import Calculation
from quanheng.calculations.evaluating import calculations, evaluate
from quanheng.kit.pace import AddressPaces
from tests.factories import make_actor

pytestmark = pytest.mark.django_db
KINDS = list(calculations().values())


def ask(kind: str, case: Any) -> Any:
    return Client().post(
        f"/api/v1/calculations/{kind}", json.dumps(case, default=str), content_type="application/json"
    )


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_answers_what_the_shell_answers(kind: Calculation) -> None:
    example = kind.examples[0]
    answer = ask(kind.name, example.case)
    assert answer.status_code == 200, answer.content.decode()
    assert kind.result.model_validate(answer.json()) == evaluate(kind, example.case)


@pytest.mark.parametrize(
    ("case", "field"),
    [
        ({"day": "2026-06-01"}, "invested_yuan"),
        ({"day": "2026-06-01", "invested_yuan": -1}, "invested_yuan"),
        ({"day": "2026-06-01", "invested_yuan": 1, "more": 1}, "more"),
    ],
)
def test_a_case_that_does_not_fit_is_refused_by_field(case: dict[str, Any], field: str) -> None:
    answer = ask("subsidy", case)
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_case_may_not_be_larger_than_a_case_is() -> None:
    answer = ask("subsidy", {"day": "2026-06-01", "invested_yuan": 1, "padding": "x" * 2**20})
    assert answer.status_code in {413, 422}


def test_who_asks_too_fast_without_a_key_is_told_when_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "WITHOUT_KEY", AddressPaces(1, 3600.0, name=""))
    case = {"day": "2026-06-01", "invested_yuan": 1}
    answers = [ask("subsidy", case) for _ in range(3)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) > 0


def test_a_program_with_a_key_calculates_as_anybody_does(program: Any) -> None:
    """Nothing is written, so nothing is asked for that would keep it from being written twice."""
    system = program(make_actor())
    case = {"value": "2.5", "interval": "1"}
    keyed = system.client.post(
        "/api/v1/calculations/rounding", case, content_type="application/json",
        headers={"Authorization": f"Bearer {system.token}"},
    )  # fmt: skip
    free = ask("rounding", case)
    assert (keyed.status_code, keyed.content) == (free.status_code, free.content)
    assert "RateLimit" in keyed


def test_a_result_that_no_number_can_hold_is_refused_and_not_null() -> None:
    """Found by schemathesis: intervals of 5e-324 days came out as coefficients that are null."""
    changes = [{"days": 5e-324, "change": 0.0}] * 3
    case = {"changes": changes, "value": 0.0, "measured": 0.0, "upper": 0.0}
    refused = ask("drift-interval", case)
    assert (refused.status_code, refused.json()["code"]) == (422, "unfit_content")
    assert "数量级" in refused.json()["errors"][0]["message"]


def test_a_number_keeps_every_digit_that_was_sent() -> None:
    body = '{"day": "2026-06-01", "invested_yuan": 500000.10000000000001}'
    answer = Client().post("/api/v1/calculations/subsidy", body, content_type="application/json")
    assert answer.status_code == 422  # 20 digits are more than an amount has; as a float they would be 16
    answer = Client().post(
        "/api/v1/calculations/subsidy", body.replace("000000000001", ""), content_type="application/json"
    )
    assert answer.json()["yuan"] == "50000.01"


def in_english(kind: str, case: Any) -> Any:
    return Client().post(
        f"/api/v1/calculations/{kind}",
        json.dumps(case, default=str),
        content_type="application/json",
        headers={"Accept-Language": "en"},
    )


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_words_of_a_result_are_in_the_language_that_was_asked_for(kind: Calculation) -> None:
    case = kind.examples[0].case
    sent = json.dumps(case, default=str, ensure_ascii=False)
    result = in_english(kind.name, case).json()
    result.get("statement", {}).pop("chinese", None)
    words = re.findall(r"[\u3400-\u9fff]+", json.dumps(result, ensure_ascii=False))
    assert [word for word in words if word not in sent] == []


@pytest.mark.parametrize(
    ("kind", "case"),
    [
        ("subsidy", {"day": "2026-06-01", "invested_yuan": -1}),
        ("subsidy", {"day": "1999-01-01", "invested_yuan": 1}),
        ("rounding", {"value": "1.5", "digits": 99, "to": "significant"}),
        ("deadline", {"received_on": "2026-02-13", "procedure": "none", "step": "none"}),
        ("unit-conversion", {"value": "1", "source": "\\kilo", "target": "\\metre"}),
        ("uncertainty", {"equation": "a + ", "inputs": []}),
    ],
)
def test_a_refusal_is_in_the_language_that_was_asked_for_whole(kind: str, case: Any) -> None:
    answer = in_english(kind, case)
    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert re.findall(r"[\u3400-\u9fff]+", answer.content.decode()) == []
