"""The one door of API v1: whose key, how fast, in which scope, once or again. A new operation cannot miss it.

Key → pace → transaction in the key's scope (read-only for a GET) → answer given before, or the operation →
rolled back when refused. Whatever goes wrong leaves as problem+json.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DataError, IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from quanheng.api import idempotency, pace
from quanheng.api.problems import MEDIA_TYPE, Problem, of_refusal
from quanheng.apps.accounts.key_queries import KeyHolder, holder_of
from quanheng.kit.free_space import refuse_when_low
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import NOTHING, acting_in

log = logging.getLogger(__name__)

PREFIX = "/api/v1/"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

View = Callable[..., HttpResponseBase]


class ApiRequest(HttpRequest):
    """A request that has passed the door."""

    holder: KeyHolder | None


class ApiDoor:
    """Middleware of everything below `/api/v1/`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path_info.startswith(PREFIX):
            return response
        if response.status_code >= 400 and response.get("Content-Type") != MEDIA_TYPE:
            response = _strange(request, response)
        response.headers.setdefault("Cache-Control", "no-store")
        patch_vary_headers(response, ["Authorization"])
        return response

    def process_view(
        self, request: ApiRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Run the operation here, inside the key's transaction."""
        if not request.path_info.startswith(PREFIX):
            return None
        request.holder = None
        headers: dict[str, str] = {}
        try:
            request.holder = _holder(request)
            if request.holder is not None:
                headers = _keep_pace(request.holder)
            _keep_room(request)
            response = _in_scope(request, view, args, kwargs)
        except Problem as problem:
            response = problem.response(request)
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response


def _keep_room(request: HttpRequest) -> None:
    if request.method in SAFE_METHODS:
        return
    try:
        refuse_when_low()
    except RuleBroken as refusal:
        later = {"Retry-After": "300"}
        raise Problem(503, refusal.code, refusal.message, refusal.facts, headers=later) from None


def _holder(request: HttpRequest) -> KeyHolder | None:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if not scheme:
        return None
    challenge = {"WWW-Authenticate": 'Bearer realm="quanheng"'}
    if scheme.lower() != "bearer" or not token.strip():
        raise Problem(
            401, "key_unknown", _("请用请求头 Authorization: Bearer qh_… 发送接口密钥。"), headers=challenge
        )
    try:
        return holder_of(token.strip(), timezone.localdate())
    except RuleBroken as refusal:
        raise Problem(401, refusal.code, refusal.message, headers=challenge) from None


def _keep_pace(holder: KeyHolder) -> dict[str, str]:
    spent = pace.spend(holder.key_id, holder.per_minute)
    if spent.refused:
        detail = _("该密钥每分钟最多 %(limit)d 次请求，请在 %(seconds)d 秒后重试。")
        facts = {"limit": spent.limit, "seconds": spent.reset_seconds}
        raise Problem(429, "too_fast", detail % facts, facts, headers=spent.headers())
    return spent.headers()


def _in_scope(request: ApiRequest, view: View, args: Any, kwargs: Any) -> HttpResponseBase:
    reading = request.method in SAFE_METHODS
    scope = request.holder.actor.scope if request.holder else NOTHING
    try:
        with acting_in(scope, read_only=reading):
            if reading or request.holder is None:
                response = view(request, *args, **kwargs)
            else:
                response = idempotency.once(request, request.holder, lambda: view(request, *args, **kwargs))
            if reading or response.status_code >= 400:
                transaction.set_rollback(True)  # nothing to keep
        return response
    except RuleBroken as refusal:
        raise of_refusal(refusal) from None
    except IntegrityError:
        # The services check first; this is the race that only a constraint can decide.
        detail = _("同时有另一个请求改动了同一数据。请重新读取后再提交。")
        raise Problem(409, "changed_at_the_same_time", detail) from None
    except Problem:
        raise
    except (DataError, OverflowError):  # the schemas check first; a number or a date that nothing can hold
        detail = _("有数值或日期超出可以保存的范围，请核对。")
        raise Problem(422, "out_of_range", detail) from None
    except RequestDataTooBig:
        raise Problem(413, "body_too_large", _("正文过大，未予接收。")) from None
    except (MultiPartParserError, SuspiciousOperation, UnreadablePostError):
        raise Problem(400, "unreadable_body", _("请求正文无法读取，请核对格式后重新提交。")) from None
    except Exception:
        log.exception("API %s %s", request.method, request.path_info)
        detail = _("服务器未能完成请求，数据没有改动。请稍后重试；仍不行的，请联系系统管理员。")
        raise Problem(500, "internal_error", detail) from None


def _strange(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Turn an error page of the framework into a problem: an unknown address, a wrong method."""
    details = {
        404: _("没有这个地址。接口一览见 /api/。"),
        405: _("该地址不支持 %(method)s。") % {"method": request.method},
        411: _("请求没有写明内容长度（Content-Length）。"),
        413: _("正文过大，未予接收。"),
        503: _("同时提交的请求过多，请稍后重试。"),
    }
    status = response.status_code
    codes = {404: "no_such_address", 405: "method_not_allowed", 411: "no_length", 413: "body_too_large"}
    headers = {name: response[name] for name in ("Allow", "Retry-After") if name in response}
    problem = Problem(
        status, codes.get(status, "bad_request"), details.get(status, _("请求有误。")), headers=headers
    )
    return problem.response(request)
