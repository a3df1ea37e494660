"""The OpenAPI document, made of the operations themselves."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from django.utils.translation import gettext, override

from quanheng.api.problems import MEDIA_TYPE
from quanheng.api.refusals import status_of
from quanheng.api.v1 import api
from quanheng.apps.instruments import enums as instrument_enums
from quanheng.apps.registry import enums as registry_enums
from quanheng.calculations.evaluating import calculations, evaluate
from quanheng.kit.refusal import refusals

BASE = "/api/v1"
IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": 80},
    "description": "同一次写入重发时用同一个键，结果只发生一次；保存 48 小时",
    "example": "8f14e45f-ea3b-4c1d-9d5c-2f6f1a1d7b11",
}
IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": False,
    "schema": {"type": "string"},
    "description": "读取时的 ETag；其间已被修改的返回 412",
    "example": '"3"',
}
ENUMS = (instrument_enums, registry_enums)
TRANSLATED = frozenset({"description", "summary", "title"})


def document(language: str = "zh-hans") -> dict[str, Any]:
    """Return the OpenAPI 3.1 document in a language, the same whenever the operations are."""
    with override(language):
        plain = json.loads(json.dumps(dict(api.get_openapi_schema(path_prefix=BASE)), default=str))
        for address, methods in plain["paths"].items():
            for method, operation in methods.items():
                _complete(operation, method, address)
        plain["components"]["securitySchemes"] = {
            "BearerKey": {"type": "http", "scheme": "bearer", "bearerFormat": "qh_…"}
        }
        schemas = plain["components"]["schemas"]
        for name, example in _examples_of_calculations().items():
            schemas[name]["example"] = example
        plain["components"]["schemas"] = {
            name: schemas[name] for name in sorted(_used(plain["paths"], schemas))
        }
        translated: dict[str, Any] = _translate(plain)
        _name_codes(translated["components"]["schemas"]["ProblemOut"])
        for name, schema in translated["components"]["schemas"].items():
            if "enum" in schema:
                schema["description"] = _words_of(name, schema["enum"])
        return translated


def text(language: str = "zh-hans") -> str:
    """Return the document as it is committed: indented, with a closing newline."""
    return json.dumps(document(language), ensure_ascii=False, indent=2) + "\n"


@cache
def _examples_of_calculations() -> dict[str, Any]:
    """Return the first worked example of each kind and what comes out of it, by the names of the models."""
    examples: dict[str, Any] = {}
    for kind in calculations().values():
        case = kind.examples[0].case
        examples[kind.case.__name__] = json.loads(json.dumps(case, default=str))
        examples[kind.result.__name__] = evaluate(kind, case).model_dump(mode="json")
    return examples


def _complete(operation: dict[str, Any], method: str, address: str) -> None:
    """Say what ninja does not know: headers, the media type of problems, where a version counts."""
    for status, response in operation["responses"].items():
        content = response.get("content", {})
        if int(status) >= 400 and "application/json" in content:
            content[MEDIA_TYPE] = content.pop("application/json")
    if method in {"post", "patch"} and "x-scope" in operation:
        operation["parameters"].append(IDEMPOTENCY_KEY)
    if method == "patch":
        operation["parameters"].append({**IF_MATCH, "required": True})
    elif method == "post" and "{instrument_id}" in address:
        operation["parameters"].append(IF_MATCH)


def _name_codes(problem: dict[str, Any]) -> None:
    """Name every code that an answer may carry, each with its status and what it means."""
    codes = sorted(refusals().items())
    problem["properties"]["code"]["enum"] = [code for code, _said in codes]
    problem["properties"]["code"]["x-enum-descriptions"] = [
        f"{status_of(code, said[0].kind.status)} {said[0].sentence}" for code, said in codes
    ]


def _words_of(name: str, values: list[Any]) -> str:
    """Return every value with its word, as the pages show it; rules without words list their values."""
    kind = next((found for module in ENUMS if (found := getattr(module, name, None))), None)
    if kind is None:
        return ", ".join(str(value) for value in values)
    return "; ".join(f"{value} {kind(value).label}" for value in values)


def _used(start: Any, schemas: dict[str, Any]) -> set[str]:
    """Return the names of the schemas that the operations refer to, through one another too."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        names = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(waiting.pop()))) - found
        found |= names
        waiting += [schemas[name] for name in names]
    return found


def _translate(node: Any) -> Any:
    if isinstance(node, list):
        return [_translate(part) for part in node]
    if not isinstance(node, dict):
        return node
    return {
        name: gettext(value)
        if name in TRANSLATED and isinstance(value, str) and value
        else _kept(name, value)
        for name, value in node.items()
    }


def _kept(name: str, value: Any) -> Any:
    return value if name in {"example", "examples"} else _translate(value)
