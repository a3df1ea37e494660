"""One half-year report: its counts, what the hospital says, and the decision; and how counties stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quanheng.apps.accounts.enums import OFFICERS
from quanheng.apps.hospitals import acts
from quanheng.apps.hospitals.enums import HalfYearState
from quanheng.apps.hospitals.queries import reports
from quanheng.apps.hospitals.services.decide_report import accept_report, return_report
from quanheng.apps.hospitals.services.submit_report import submit_report
from quanheng.apps.hospitals.services.write_report import write_report
from quanheng.kit.acts import may
from quanheng.kit.refusal import RuleBroken
from quanheng.web.access import OfficeRequest, office, refusals_on
from quanheng.web.downloads import pdf_answer
from quanheng.web.hospitals.forms import ReturnForm, WriteForm
from quanheng.web.hospitals.lists import READERS, half_year_badge
from quanheng.web.hospitals.page import empty_names, facts_of, shown_lines, shown_rows
from quanheng.web.hospitals.papers import half_year_paper
from quanheng.web.hospitals.words import line_name
from quanheng.web.parts import DetailHead

if TYPE_CHECKING:
    from quanheng.apps.hospitals.models import HalfYearReport


@office(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def half_year_page(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show a report; submit it, or accept it."""
    report, by = _report(request, pk), request.actor
    request.shows = ("half-year-reports", pk)
    if request.method == "POST":
        _act(request, pk)
        return redirect("half_year_page", pk)
    lines = reports.lines_of(report, by, timezone.localdate())
    waits = report.state == HalfYearState.SUBMITTED
    return render(request, "hospitals/report.html", {
        "report": report,
        "head": DetailHead(report.entity.name, half_year_badge(report), report.number),
        "facts": facts_of(report, by),
        "lines": shown_lines(report, lines),
        "empty_classes": empty_names(lines),
        "unverified": reports.has_unverified_classes(report.counted_on or timezone.localdate()),
        "may_write": report.is_with_hospital and may(acts.HALF_YEAR_SUBMITTED, by, report),
        "may_accept": waits and may(acts.HALF_YEAR_ACCEPTED, by, report),
        "may_return": (waits or report.state == HalfYearState.ACCEPTED)
        and may(acts.HALF_YEAR_RETURNED, by, report),
    })  # fmt: skip


def _act(request: OfficeRequest, pk: int) -> None:
    """Submit or accept what the page showed; a refusal is said above it."""
    version = request.POST.get("version", "")
    seen = int(version) if version.isdecimal() and len(version) < 9 else None
    does, done = (
        (accept_report, _("已审核通过。"))
        if request.POST.get("act") == "accept"
        else (submit_report, _("已报送，数据以此时台账为准。"))
    )
    try:
        does(report_id=pk, by=request.actor, at=timezone.now(), version=seen)
        messages.success(request, done)
    except RuleBroken as refusal:
        messages.error(request, refusal.message)


@office(*acts.HOSPITAL_STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def half_year_write(request: OfficeRequest, pk: int) -> HttpResponse:
    """Write what the counts do not say."""
    report = _report(request, pk)
    lines = reports.lines_of(report, request.actor, timezone.localdate())
    form = WriteForm(
        request.POST if request.method == "POST" else None,
        classes=[(line.key, line_name(line)) for line in lines],
        initial={
            "words": report.words, "full_time_managers": report.full_time_managers, "version": report.version,
            **{f"remark_{key}": text for key, text in report.remarks.items()},
        },
    )  # fmt: skip
    if form.is_valid():
        said = form.cleaned_data
        with refusals_on(form):
            write_report(
                report_id=pk, words=said["words"], remarks=form.remarks, version=said["version"],
                full_time_managers=said["full_time_managers"], by=request.actor, at=timezone.now(),
            )  # fmt: skip
            messages.success(request, _("已保存，核对后请报送。"))
            return redirect("half_year_page", pk)
    return render(request, "hospitals/write.html", {"report": report, "form": form})


@office(*acts.HALF_YEAR_RETURNED.who)
@require_http_methods(["GET", "HEAD", "POST"])
def half_year_return(request: OfficeRequest, pk: int) -> HttpResponse:
    """Ask why, and return the report."""
    report = _report(request, pk)
    form = ReturnForm(request.POST if request.method == "POST" else None, initial={"version": report.version})
    if form.is_valid():
        with refusals_on(form):
            return_report(report_id=pk, **form.cleaned_data, by=request.actor, at=timezone.now())
            messages.success(request, _("已退回，医疗机构会收到消息。"))
            return redirect("half_year_page", pk)
    return render(request, "hospitals/return.html", {"report": report, "form": form})


@office(*READERS)
@require_safe
def half_year_rows(request: OfficeRequest, pk: int, line: str, standing: str) -> HttpResponse:
    """Show the instruments behind one number of a report."""
    report = _report(request, pk)
    lines = reports.lines_of(report, request.actor, timezone.localdate())
    shown = shown_rows(lines, line, standing, request.actor)
    if shown is None:
        raise Http404
    return render(request, "hospitals/rows.html", {"report": report, "shown": shown})


@office(*READERS)
@require_safe
def half_year_print(request: OfficeRequest, pk: int) -> HttpResponse:
    """Give a report as a PDF, once it was submitted: before that its counts are nobody's word."""
    report = _report(request, pk)
    if report.is_with_hospital:
        raise Http404
    paper = half_year_paper(report, request.actor, timezone.now())
    return pdf_answer(paper, f"half-year-report-{report.pk}.pdf")


@office(*OFFICERS)
@require_safe
def half_year_areas(request: OfficeRequest) -> HttpResponse:
    """Show how many reports each county has, and how many are overdue."""
    known = reports.periods(request.actor)
    year, half = known[0] if known else (0, 0)
    for each in known:
        if request.GET.get("period") == f"{each[0]}-{each[1]}":
            year, half = each
    context = {
        "periods": known, "year": year, "half": half,
        "counties": reports.by_county(request.actor, year, half) if known else [],
        "list_url": reverse("half_year_list"),
    }  # fmt: skip
    return render(request, "hospitals/areas.html", context)


def _report(request: OfficeRequest, pk: int) -> HalfYearReport:
    report = reports.half_year_report(pk, request.actor)
    if report is None:
        raise Http404
    return report
