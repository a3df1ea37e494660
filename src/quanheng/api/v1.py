"""API v1: its operations, and how errors inside an operation leave it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from ninja.renderers import JSONRenderer

from quanheng.api import refusals
from quanheng.api.operations import (
    applications,
    calculations,
    certificates,
    changes,
    entities,
    examinations,
    filings,
    imports,
    indicators,
    instruments,
    proposals,
    reach,
    repairs,
    scan,
    seals,
    unchanged,
    verifications,
    webhooks,
)
from quanheng.api.parameters import knows_its_parameters
from quanheng.api.problems import Problem, unfit_content
from quanheng.kit.intake import is_fit
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.validation import faults_of


class Exact(Parser):
    """JSON whose numbers with a point stay decimals: what the law compares keeps its digits.

    Infinity and NaN are no JSON, and no text may hold what cannot be kept (NUL, half a surrogate pair).
    """

    def parse_body(self, request: HttpRequest) -> Any:
        try:
            content = json.loads(request.body, parse_float=Decimal, parse_constant=_no_constant)
        except RecursionError:
            raise ValueError("nested too deeply") from None
        if not is_fit(content):
            raise ValueError("unfit text")
        return content


def _no_constant(name: str) -> None:
    raise ValueError(name)


class Readable(JSONRenderer):
    """JSON with Chinese as it is, not as escapes: half the size."""

    json_dumps_params = {"ensure_ascii": False}


class Named(NinjaAPI):
    """Operations are called as their functions are, or as their declaration says."""

    def get_openapi_operation_id(self, operation: Any) -> str:
        return str(operation.view_func.__name__)


api = Named(
    title="Quanheng API",  # packages are named after it
    version="1.2.0",
    description=gettext_noop(
        "权衡接口：计量器具台账和扫码结果。密钥由系统管理员签发、持有人领取，只能做持有人在其岗位上能做的事。"
        "写入须带 Idempotency-Key；错误为 application/problem+json；列表用 next 翻页。"
        "时刻一律带时区，应答为北京时间（+08:00）；日期为北京时间的日期。"
        "位数有意义的数值（秤量、分度值、经纬度）以文字传送，不带多余的零；字段名以 _g 结尾的单位为克。"
        "未说明的查询参数和字段一律拒绝。"
    ),
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
    renderer=Readable(),
    parser=Exact(),
)
api.add_decorator(knows_its_parameters, mode="view")
for subject in (
    reach,
    calculations,
    certificates,
    entities,
    instruments,
    unchanged,
    filings,
    verifications,
    proposals,
    applications,
    examinations,
    seals,
    repairs,
    imports,
    changes,
    webhooks,
    indicators,
    scan,
):
    api.add_router("", subject.router)


@api.exception_handler(Problem)
def _problem(request: HttpRequest, problem: Any) -> HttpResponse:
    answer: HttpResponse = problem.response(request)
    return answer


@api.exception_handler(RuleBroken)
def _refused(request: HttpRequest, refusal: Any) -> HttpResponse:
    return Problem(refusal).response(request)


@api.exception_handler(ValidationError)
def _unfit(request: HttpRequest, fault: Any) -> HttpResponse:
    return unfit_content(faults_of(fault.errors)).response(request)


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, fault: Any) -> HttpResponse:
    return Problem(refusals.NO_JSON(), status=fault.status_code).response(request)
