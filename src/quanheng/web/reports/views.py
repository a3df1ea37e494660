"""One shopper's report: what was said, who looks into it, what was found and answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quanheng.apps.accounts.enums import OFFICERS
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.enums import ReportFinding, ReportState, ShopperProblem
from quanheng.apps.instruments.queries import reports
from quanheng.apps.instruments.services.settle_report import close_report, reopen_report, take_up_report
from quanheng.kit.acts import may
from quanheng.kit.refusal import RuleBroken
from quanheng.web.access import OfficeRequest, office, refusals_on
from quanheng.web.parts import DetailHead, Fact, moment
from quanheng.web.public.photos import registered_photo
from quanheng.web.reports.forms import CloseReportForm, ReopenReportForm
from quanheng.web.reports.hotline import steps_for
from quanheng.web.reports.lists import READERS, report_badge

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import ShopperReport


@office(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def report_page(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show a report; close it with what was found and what the shopper is told."""
    report = _report(request, pk)
    request.shows = ("shopper-reports", pk)
    form = CloseReportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form):
            close_report(report_id=pk, **form.cleaned_data, by=request.actor, at=timezone.now())
            messages.success(request, _("已办结。"))
            return redirect("report_page", pk)
    label = str(ShopperProblem(report.problem).label)
    return render(request, "reports/report.html", {
        "report": report,
        "head": DetailHead(
            label, report_badge(report), report.number, acts=steps_for(report, request.actor)
        ),
        "hotline": _facts_of_hotline(report),
        "facts": _facts(report),
        "scale": _facts_of_scale(report),
        "done": _facts_of_review(report),
        "form": form,
        "may_take_up": report.state == ReportState.NEW
        and may(acts.SHOPPER_REPORT_TAKEN_UP, request.actor, report),
        "may_close": report.state == ReportState.TAKEN_UP
        and may(acts.SHOPPER_REPORT_CLOSED, request.actor, report),
        "may_reopen": report.state == ReportState.CLOSED
        and may(acts.SHOPPER_REPORT_REOPENED, request.actor, report),
    })  # fmt: skip


@office(*OFFICERS)
@require_POST
def report_take_up(request: OfficeRequest, pk: int) -> HttpResponse:
    """Begin to look into a report."""
    _report(request, pk)
    try:
        take_up_report(report_id=pk, by=request.actor, at=timezone.now())
        messages.success(request, _("已由您核查。现场核查后请写明结论和答复。"))
    except RuleBroken as refusal:
        messages.error(request, refusal.message)
    return redirect("report_page", pk)


@office(*OFFICERS)
@require_http_methods(["GET", "HEAD", "POST"])
def report_reopen(request: OfficeRequest, pk: int) -> HttpResponse:
    """Ask why, and look into a closed report again."""
    report = _report(request, pk)
    form = ReopenReportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form):
            reopen_report(
                report_id=pk, reason=form.cleaned_data["reason"], by=request.actor, at=timezone.now()
            )
            messages.success(request, _("已重新开始核查，由您办理。"))
            return redirect("report_page", pk)
    return render(request, "reports/reopen.html", {"report": report, "form": form})


@office(*READERS)
@require_safe
def report_photo(request: OfficeRequest, pk: int) -> HttpResponse:
    """Send the picture of a report."""
    report = _report(request, pk)
    picture = registered_photo(report.photo) if report.photo else None
    if picture is None:
        raise Http404
    return HttpResponse(picture, content_type="image/jpeg")


def _report(request: OfficeRequest, pk: int) -> ShopperReport:
    report = reports.report(pk, request.actor)
    if report is None:
        raise Http404
    return report


def _facts(report: ShopperReport) -> list[Fact]:
    return [
        Fact(_("问题"), ShopperProblem(report.problem).label),
        Fact(_("说明"), report.words),
        Fact(_("反映的地点"), report.place),
        Fact(_("收到时间"), moment(report.received_at)),
        Fact(_("办理期限"), report.due_on if report.state != ReportState.CLOSED else ""),
        Fact(_("行政区划"), report.area.full_name if report.area else ""),
    ]


def _facts_of_scale(report: ShopperReport) -> list[Fact]:
    scale = report.instrument
    if scale is None:  # of no instrument, or of one that the hotline does not read
        return _facts_of_label(report) if report.instrument_id else []
    entity = reverse("entity_page", args=[scale.entity_id])
    return [
        Fact(_("器具名称"), scale.name, reverse("instrument_page", args=[scale.pk])),
        Fact(_("出厂编号"), scale.serial_number, code=True),
        Fact(_("型号/规格"), scale.model),
        Fact(_("使用单位"), scale.entity.name, entity),
        Fact(_("使用地点"), scale.place),
    ]


def _facts_of_label(report: ShopperReport) -> list[Fact]:
    return [
        Fact(_("反映对象"), report.about),
        Fact(_("器具码"), report.code, reverse("scan", args=[report.code]) if report.code else "", code=True),
    ]


def _facts_of_hotline(report: ShopperReport) -> list[Fact]:
    if report.noted_at is None and not report.reply:
        return []
    return [
        Fact(_("12315 登记人员"), report.noted_by.name if report.noted_by else ""),
        Fact(_("登记内容"), report.note),
        Fact(_("登记时间"), moment(report.noted_at) if report.noted_at else ""),
        Fact(_("转办时间"), moment(report.passed_on_at) if report.passed_on_at else ""),
        Fact(_("12315 答复"), report.reply),
    ]


def _facts_of_review(report: ShopperReport) -> list[Fact]:
    if report.taken_up_at is None:
        return []
    facts = [
        Fact(_("核查人"), report.taken_up_by.name if report.taken_up_by else ""),
        Fact(_("开始核查"), moment(report.taken_up_at)),
    ]
    if report.closed_at is not None:
        facts += [
            Fact(_("核查结论"), ReportFinding(report.finding).label),
            Fact(_("核查情况"), report.found),
            Fact(_("答复"), report.answer),
            Fact(_("办结人"), report.closed_by.name if report.closed_by else ""),
            Fact(_("办结时间"), moment(report.closed_at)),
        ]
    return facts
