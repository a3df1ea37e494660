"""The calculators: a form, the case behind it as a file, a report to print. Nothing is kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from quanheng.calculations.apart import evaluate_apart
from quanheng.calculations.calculation import Example
from quanheng.calculations.evaluating import CaseRefused, calculations
from quanheng.kit.clients import client_address
from quanheng.kit.pace import AddressPaces
from quanheng.kit.refusal import NotNow, RuleBroken
from quanheng.packs.case_fault import CaseFault
from quanheng.web.access import come_back_after, public_page
from quanheng.web.calculators import (
    deadline,
    decision_risk,
    draws,
    factor_change,
    gauge_study,
    intervals,
    net_content,
    run_length,
    samples,
    uncertainty,
)
from quanheng.web.calculators.forms import CaseForm
from quanheng.web.calculators.report import Report
from quanheng.web.parts import Text

PACES = AddressPaces(
    600, 24 * 3600.0, name="calculator"
)  # as the API lets an address without a key calculate


@dataclass(frozen=True, slots=True)
class Calculator:
    """One page: the kind of calculation behind it, its form, and how its result is told."""

    slug: str
    title: Text
    text: Text
    icon: str
    kind: str = ""
    form: type[CaseForm] = CaseForm
    report: Callable[[Any], Report] = net_content.report


CALCULATORS = {
    one.slug: one
    for one in (
        Calculator(
            "net-content", gettext_lazy("净含量检验"),
            gettext_lazy("定量包装商品一批：单件短缺、平均值和标注，给出结论和计算过程。"), "scale",
            "net-content", net_content.NetContentForm, net_content.report,
        ),
        Calculator(
            "uncertainty", gettext_lazy("测量不确定度"),
            gettext_lazy("写出测量模型和输入量：GUM 法、蒙特卡洛法及其验证，可打印的报告。"), "chart-bar",
            "uncertainty", uncertainty.UncertaintyForm, uncertainty.report,
        ),
        Calculator(
            "decision-risk", gettext_lazy("合格判定的风险"),
            gettext_lazy("允差、不确定度和器具总体：消费者风险、生产者风险、保护带，一台器具合格的概率。"),
            "shield-check", "decision-risk", decision_risk.DecisionRiskForm, decision_risk.report,
        ),
        Calculator(
            "gauge-study", gettext_lazy("测量系统分析"),
            gettext_lazy("多人、多零件、多次测量：重复性、再现性和可区分的类别数。"), "clipboard-check",
            "gauge-study", gauge_study.GaugeStudyForm, gauge_study.report,
        ),
        Calculator(
            "survey-rate", gettext_lazy("抽查合格率的估计"),
            gettext_lazy("分层逐个抽取、按风险抽取或整群抽取的样本：总体的比例、误差和应公布的区间。"),
            "chart-bar", "survey-rate", samples.SurveyRateForm, samples.report_rate,
        ),
        Calculator(
            "proportion", gettext_lazy("抽查比例的置信区间"),
            gettext_lazy("由样本中的件数给出 Wilson 和精确区间，及对有限总体的结论。"), "chart-bar",
            "proportion", samples.ProportionForm, samples.report_proportion,
        ),
        Calculator(
            "calibration-interval", gettext_lazy("校准间隔的检验"),
            gettext_lazy("由历次校准合格次数判断现行间隔是否达到可靠性目标，应缩短或延长。"), "clock",
            "calibration-interval", intervals.CalibrationIntervalForm, intervals.report_interval,
        ),
        Calculator(
            "drift-interval", gettext_lazy("按漂移确定校准间隔"),
            gettext_lazy("由历次校准的变化推算仍在限内、不确定度仍满足要求的时间。"), "clock",
            "drift-interval", intervals.DriftIntervalForm, intervals.report_drift,
        ),
        Calculator(
            "run-length", gettext_lazy("控制图的平均运行长度"),
            gettext_lazy("控制图的误报间隔、偏移的发现时间和每天的报警数。"), "chart-bar",
            "run-length", run_length.RunLengthForm, run_length.report,
        ),
        Calculator(
            "factor-change", gettext_lazy("脉冲当量变化的识别"),
            gettext_lazy("加油机各班次的油罐减少量和销量：识别改动，区分阶跃与磨损。"), "shield-check",
            "factor-change", factor_change.FactorChangeForm, factor_change.report,
        ),
        Calculator(
            "deadline", gettext_lazy("期限计算"),
            gettext_lazy("工作日、自然日、小时；放假调休、不计入的时间、批准的延长，逐日说明。"), "clock",
            "deadline", deadline.DeadlineForm, deadline.report,
        ),
        Calculator(
            "draw", gettext_lazy("抽查结果验证"),
            gettext_lazy("用随机抽查的证明文件重新计算，核对公布的结果。"), "list-check",
        ),
    )
}  # fmt: skip


@public_page
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the calculators."""
    return render(request, "calculators/index.html", {"calculators": CALCULATORS.values(), "navigation": ()})


