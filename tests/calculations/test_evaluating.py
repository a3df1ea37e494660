"""From the text of a case to its result: what every kind has in common."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from quanheng.calculations.calculation import Calculation, Example
from quanheng.calculations.evaluating import CaseRefused, calculations, evaluate, read_case
from quanheng.calculations.schemas import schema_files

EXAMPLES = [(kind, example) for kind in calculations().values() for example in kind.examples]
SUBSIDY = calculations()["subsidy"]


@pytest.mark.parametrize(("kind", "example"), EXAMPLES, ids=[f"{k.name}-{e.name}" for k, e in EXAMPLES])
def test_every_worked_example_comes_out_the_same_from_data_and_from_text(
    kind: Calculation, example: Example
) -> None:
    result = evaluate(kind, example.case)
    assert evaluate(kind, read_case(json.dumps(example.case))) == result
    assert kind.result.model_validate_json(result.model_dump_json()) == result


@pytest.mark.parametrize("kind", calculations().values(), ids=lambda kind: kind.name)
def test_every_kind_has_a_worked_example(kind: Calculation) -> None:
    assert kind.examples


def test_no_two_models_of_the_kinds_share_a_name() -> None:
    """The API has one list of schemas: of two with one name, one would hide the other."""
    known: dict[str, object] = {}
    for kind in calculations().values():
        for model in (kind.case, kind.result):
            schema = model.model_json_schema()
            for name, inner in {**schema.pop("$defs", {}), model.__name__: schema}.items():
                assert known.setdefault(name, inner) == inner, f"{name} of {kind.name} has another namesake"


@pytest.mark.parametrize("name", schema_files())
def test_the_committed_schemas_are_those_of_the_code(name: str) -> None:
    assert (Path("docs/reference/schemas") / name).read_text("utf-8") == schema_files()[name]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "JSON"),
        ("{", "JSON"),
        ('{"a": NaN}', "NaN"),
        ("[1, 2]", "对象"),
        ('{"a":' * 30 + "1" + "}" * 30, "嵌套过深"),
        ("[" * 200_000, "JSON"),
        ('{"a": "' + "x" * 2**20 + '"}', "算例至多"),
    ],
    ids=["empty", "cut off", "not a number", "a list", "deep", "very deep", "large"],
)
def test_a_text_that_is_no_case_is_refused(text: str, message: str) -> None:
    with pytest.raises(CaseRefused, match=message):
        read_case(text)


def test_faults_name_their_fields() -> None:
    with pytest.raises(CaseRefused) as refused:
        evaluate(SUBSIDY, {"day": "tomorrow", "invested": 1})
    assert {fault["field"] for fault in refused.value.faults} == {"day", "invested_yuan", "invested"}
    with pytest.raises(CaseRefused, match="invested_yuan：金额应为不小于 0"):
        evaluate(SUBSIDY, {"day": "2026-06-01", "invested_yuan": -1})
    with pytest.raises(CaseRefused, match="没有现行有效的规则"):
        evaluate(SUBSIDY, {"day": "1999-06-01", "invested_yuan": 1})


@given(st.binary(max_size=200))
def test_no_bytes_bring_the_reader_down(text: bytes) -> None:
    with suppress(CaseRefused):
        assert isinstance(read_case(text), dict)


def test_the_command_prints_the_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "case.json"
    file.write_text('{"day": "2026-06-01", "invested_yuan": 800000.50}')
    call_command("evaluate", "subsidy", str(file))
    assert json.loads(capsys.readouterr().out)["yuan"] == "80000.05"


def test_the_command_prints_the_faults_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "case.json"
    file.write_text('{"day": "2026-06-01"}')
    with pytest.raises(SystemExit) as ended:
        call_command("evaluate", "subsidy", str(file))
    assert ended.value.code == 1
    assert json.loads(capsys.readouterr().out)["faults"][0]["field"] == "invested_yuan"
