"""Calculations for anybody: the case of a kind in, its result out. Nothing is stored."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router

from quanheng.api.operations.declaring import public
from quanheng.api.problems import Problem
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
            detail = _("有 %(count)d 处不符合要求，见 errors。") % {"count": len(refused.faults)}
            raise Problem(422, "unfit_content", detail, errors=refused.faults) from None
        return HttpResponse(answer, content_type="application/json; charset=utf-8")

    calculate.__annotations__["case"] = kind.case
    calculate.__name__ = f"calculate_{kind.name.replace('-', '_')}"
    text = gettext_noop("按当天有效的规则计算，不保存任何内容。不带密钥的，每个地址每天约 600 次。")
    declaration = public(kind.result, kind.title, text)  # type: ignore[arg-type]  # a model is a schema
    router.post(f"/calculations/{kind.name}", **declaration)(calculate)


def _keep_pace(address: str) -> None:
    wait = WITHOUT_KEY.spend(address)
    if wait:
        facts = {"seconds": int(wait) + 1}
        detail = _("没有密钥的计算过于频繁，请在 %(seconds)d 秒后重试，或申请接口密钥。") % facts
        raise Problem(429, "too_fast", detail, facts, headers={"Retry-After": str(facts["seconds"])})


def _check_size(request: HttpRequest) -> None:
    if len(request.body) > LARGEST_CASE:
        detail = _("算例不能大于 %(size)d KB。") % {"size": LARGEST_CASE // 1024}
        raise Problem(413, "case_too_large", detail, {"bytes": len(request.body)})


for calculation in calculations().values():
    _operation(calculation)
