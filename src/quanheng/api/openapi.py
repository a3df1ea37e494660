"""The OpenAPI document, made of the operations themselves."""

from __future__ import annotations

import json
import re
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, gettext, gettext_noop, override
from ninja import NinjaAPI

from quanheng.api.headers import (
    ENDING,
    ETAG,
    IDEMPOTENCY_KEY,
    IF_MATCH,
    IF_NONE_MATCH,
    PHRASES,
    components,
    headers_of,
)
from quanheng.api.problems import MEDIA_TYPE, TITLES
from quanheng.api.refusals import status_of
from quanheng.api.schemas.common import ProblemOut
from quanheng.api.v1 import api
from quanheng.apps.certificates import enums as certificate_enums
from quanheng.apps.instruments import enums as instrument_enums
from quanheng.apps.registry import enums as registry_enums
from quanheng.calculations.evaluating import calculations, evaluate
from quanheng.kit.refusal import refusals
from quanheng.kit.speaking import spoken

BASE = "/api/v1"
SERVER = gettext_noop("提供本说明的平台")
ENUMS = (instrument_enums, registry_enums, certificate_enums)
TRANSLATED = frozenset({"description", "summary", "title"})


def document(language: str = "zh-hans", of: NinjaAPI = api) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document in a language, the same whenever the operations are."""
    with override(language):
        plain = json.loads(json.dumps(dict(of.get_openapi_schema(path_prefix=BASE)), default=str))
        for address, methods in plain["paths"].items():
            for method, operation in methods.items():
                _complete(operation, method, address)
        plain["servers"] = [{"url": "/", "description": SERVER}]
        plain["components"]["headers"] = {}  # its place; what is in it is known below
        plain["components"]["responses"] = {_name(status): _other_answer(status) for status in (304, *TITLES)}
        plain["components"]["headers"] = components(used_in=plain)
        plain["components"]["securitySchemes"] = {
            "BearerKey": {"type": "http", "scheme": "bearer", "bearerFormat": "qh_…"}
        }
        schemas = plain["components"]["schemas"]
        for name, example in _examples_of_calculations().items():
            if name in schemas:
                schemas[name]["example"] = example
        plain["components"]["schemas"] = {
            name: schemas[name]
            for name in sorted(_used([plain["paths"], plain["components"]["responses"]], schemas))
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


def _examples_of_calculations() -> dict[str, Any]:
    """Return the first worked example of each kind and what comes out of it, by the names of the models."""
    examples: dict[str, Any] = {}
    for kind in calculations().values():
        case = kind.examples[0].case
        examples[kind.case.__name__] = json.loads(json.dumps(case, default=str))
        examples[kind.result.__name__] = evaluate(kind, case).model_dump(mode="json")
    return examples


def _complete(operation: dict[str, Any], method: str, address: str) -> None:
    """Say what ninja does not know: headers, problems as one component each, where a version counts."""
    writes = method != "get" and "x-scope" in operation
    sent = tuple(operation.pop("x-headers", ()))
    required = operation.pop("x-version-required", False)
    always = ENDING if operation.pop("x-ending", None) else ()
    statuses = {int(status) for status in operation["responses"]}
    if writes:
        operation["parameters"].append(IDEMPOTENCY_KEY)
    if required or (writes and "{instrument_id}" in address):
        operation["parameters"].append({**IF_MATCH, "required": required})
        statuses |= {412, 428} if required else {412}
    if method == "get" and ETAG in sent:
        operation["parameters"].append(IF_NONE_MATCH)
        statuses.add(304)
    success = {
        "description": PHRASES[min(statuses)],
        "headers": headers_of(min(statuses), writes=writes, sent=sent, always=always),
        "content": operation["responses"][str(min(statuses))]["content"],
    }
    others = {str(status): _told(status, always) for status in sorted(statuses)}
    operation["responses"] = others | {str(min(statuses)): success}


def _told(status: int, always: tuple[str, ...]) -> dict[str, Any]:
    """Return the answer that all operations share, or the one of an operation that says more with each."""
    return _other_answer(status, always) if always else {"$ref": f"#/components/responses/{_name(status)}"}


def _other_answer(status: int, always: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return an answer that is no success: what has not changed, or a problem."""
    answer = {"description": PHRASES[status], "headers": headers_of(status, always=always)}
    if status < 400:
        return answer
    schema = {"$ref": f"#/components/schemas/{ProblemOut.__name__}"}
    return {**answer, "content": {MEDIA_TYPE: {"schema": schema}}}


def _name(status: int) -> str:
    return PHRASES[status].title().replace(" ", "")


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
        if not (name == "default" and isinstance(value, dict))  # generators know no object as a default
    }


def _kept(name: str, value: Any) -> Any:
    return _worded(value) if name in {"example", "examples"} else _translate(value)


def _worded(value: Any) -> Any:
    """Return an example with its words in the language of the document."""
    if isinstance(value, dict):
        worded = {spoken(name): _worded(part) for name, part in value.items()}
        return worded | ({"chinese": _in_chinese(value["chinese"])} if "chinese" in value else {})
    if isinstance(value, list):
        return [_worded(part) for part in value]
    return spoken(value) if isinstance(value, str) else value


def _in_chinese(statement: str) -> str:
    """Return what is Chinese in every language; a document in another one names it only."""
    return statement if get_language() == settings.LANGUAGE_CODE else gettext("（中文表述）")
