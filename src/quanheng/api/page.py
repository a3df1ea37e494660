"""The page about the API, drawn by ourselves: no scripts or styles from elsewhere."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, gettext, gettext_noop
from django.views.decorators.http import require_safe

from quanheng.api.answers import pack
from quanheng.api.elsewhere import ALLOWED
from quanheng.api.openapi import document, text
from quanheng.apps.accounts.key_queries import sandbox_keys


@require_safe
def openapi_document(request: HttpRequest) -> HttpResponse:
    """Serve the OpenAPI document in the reader's language, to pages of others too."""
    written = text(get_language() or "zh-hans")
    answer = HttpResponse(written, content_type="application/json; charset=utf-8", headers=ALLOWED)
    patch_vary_headers(answer, ["Accept-Encoding"])
    pack(request, answer)
    return answer


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """Show every operation: what it does, what goes in, what comes out."""
    described = document(get_language() or "zh-hans")
    context = {
        "info": described["info"], "groups": _groups(described), "navigation": (),
        "sandbox_keys": sandbox_keys(), "sandbox_url": settings.SANDBOX_URL,
    }  # fmt: skip
    return render(request, "api/reference.html", context)


# The subjects, in words; the tags themselves stay English for programs that are generated from them.
SUBJECTS = {
    "reach": gettext_noop("密钥与区划"),
    "entities": gettext_noop("主体"),
    "instruments": gettext_noop("计量器具"),
    "filings": gettext_noop("备案"),
    "verifications": gettext_noop("检定"),
    "proposals": gettext_noop("变更申请"),
    "repairs": gettext_noop("送修与维修"),
    "applications": gettext_noop("检定申请"),
    "examinations": gettext_noop("检定结果录入"),
    "certificates": gettext_noop("检定证书"),
    "seals": gettext_noop("铅封"),
    "imports": gettext_noop("导入"),
    "changes": gettext_noop("变更记录"),
    "webhooks": gettext_noop("推送"),
    "indicators": gettext_noop("指标"),
    "scan": gettext_noop("扫码结果"),
    "calculations": gettext_noop("公开计算"),
}


def _groups(described: dict[str, Any]) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for address, methods in described["paths"].items():
        for method, operation in methods.items():
            shown = _shown(described, operation) | {"method": method.upper(), "address": address}
            groups.setdefault(operation["tags"][0], []).append(shown)
    return [
        {"tag": tag, "subject": gettext(SUBJECTS[tag]), "operations": operations}
        for tag, operations in groups.items()
    ]


def _shown(described: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    answers = operation["responses"]
    success = min(answers, key=int)
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    return {
        "id": operation["operationId"],
        "summary": operation["summary"],
        "description": operation["description"],
        "scope": operation.get("x-scope", ""),
        "deprecated": operation.get("deprecated", False),
        "parameters": operation["parameters"],
        "body": example_of(described, body) if body else None,
        "status": success,
        "answer": example_of(described, answers[success]["content"]["application/json"]["schema"]),
        "problems": [status for status in answers if status != success],
    }


def example_of(described: dict[str, Any], schema: dict[str, Any]) -> Any:
    """Return the example of a schema, through its reference."""
    if "$ref" in schema:
        schema = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema["example"]
