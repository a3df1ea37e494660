"""Errors as application/problem+json (RFC 9457): what is wrong, where, and how to put it right."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from quanheng.api import refusals
from quanheng.api.refusals import status_of
from quanheng.api.sent import faults_in
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.speaking import spoken
from quanheng.packs.sentence import Sentence

MEDIA_TYPE = "application/problem+json"

TITLES = {
    400: gettext_noop("请求有误"),
    401: gettext_noop("缺少有效的接口密钥"),
    403: gettext_noop("没有权限"),
    404: gettext_noop("未找到"),
    405: gettext_noop("不支持该方法"),
    409: gettext_noop("与当前状态冲突"),
    410: gettext_noop("已不再提供"),
    411: gettext_noop("缺少内容长度"),
    412: gettext_noop("数据已被修改"),
    413: gettext_noop("内容过大"),
    422: gettext_noop("内容不符合要求"),
    428: gettext_noop("缺少版本条件"),
    429: gettext_noop("请求过于频繁"),
    500: gettext_noop("服务器内部错误"),
    503: gettext_noop("暂时无法服务"),
}


@dataclass(slots=True)
class Problem(Exception):
    """An error on its way out.

    Args:
        refusal: code, sentence and facts; faults by field are its errors.
        status: where the kind of the refusal does not say it.
    """

    refusal: RuleBroken
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 0

    def __post_init__(self) -> None:
        self.status = self.status or status_of(self.refusal.code, self.refusal.kind.status)
        if self.refusal.seconds is not None:
            self.headers.setdefault("Retry-After", str(self.refusal.seconds))

    def response(self, request: HttpRequest) -> HttpResponse:
        """Write the problem document."""
        refusal = self.refusal
        document: dict[str, Any] = {
            "type": f"urn:quanheng:problem:{refusal.code}",
            "title": _(TITLES.get(self.status, TITLES[400])),
            "status": self.status,
            "detail": refusal.message,
            "instance": request.path,
            "code": refusal.code,
            "facts": {name: _fact(value) for name, value in refusal.facts.items() if name != "faults"},
        }
        if errors := refusal.facts.get("faults") or faults_in(refusal, request):
            document["errors"] = errors
        body = json.dumps(document, cls=DjangoJSONEncoder, ensure_ascii=False)
        return HttpResponse(body, status=self.status, content_type=MEDIA_TYPE, headers=self.headers)


def _fact(value: Any) -> Any:
    return spoken(value) if isinstance(value, Sentence) else value


def unfit_content(errors: list[dict[str, str]]) -> Problem:
    """Return the problem for content that is wrong in some fields."""
    return Problem(refusals.UNFIT_CONTENT(count=len(errors)).with_faults(errors))


def not_found(what: str) -> Problem:
    """Return the problem for a thing that is not there, or that this key does not reach (it cannot tell)."""
    return Problem(refusals.NOT_FOUND(what=what))
