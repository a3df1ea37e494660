"""一秤一码 录入: the ended campaign of 30 June 2026 as page, sheet and PDF; every number opens its rows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quanheng.apps.accounts import queries as accounts
from quanheng.apps.accounts.enums import OFFICERS
from quanheng.apps.accounts.queries import sub_areas
from quanheng.apps.instruments.queries.campaign import DEADLINE
from quanheng.kit.lists.pages import TooMuch, within
from quanheng.web.access import OfficeRequest, office
from quanheng.web.campaign.papers import report_paper, write_sheet
from quanheng.web.campaign.report import Report, area_url, report_of
from quanheng.web.downloads import pdf_answer, sheet_answer

if TYPE_CHECKING:
    from quanheng.apps.accounts.models import Area

LIMIT_MS = 8_000
IN_FILES = 5_000  # markets and shops of one sheet


@office(*OFFICERS)
@require_safe
def campaign_scales(request: OfficeRequest) -> HttpResponse:
    """Show the closing report of an area of one's own; `?area=` goes down the tree."""
    area = _area(request)
    try:
        report = within(LIMIT_MS, lambda: report_of(area, request.actor))
    except TooMuch:
        return _too_much(request, area)
    return render(request, "campaign/report.html", {"report": report, "deadline": DEADLINE})


@office(*OFFICERS)
@require_safe
def campaign_sheet(request: OfficeRequest) -> HttpResponse | FileResponse:
    """Give the report as a sheet: a line for each area and each market."""
    area = _area(request)
    try:
        report = within(LIMIT_MS, lambda: _whole(area, request))
    except TooMuch:
        return _too_much(request, area)
    return sheet_answer(partial(write_sheet, report), _("录入结束报告-%(area)s.xlsx") % {"area": area.name})


@office(*OFFICERS)
@require_safe
def campaign_print(request: OfficeRequest) -> HttpResponse:
    """Give the report as a PDF for the file cabinet."""
    area, now = _area(request), timezone.now()
    try:
        report = within(LIMIT_MS, lambda: report_of(area, request.actor))
    except TooMuch:
        return _too_much(request, area)
    return pdf_answer(report_paper(report, request.actor, now), f"entry-report-{area.code[:6]}.pdf")


def _whole(area: Area, request: OfficeRequest) -> Report:
    return report_of(area, request.actor, markets=IN_FILES)


def _too_much(request: OfficeRequest, area: Area) -> HttpResponse:
    below = [(each, area_url(each.pk)) for each in sub_areas(area.pk, timezone.localdate())]
    return render(request, "campaign/too_much.html", {"area": area, "below": below})


def _area(request: OfficeRequest) -> Area:
    scope, wanted = request.actor.scope, request.GET.get("area", "")
    position = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 19 else scope.first
    area = accounts.area(position) if position is not None else None
    if area is None or not scope.covers_area(area.pk):
        raise Http404
    return area
