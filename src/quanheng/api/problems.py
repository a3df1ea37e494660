"""Errors as application/problem+json (RFC 9457): what is wrong, where, and how to put it right."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from quanheng.kit.refusal import NotNow, NotYours, RuleBroken

MEDIA_TYPE = "application/problem+json"

TITLES = {
    400: gettext_noop("请求有误"),
    401: gettext_noop("缺少有效的接口密钥"),
    403: gettext_noop("没有权限"),
    404: gettext_noop("没有找到"),
    405: gettext_noop("不支持该方法"),
    409: gettext_noop("与当前状态冲突"),
    412: gettext_noop("数据已被修改"),
    413: gettext_noop("内容过大"),
    415: gettext_noop("不支持的格式"),
    422: gettext_noop("内容不符合要求"),
    428: gettext_noop("缺少版本条件"),
    429: gettext_noop("请求过于频繁"),
    500: gettext_noop("服务器内部错误"),
    503: gettext_noop("暂时无法服务"),
}

# A refusal's code says what kind it is: services name them by these patterns.
MISSING = ("no_such_",)
UNFIT = ("no_", "bad_", "incomplete_", "unknown_", "before_", "used_before_", "too_heavy")


@dataclass(slots=True)
class Problem(Exception):
    """An error on its way out.

    Args:
        code: stable identifier; `type` is made of it.
        facts: the values that led to it.
        errors: one entry per field that is wrong: ``field``, ``message``.
    """

    status: int
    code: str
    detail: str
    facts: dict[str, Any] = field(default_factory=dict)
    errors: list[dict[str, str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def response(self, request: HttpRequest) -> HttpResponse:
        """Write the problem document."""
        document: dict[str, Any] = {
            "type": f"urn:quanheng:problem:{self.code}",
            "title": _(TITLES.get(self.status, TITLES[400])),
            "status": self.status,
            "detail": self.detail,
            "instance": request.path,
            "code": self.code,
            "facts": self.facts,
        }
        if self.errors:
            document["errors"] = self.errors
        body = json.dumps(document, cls=DjangoJSONEncoder, ensure_ascii=False)
        return HttpResponse(body, status=self.status, content_type=MEDIA_TYPE, headers=self.headers)


def of_refusal(refusal: RuleBroken) -> Problem:
    """Turn an act's refusal into a problem with the status that fits it; faults by field are its errors."""
    facts = {name: value for name, value in refusal.facts.items() if name != "faults"}
    errors = refusal.facts.get("faults", [])
    later = {"Retry-After": str(refusal.facts["seconds"])} if isinstance(refusal, NotNow) else {}
    return Problem(status_of(refusal), refusal.code, refusal.message, facts, errors, later)


def status_of(refusal: RuleBroken) -> int:
    """Return 403 not yours, 503 not now, 404 not there for you, 412 changed meanwhile, 422 unfit content, 409
    the rest.
    """
    code = refusal.code
    if isinstance(refusal, NotYours):
        return 403
    if isinstance(refusal, NotNow):
        return 503
    if code.endswith("_not_found") or code.startswith(MISSING):
        return 404
    if code == "changed_meanwhile":
        return 412
    return 422 if code.startswith(UNFIT) else 409


def not_found(what: str) -> Problem:
    """Return the problem for a thing that is not there, or that this key does not reach (it cannot tell)."""
    return Problem(404, "not_found", _("没有找到%(what)s，或它不在该密钥的范围内。") % {"what": what})
