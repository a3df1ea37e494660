"""Calculations for anybody: the case of a kind in, its result out. Nothing is stored."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop
from ninja import Router

from quanheng.api import refusals
from quanheng.api.operations.declaring import public
from quanheng.api.problems import Problem, unfit_content
from quanheng.calculations.apart import evaluate_apart
from quanheng.calculations.calculation import Calculation, Case
from quanheng.calculations.evaluating import LARGEST_CASE, CaseRefused, calculations
from quanheng.kit.clients import client_address
from quanheng.kit.pace import AddressPaces

router = Router(tags=["calculations"])

# A calculation costs milliseconds, Monte Carlo a second. A laboratory that asks all day takes a key.
WITHOUT_KEY = AddressPaces(600, 24 * 3600.0, name="calculation")


def _operation(kind: Calculation) -> None:
    def calculate(request: HttpRequest, case: Case) -> HttpResponse:
        if getattr(request, "holder", None) is None:
            _keep_pace(client_address(request))
        _check_size(request)
        try:
            answer = evaluate_apart(kind, case.model_dump_json())
        except CaseRefused as refused:
            raise unfit_content(refused.faults) from None
        return HttpResponse(answer, content_type="application/json; charset=utf-8")

    calculate.__annotations__["case"] = kind.case
    calculate.__name__ = f"calculate_{kind.name.replace('-', '_')}"
    text = gettext_noop("按当天有效的规则计算，不保存任何内容。不带密钥的，每个地址每天约 600 次。")
    declaration = public(kind.result, kind.title, text)  # type: ignore[arg-type]  # a model is a schema
    router.post(f"/calculations/{kind.name}", **declaration)(calculate)


def _keep_pace(address: str) -> None:
    wait = WITHOUT_KEY.spend(address)
    if wait:
        raise Problem(refusals.CALCULATIONS_TOO_FAST(seconds=int(wait) + 1))


def _check_size(request: HttpRequest) -> None:
    if len(request.body) > LARGEST_CASE:
        size = len(request.body)
        raise Problem(refusals.CASE_TOO_LARGE(size=LARGEST_CASE // 1024, bytes=size))


for calculation in calculations().values():
    _operation(calculation)