@public_page
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def calculate(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a calculator: empty, filled with an example, or with its report."""
    calculator = CALCULATORS[slug]
    examples = calculations()[calculator.kind].examples
    sent = request.POST if request.method == "POST" else None
    form = calculator.form(sent, initial=_initial(calculator, examples, request))
    report = None
    if request.method == "POST" and _may_go_on(form, request) and form.is_valid():
        if request.POST.get("act") == "case":
            return _case_file(calculator, form)
        report = _report(calculator, form)
    shown = {
        "calculator": calculator,
        "form": form,
        "examples": _told(examples),
        "report": report,
        "navigation": (),
    }
    return _page(request, form, shown)


@public_page
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def draw(request: HttpRequest) -> HttpResponse:
    """Recompute a draw from its proof."""
    proof = draws.example_proof() if request.GET.get("example") == draws.EXAMPLES[0].name else ""
    post, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = draws.DrawForm(post, files, initial={"proof": proof})
    report = None
    if request.method == "POST" and _may_go_on(form, request) and form.is_valid():
        try:
            report = draws.report(*form.verify())
        except CaseFault as fault:
            form.add_error(None, f"{fault.field}：{fault.message}" if fault.field else fault.message)
        except RuleBroken as refusal:
            _refuse(form, refusal)
    shown = {
        "calculator": CALCULATORS["draw"], "form": form, "examples": _told(draws.EXAMPLES), "report": report,
        "navigation": (), "is_upload": True,
    }  # fmt: skip
    return _page(request, form, shown)


def _told(examples: Iterable[Example]) -> list[Example]:
    """Return worked examples as the reader is told of them; the names in their cases stay."""
    return [replace(each, title=_(each.title), source=_(each.source)) for each in examples]


def _initial(calculator: Calculator, examples: tuple[Example, ...], request: HttpRequest) -> dict[str, Any]:
    wanted = request.GET.get("example", "")
    for example in examples:
        if example.name == wanted:
            return calculator.form.from_case(example.case)
    return calculator.form.from_case({})


def _may_go_on(form: Any, request: HttpRequest) -> bool:
    wait = PACES.spend(client_address(request))
    if wait:
        form.add_error(None, _("计算过于频繁，请在 %(seconds)d 秒后重试。") % {"seconds": int(wait) + 1})
    return not wait


def _report(calculator: Calculator, form: CaseForm) -> Report | None:
    kind = calculations()[calculator.kind]
    try:
        answer = evaluate_apart(kind, json.dumps(form.to_case(), ensure_ascii=False))
        return calculator.report(kind.result.model_validate_json(answer))
    except CaseRefused as refused:
        form.place(refused.faults)
    except ValidationError as fault:
        form.add_error(None, fault)
    except RuleBroken as refusal:
        _refuse(form, refusal)
    return None


def _refuse(form: Any, refusal: RuleBroken) -> None:
    """Show what stopped the calculation on the form, which keeps what was typed."""
    form.refusal = refusal
    form.add_error(None, refusal.message)


def _case_file(calculator: Calculator, form: CaseForm) -> HttpResponse:
    """Hand out the case, as `quanheng evaluate` and the API read it."""
    text = json.dumps(form.to_case(), ensure_ascii=False, indent=1)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{calculator.slug}.json"'
    return response


def _page(request: HttpRequest, form: Any, shown: dict[str, Any]) -> HttpResponse:
    """Answer 200, 422 when the form is faulty, 503 when all turns were taken."""
    refusal = getattr(form, "refusal", None)
    is_fine = not form.is_bound or not form.errors
    status = refusal.kind.status if isinstance(refusal, NotNow) else 200 if is_fine else 422
    page = render(request, "calculators/calculator.html", shown, status=status)
    return come_back_after(refusal, page)
