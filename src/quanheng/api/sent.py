"""Where in what was sent the thing stands that a rule refused: the paths of `errors`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, RawPostDataException, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from quanheng.kit.refusal import RuleBroken

MOST_FAULTS = 100
UNREADABLE = (
    ValueError,
    RecursionError,
    RawPostDataException,
    UnreadablePostError,
    MultiPartParserError,
    SuspiciousOperation,
)


def sent_in(request: HttpRequest) -> Mapping[str, Any]:
    """Return the fields of a request by their names: its body, or what stands behind the question mark."""
    if request.method in {"GET", "HEAD"}:
        return request.GET.dict()
    if request.content_type == "multipart/form-data":
        return {**request.POST.dict(), **request.FILES}
    body = json.loads(request.body)
    return body if isinstance(body, dict) else {}


def faults_in(refusal: RuleBroken, request: HttpRequest) -> list[dict[str, str]]:
    """Return `field` and `message` of what a refusal is about, as far as it was sent.

    Of a batch: each item that holds it up. Else the first of the fields that the refusal is declared with. A
    body that cannot be read, or was refused for its size, names nothing.
    """
    if not (refusal.rows or refusal.refusal.fields):
        return []
    try:
        sent = sent_in(request)
    except UNREADABLE:
        return []
    if refusal.rows:
        return list(islice(_refused_items(refusal, sent), MOST_FAULTS))
    paths = dict(_paths(sent))
    named = (paths[name] for name in refusal.refusal.fields if name in paths)
    return [{"field": path, "message": refusal.message} for path in named][:1]


def _paths(sent: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in sent.items():
        if isinstance(value, dict):
            yield from ((inner, f"{name}.{inner}") for inner in value)
        yield name, name


def _refused_items(refusal: RuleBroken, sent: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for name, values in sent.items():
        for number, value in enumerate(values if isinstance(values, list) else ()):
            if isinstance(value, int) and value in refusal.rows:
                yield {"field": f"{name}[{number}]", "message": refusal.rows[value].message}
