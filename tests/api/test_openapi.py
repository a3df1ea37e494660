"""The description of the API: committed, complete, and the same as what is served."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from quanheng.api.openapi import document, text
from quanheng.api.page import example_of
from quanheng.api.problems import MEDIA_TYPE
from quanheng.api.schemas.acts import SealBreakIn, SealIn, VerificationIn
from quanheng.api.schemas.instruments import InstrumentFacts, InstrumentIn
from quanheng.apps.instruments.models import Instrument, Seal, Verification

CHINESE = re.compile(r".{0,20}[\u3400-\u9fff].{0,20}")
COMMITTED = Path(__file__).parents[2] / "docs" / "reference" / "openapi.json"
DESCRIBED = document()
OPERATIONS = [
    (address, method, operation)
    for address, methods in DESCRIBED["paths"].items()
    for method, operation in methods.items()
]
NAMES = [f"{method} {address}" for address, method, _ in OPERATIONS]
each_operation = pytest.mark.parametrize(("address", "method", "operation"), OPERATIONS, ids=NAMES)


def test_the_committed_document_is_the_one_that_the_operations_make() -> None:
    assert COMMITTED.read_text("utf-8") == text(), (
        "run `quanheng openapi` and commit docs/reference/openapi.json"
    )


def test_the_command_finds_a_stale_document(tmp_path: Path) -> None:
    file = tmp_path / "openapi.json"
    call_command("openapi", output=file)
    call_command("openapi", output=file, check=True)
    file.write_text(file.read_text("utf-8").replace("1.2.0", "0.9.0"), "utf-8")
    with pytest.raises(CommandError, match="stale"):
        call_command("openapi", output=file, check=True)


def test_the_english_document_holds_no_chinese() -> None:
    assert CHINESE.findall(text("en")) == []


def test_the_english_page_holds_no_chinese_but_the_name_of_the_language() -> None:
    page = Client().get("/api/", headers={"Accept-Language": "en"}).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert CHINESE.findall(main) == []


def patterns_below(resolver: URLResolver, above: str) -> list[str]:
    found: list[str] = []
    for entry in resolver.url_patterns:
        path = above + str(entry.pattern)
        if isinstance(entry, URLPattern):
            found.append("/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path))
        else:
            found += patterns_below(entry, path)
    return found


def test_every_address_that_is_served_is_described() -> None:
    served = {path for path in patterns_below(get_resolver(), "") if path.startswith("/api/v1/")}
    assert served - {"/api/v1/"} == set(DESCRIBED["paths"])


@pytest.mark.django_db
@each_operation
def test_every_operation_that_is_described_is_served(
    address: str, method: str, operation: dict[str, Any]
) -> None:
    """Two subjects with one address would hide the second one's methods behind a 405."""
    path = re.sub(r"{\w+}", "1", address)
    answer = Client().generic(method.upper(), path, "{}", content_type="application/json")
    assert answer.status_code == (401 if "x-scope" in operation else 422)


@each_operation
def test_every_operation_says_what_it_does_and_shows_it(
    address: str, method: str, operation: dict[str, Any]
) -> None:
    assert operation["summary"]
    assert len(operation["description"]) >= 8
    for media, schema in schemas_of(operation):
        assert example_of(DESCRIBED, schema), (address, method, media)


def test_every_operation_has_a_name_of_its_own_that_says_nothing_of_the_code() -> None:
    names = [operation["operationId"] for _address, _method, operation in OPERATIONS]
    assert len(set(names)) == len(names)
    assert [name for name in names if not re.fullmatch(r"[a-z]+(_[a-z]+)*", name) or "quanheng" in name] == []


@each_operation
def test_every_operation_names_its_problems(address: str, method: str, operation: dict[str, Any]) -> None:
    expected = {"400", "401", "404", "422", "429", "500", "503"}
    if "x-scope" in operation:
        expected |= {"403"}
    if method != "get":
        expected |= {"411", "413"}
    if method != "get" and "x-scope" in operation:
        expected |= {"409"}
    if "If-Match" in parameters_of(operation):
        expected |= {"412"}
    assert expected <= set(operation["responses"])
    for status, response in answers_of(operation).items():
        if int(status) >= 400:
            assert list(response["content"]) == [MEDIA_TYPE], (address, method, status)


