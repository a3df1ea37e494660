"""The headers of requests and answers, as the description of the API names them."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext_noop

from quanheng.api.deprecation import DEPRECATION, LINK, SUNSET

ETAG, LOCATION = "ETag", "Location"
ENDING = (DEPRECATION, SUNSET, LINK)
# RFC 9110. Python's own table says some of them otherwise from one version to the next.
PHRASES = {
    200: "OK",
    201: "Created",
    202: "Accepted",
    204: "No Content",
    304: "Not Modified",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    410: "Gone",
    411: "Length Required",
    412: "Precondition Failed",
    413: "Content Too Large",
    422: "Unprocessable Content",
    428: "Precondition Required",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
OF_ANSWERS: dict[str, tuple[str, str, Any]] = {
    ETAG: ("string", gettext_noop("版本，用于 If-Match 和 If-None-Match；原样使用"), '"3-20261130"'),
    LOCATION: ("string", gettext_noop("新建内容的地址"), "/api/v1/instruments/1024"),
    "RateLimit": ("string", gettext_noop("剩余次数 r，和恢复全部次数的秒数 t"), '"key";r=599;t=1'),
    "RateLimit-Policy": ("string", gettext_noop("每 w 秒最多 q 次"), '"key";q=600;w=60'),
    "Retry-After": ("integer", gettext_noop("多少秒后可以重试"), 5),
    "WWW-Authenticate": ("string", gettext_noop("须用的认证方式"), 'Bearer realm="quanheng"'),
    DEPRECATION: ("string", gettext_noop("从何时起不应再使用（@ 加 Unix 秒，RFC 9745）"), "@1798732800"),
    SUNSET: ("string", gettext_noop("何时停用（RFC 8594）"), "Sat, 01 Jan 2028 00:00:00 GMT"),
    LINK: ("string", gettext_noop("停用的说明"), '</api/#list_instruments>; rel="deprecation"'),
    "Idempotency-Replayed": ("string", gettext_noop("为 true 时，是先前同一请求的应答"), "true"),
}
IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": 80},
    "description": gettext_noop("同一次写入重发时用同一个键，结果只发生一次；保存 48 小时"),
    "example": "8f14e45f-ea3b-4c1d-9d5c-2f6f1a1d7b11",
}
IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": False,
    "schema": {"type": "string"},
    "description": gettext_noop("读取时的 ETag；其间已被修改的返回 412"),
    "example": '"3-20261130"',
}
IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "required": False,
    "schema": {"type": "string"},
    "description": gettext_noop("已有内容的 ETag；没有变化的返回 304"),
    "example": '"3-20261130"',
}


def components(used_in: Any) -> dict[str, Any]:
    """Return the headers of answers as components of the document that refers to them."""
    document = json.dumps(used_in)
    return {
        name: {"description": said, "schema": {"type": kind, "example": example}}
        for name, (kind, said, example) in OF_ANSWERS.items()
        if f'"#/components/headers/{name}"' in document
    }


def headers_of(
    status: int, *, writes: bool = False, sent: tuple[str, ...] = (), always: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return the headers that an answer of a status may carry, as references.

    Args:
        sent: what the operation sends besides with its success; always: with every answer.
    """
    names = [*always, *(["RateLimit", "RateLimit-Policy"] if status != 401 else [])]
    if status < 300:
        names += [*sent, *(["Idempotency-Replayed"] if writes else [])]
    if status == 304:
        names.append(ETAG)
    if status == 401:
        names.append("WWW-Authenticate")
    if status in {409, 429, 503}:
        names.append("Retry-After")
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
