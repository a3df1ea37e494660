"""The committed description as schemathesis reads it: cases of an operation, and what an answer keeps to."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import strategies as st
from hypothesis.strategies import DataObject
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Err
from schemathesis.generation.case import Case
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from quanheng.config.wsgi import application
from quanheng.web.middleware.security import HEADERS
from tests.api.generated import DESCRIPTION

# What any answer over HTTP may carry; the description names what is the API's own.
OF_HTTP = {
    "access-control-allow-origin", "access-control-expose-headers", "allow", "cache-control",
    "content-language", "content-length", "content-type", "vary",
}  # fmt: skip
EVERYWHERE = OF_HTTP | {name.lower() for name in HEADERS}
SERVER = "http://testserver"


def closed(node: Any) -> Any:
    """Return a schema whose objects hold what they name and nothing else."""
    if isinstance(node, list):
        return [closed(part) for part in node]
    if not isinstance(node, dict):
        return node
    inner = {name: closed(part) for name, part in node.items()}
    is_object = isinstance(node.get("properties"), dict) and node.get("type") == "object"
    return {"additionalProperties": False} | inner if is_object else inner


def described() -> dict[str, Any]:
    """Return the committed description, with the schemas of its answers closed."""
    document: dict[str, Any] = json.loads(DESCRIPTION.read_text("utf-8"))
    schemas = document["components"]["schemas"]
    document["components"]["schemas"] = {
        name: {key: closed(part) if key == "properties" else part for key, part in schema.items()}
        | ({"additionalProperties": False} if "properties" in schema else {})
        for name, schema in schemas.items()
    }
    return document


SCHEMA = schemathesis.openapi.from_dict(described())


def operations() -> Iterator[Any]:
    """Yield the operations of the description as schemathesis has them.

    Raises:
        InvalidSchema: one of them cannot be read.
    """
    for found in SCHEMA.get_all_operations():
        if isinstance(found, Err):
            raise found.err()
        yield found.ok()


OPERATIONS = {found.definition.raw["operationId"]: found for found in operations()}


def scope_of(operation: Any) -> str:
    """Return the scope that an operation asks for; "" of one that needs no key."""
    return str(operation.definition.raw.get("x-scope", ""))


def undeclared_headers(_context: Any, response: Any, case: Case[Any]) -> None:
    """Refuse an answer with a header that its status does not declare."""
    answers = case.operation.definition.raw["responses"]
    answer = answers.get(str(response.status_code), {})
    if "$ref" in answer:
        name = answer["$ref"].rpartition("/")[2]
        answer = SCHEMA.raw_schema["components"]["responses"][name]
    declared = {name.lower() for name in answer.get("headers", {})}
    more = sorted(name for name in response.headers if name.lower() not in declared | EVERYWHERE)
    assert not more, f"headers that {response.status_code} does not declare: {more}"


CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance, undeclared_headers,
]  # fmt: skip


def drawn(data: DataObject, operation: Any, mode: GenerationMode, ids: Mapping[str, Any]) -> Case[Any]:
    """Draw a case of an operation; half of the ids in it are of things that are there."""
    case: Case[Any] = data.draw(operation.as_strategy(mode))
    known = data.draw(st.booleans())
    if known:
        fill(case, ids)
    if "If-Match" in case.headers and data.draw(st.booleans()):
        case.headers["If-Match"] = '"1"'
    return case


def fill(case: Case[Any], ids: Mapping[str, Any]) -> None:
    """Put the ids of things that are there where a case names such things."""
    case.path_parameters = {name: ids.get(name, given) for name, given in case.path_parameters.items()}
    if isinstance(case.body, dict):
        for name in case.body.keys() & ids.keys():
            case.body[name] = ids[name]


@contextmanager
def connection_kept() -> Iterator[None]:
    """Keep the database's connection over a request, as Django's own client for tests does."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


def answered(case: Case[Any], token: str = "") -> Any:
    """Send a case and hold the answer against the description; whatever it wrote is undone."""
    headers = {"Accept-Encoding": "identity"}
    if case.method != "GET" and scope_of(case.operation):
        headers["Idempotency-Key"] = str(uuid.uuid4())
    case.headers.pop("Idempotency-Key", None)
    case.headers.pop("Authorization", None)
    if token:
        headers["Authorization"] = f"Bearer {token}"
    with transaction.atomic(), connection_kept():
        response = case.call(base_url=SERVER, headers=headers, app=application)
        transaction.set_rollback(True)
    case.validate_response(response, checks=CHECKS)
    return response