@each_operation
def test_every_answer_names_its_headers(address: str, method: str, operation: dict[str, Any]) -> None:
    for status, response in answers_of(operation).items():
        names = set(response["headers"])
        assert ("WWW-Authenticate" in names) == (status == "401")
        assert ("Retry-After" in names) == (status in {"409", "429", "503"})
        assert {found["$ref"].rpartition("/")[2] for found in response["headers"].values()} == names
        assert names <= set(DESCRIBED["components"]["headers"])
    if "304" in operation["responses"]:
        assert "ETag" in operation["responses"]["200"]["headers"]


def test_a_partial_update_has_no_defaults_that_a_client_would_send_along() -> None:
    """A generated client sent every default of a PATCH, and wiped maker and software version."""
    for _address, method, operation in OPERATIONS:
        if method == "patch":
            name = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[
                2
            ]
            schema = DESCRIBED["components"]["schemas"][name]
            assert "required" not in schema
            assert [key for key, part in schema["properties"].items() if "default" in part] == []


@each_operation
def test_writes_ask_for_an_idempotency_key_and_lists_for_a_limit(
    address: str, method: str, operation: dict[str, Any]
) -> None:
    parameters = parameters_of(operation)
    writes = method != "get" and "x-scope" in operation  # a calculation stores nothing
    assert ("Idempotency-Key" in parameters) == writes
    example = example_of(DESCRIBED, answer_of(operation))
    if "next" in example:
        assert parameters["limit"]["schema"]["maximum"] == 1000


def parameters_of(operation: dict[str, Any]) -> dict[str, Any]:
    return {parameter["name"]: parameter for parameter in operation["parameters"]}


def answers_of(operation: dict[str, Any]) -> dict[str, Any]:
    """Return the answers by status, through their references."""
    shared = DESCRIBED["components"]["responses"]
    return {
        status: shared[answer["$ref"].rpartition("/")[2]] if "$ref" in answer else answer
        for status, answer in operation["responses"].items()
    }


def schemas_of(operation: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    contents = [operation.get("requestBody", {}).get("content", {})]
    contents += [response.get("content", {}) for response in answers_of(operation).values()]
    return [
        (media, part["schema"]) for content in contents for media, part in content.items() if "json" in media
    ]


def answer_of(operation: dict[str, Any]) -> dict[str, Any]:
    success = operation["responses"][min(operation["responses"], key=int)]
    schema: dict[str, Any] = success["content"]["application/json"]["schema"]
    return schema


@pytest.mark.parametrize(
    ("schema", "model", "renamed"),
    [
        (InstrumentFacts, Instrument, {}),
        (InstrumentIn, Instrument, {}),
        (VerificationIn, Verification, {}),
        (SealIn, Seal, {"witness": "applied_witness"}),
        (SealBreakIn, Seal, {"witness": "broken_witness", "reason": "break_reason"}),
    ],
)
def test_no_text_is_let_in_that_its_column_cannot_hold(
    schema: Any, model: Any, renamed: dict[str, str]
) -> None:
    columns = {field.name: field for field in model._meta.get_fields() if hasattr(field, "max_length")}
    compared = 0
    for name, field in schema.model_fields.items():
        longest = [part.max_length for part in field.metadata if hasattr(part, "max_length")]
        column = columns.get(renamed.get(name, name))
        if longest and column is not None and column.max_length:
            assert longest == [column.max_length], name
            compared += 1
    assert compared >= 3


def test_no_component_is_left_unused() -> None:
    used = set(re.findall(r'"#/components/schemas/(\w+)"', text()))
    assert used == set(DESCRIBED["components"]["schemas"])


@pytest.mark.django_db
def test_the_page_about_the_api_needs_nothing_from_elsewhere(db: None) -> None:
    answer = Client().get("/api/")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert not re.findall(r"""(?:src|href)=["']https?://""", html)
    assert "<style" not in html
    assert not re.findall(r"<script(?![^>]*\bsrc=)", html)
    for address, method, _operation in OPERATIONS:
        assert f"{method.upper()} {address}" in html
    assert Client().get("/api/openapi.json").json() == DESCRIBED
