"""Calculations chosen for what they cost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from quanheng.calculations import apart
from quanheng.calculations.apart import evaluate_apart
from quanheng.calculations.evaluating import CaseRefused, calculations, read_case
from quanheng.kit.apart.asking import Limits, Turns
from quanheng.kit.refusal import NotNow
from quanheng.metrology.uncertainty.cost import MOST_WORK
from quanheng.web.calculators import draw_apart

SINES = "+".join(f"sin(x{number % 20})" for number in range(118))
INPUTS = [{"name": f"x{number}", "estimate": 1, "scale": 0.1} for number in range(20)]
HEAVY = {"equation": SINES, "inputs": INPUTS, "trials": 2_000_000}
EASY = {"equation": "x0 * x1", "inputs": INPUTS[:2], "trials": 2_000}


def post(client: Client, kind: str, case: Any) -> Any:
    return client.post(f"/api/v1/calculations/{kind}", json.dumps(case), "application/json")


def refused(kind: str, case: dict[str, Any]) -> list[dict[str, str]]:
    with pytest.raises(CaseRefused) as refusal:
        evaluate_apart(calculations()[kind], json.dumps(case))
    return refusal.value.faults


def test_more_trials_than_a_model_of_its_size_may_ask_for_are_refused_with_the_number_that_passes() -> None:
    (fault,) = refused("uncertainty", HEAVY)
    assert fault["field"] == "trials"
    passes = int(fault["message"].split("至多 ")[1].split("；")[0].replace(",", ""))
    assert 100_000 <= passes < 2_000_000
    cost = MOST_WORK // passes
    assert passes * cost <= MOST_WORK


def test_a_hundred_thousand_trials_pass_for_the_largest_model_there_is() -> None:
    equation = "+".join(f"tan(x{number % 50})" for number in range(166))
    inputs = [
        {"name": f"x{number}", "estimate": 0.1, "scale": 1e-9, "distribution": "t", "degrees_of_freedom": 3}
        for number in range(50)
    ]
    case = {"equation": equation, "inputs": inputs, "trials": 100_000}
    answer = json.loads(evaluate_apart(calculations()["uncertainty"], json.dumps(case)))
    assert answer["monte_carlo"]["trials"] == 100_000


def test_several_outputs_are_counted_together() -> None:
    outputs = [{"name": f"y{number}", "equation": SINES} for number in range(6)]
    (fault,) = refused("uncertainty-outputs", {"outputs": outputs, "inputs": INPUTS, "trials": 500_000})
    assert fault["field"] == "trials"


def test_the_adaptive_procedure_stops_at_the_same_cost_and_says_that_it_is_not_stable() -> None:
    sines = "+".join(f"x{number}*sin(x{number})" for number in range(20))
    inputs = [one | {"distribution": "t", "degrees_of_freedom": 50} for one in INPUTS]
    case = {"equation": f"{sines} + 1 / (x0 - 0.95)", "inputs": inputs}  # a reciprocal has no variance
    answer = json.loads(evaluate_apart(calculations()["uncertainty"], json.dumps(case)))
    assert not answer["monte_carlo"]["is_stable"]
    assert answer["monte_carlo"]["trials"] < 2_000_000


def test_a_case_that_runs_away_is_stopped_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "LIMITS", Limits(memory=330 * 2**20, cpu=10, wall=20))
    (fault,) = refused("uncertainty", EASY | {"trials": 2_000_000})
    assert "上限" in fault["message"]


def test_a_case_that_others_left_no_processor_for_is_not_to_blame(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "LIMITS", Limits(memory=2 * 2**30, cpu=60, wall=1))
    equation = "+".join(f"sin(x{number})" for number in range(20))
    case = {"equation": equation, "inputs": INPUTS, "trials": 2_000_000}  # eight seconds of a processor
    with pytest.raises(NotNow) as later:
        evaluate_apart(calculations()["uncertainty"], json.dumps(case))
    assert later.value.code == "busy"


@pytest.mark.django_db
def test_whoever_comes_when_all_turns_are_taken_gets_503_and_when_to_come_back(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "CALCULATIONS", Turns(abreast=1, waiting=0, patience=0))
    with apart.CALCULATIONS.one():
        answer = post(client, "uncertainty", EASY)
        page = client.post(
            "/calculators/uncertainty/",
            {
                "equation": "a * b",
                "inputs": "a 1 正态 0.1\nb 2 矩形 0.2",
                "probability": "0.95",
                "digits": "2",
            },
        )
        other = post(
            client,
            "deadline",
            {"procedure": "service-promise", "step": "opinion", "received_on": "2026-02-13"},
        )
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert "a 1 正态 0.1" in page.content.decode(), "what was typed is kept"
    assert other.status_code == 200, "what costs nothing waits for nobody"


@pytest.mark.django_db
def test_a_heavy_result_through_the_api_is_the_result_of_the_shell(client: Client) -> None:
    (example, *_) = calculations()["uncertainty"].examples
    answer = post(client, "uncertainty", example.case)
    assert answer.status_code == 200
    assert answer.json() == json.loads(
        evaluate_apart(calculations()["uncertainty"], json.dumps(example.case))
    )


@pytest.mark.django_db
def test_a_draw_is_recomputed_apart_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draw_apart, "DRAWS", Turns(abreast=1, waiting=0, patience=0))
    with draw_apart.DRAWS.one():
        answer = client.post("/calculators/draw/", {"proof": "{}"})
    assert answer.status_code == 503
    assert client.post("/calculators/draw/", {"proof": "[" * 100_000}).status_code == 422


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a":' * 1_000 + "1" + "}" * 1_000, '{"a": NaN}', "9" * 5_000, "[]"]
)
def test_a_case_in_any_shape_is_refused_as_a_case(text: str) -> None:
    with pytest.raises(CaseRefused):
        read_case(text)
