"""The verification rate (T1): by area, kind of premises and class, on any day, down to the rows."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quanheng.apps.accounts.enums import OFFICERS, AreaLevel
from quanheng.apps.accounts.queries import area_path, living_areas
from quanheng.apps.indicators import queries
from quanheng.apps.instruments.queries import rates
from quanheng.apps.registry.enums import KEY_PREMISES, PremisesKind
from quanheng.kit.tones import Tone
from quanheng.regulation.verification_rate import (
    FORMULA,
    FORMULA_VERSION,
    TARGET_PERCENT,
    VERSION_WITH_DECLARED,
)
from quanheng.web import charts
from quanheng.web.access import OfficeRequest, office
from quanheng.web.indicators import asked as asking
from quanheng.web.indicators import county_map, figures
from quanheng.web.parts import Link, Tile

ROLES = OFFICERS | asking.STATISTICIANS


@office(*ROLES)
@require_safe
def rate(request: OfficeRequest) -> HttpResponse:
    """Show the rate of an area, its parts, its map and its trend."""
    asked = _asked(request)
    cells = figures.cells_of(asked)
    count = rates.total(cells)
    published = queries.frozen_on("T1", asked.place.id, asked.premises, asked.day)
    context = {
        "asked": asked,
        "count": count,
        "percent": figures.shown_percent(count),
        "state": figures.target_state(count),
        "tiles": _tiles(asked, count),
        "areas": figures.by_area(asked),
        "by_premises": figures.by_premises(asked, cells),
        "by_item": figures.by_item(asked, cells),
        "map": _map(asked),
        "crumbs": _crumbs(asked, request.actor),
        "choices": _choices(),
        "formula": FORMULA,
        "version": FORMULA_VERSION,
        "version_with_declared": VERSION_WITH_DECLARED,
        "percent_with_declared": figures.shown_share(count.claimed, count.in_use),
        "target": TARGET_PERCENT,
        "published": published if published and not asked.category else None,
        "check": queries.latest_check("T1"),
        "trend_chart_url": asked.url("indicator_rate_trend_chart"),
        "trend_url": asked.url("indicator_rate_trend"),
        "shows_rows": request.actor.role in OFFICERS,
    }
    return render(request, "indicators/rate.html", context)


@office(*ROLES)
@require_safe
def rate_data(request: OfficeRequest) -> JsonResponse:
    """Answer the same figures as data."""
    asked = _asked(request)
    cells = figures.cells_of(asked)
    return JsonResponse(
        {
            "indicator": "T1", "formula": FORMULA, "formula_version": FORMULA_VERSION,
            "target": TARGET_PERCENT,
            "area": str(asked.place.id), "day": asked.day.isoformat(), **_numbers(rates.total(cells)),
            "areas": [{"name": str(line.name), **_numbers(line.count)} for line in figures.by_area(asked)],
            "premises": {kind: _numbers(count) for kind, count in rates.by("premises", cells).items()},
        }
    )  # fmt: skip


@office(*ROLES)
@require_safe
def trend_chart(request: OfficeRequest) -> JsonResponse:
    """Answer the year up to the day as a chart with the target beside it."""
    asked = _asked(request)
    days = figures.trend_of(asked)
    rates_shown = [None if count.percent is None else round(count.percent, 3) for _day, count in days]
    target: list[float | None] = [TARGET_PERCENT] * len(days)
    lines = {_("受检率"): rates_shown, _("目标"): target}
    option = charts.lines([day for day, _count in days], lines, unit="%")
    option["yAxis"]["scale"] = True
    for series in option["series"]:
        series["showSymbol"] = False
    return JsonResponse(option)


@office(*ROLES)
@require_safe
def trend(request: OfficeRequest) -> HttpResponse:
    """Show the same year as a table."""
    asked = _asked(request)
    days = [(day, count, figures.shown_percent(count)) for day, count in reversed(figures.trend_of(asked))]
    return render(request, "indicators/trend.html", {"asked": asked, "days": days, "back": asked.url()})


def _asked(request: OfficeRequest) -> asking.Asked:
    return asking.read({name: str(value) for name, value in request.GET.items()}, request.actor)


def _numbers(count: rates.Count) -> dict[str, Any]:
    return {
        "in_use": count.in_use, "verified": count.verified, "gap": count.gap, "percent": count.percent,
        "meets_target": count.meets_target,
        "with_declared": {
            "formula_version": VERSION_WITH_DECLARED, "verified": count.claimed,
            "percent": count.percent_with_declared,
        },
    }  # fmt: skip


def _tiles(asked: asking.Asked, count: rates.Count) -> list[Tile]:
    tone = {True: Tone.OK, False: Tone.BAD, None: Tone.QUIET}[count.meets_target]
    gap_tone = Tone.DUE if count.gap else Tone.OK
    return [
        Tile(figures.shown_percent(count), _("受检率"), asked.url(), _("目标 ≥ 99%"), tone),
        Tile(f"{count.verified:,}", _("检定有效（分子）"), asked.rows_url("verified"), tone=Tone.INFO),
        Tile(
            figures.shown_share(count.claimed, count.in_use), _("含自报（口径 %(version)s）")
            % {"version": VERSION_WITH_DECLARED}, asked.rows_url("claimed"),
            _("使用单位自报、未经核实的也计入"), Tone.QUIET,
        ),
        Tile(f"{count.in_use:,}", _("在用（分母）"), asked.rows_url("in_use"), tone=Tone.INFO),
        Tile(f"{count.gap:,}", _("缺口"), asked.rows_url("gap"), _("在用而无有效检定"), gap_tone),
    ]  # fmt: skip


def _map(asked: asking.Asked) -> county_map.CountyMap | None:
    if asked.place.level > AreaLevel.CITY:
        return None
    place = asked.place
    counties = living_areas(asked.day).filter(level=AreaLevel.COUNTY, id__gte=place.id, id__lte=place.last)
    names = dict(counties.values_list("id", "name"))
    counts = rates.by("area_id", rates.cells_on(asked.day, list(names), AreaLevel.COUNTY, asked.selection))
    return county_map.county_map(asked, counts, names)


def _crumbs(asked: asking.Asked, actor: Any) -> list[Link]:
    """The way from the top of the actor's area down to the place above this one."""
    path = area_path(living_areas(asked.day).get(pk=asked.place.id))[:-1]
    return [Link(area.name, asked.url(area=area.id)) for area in path if asking.reaches(actor, area.id)]


def _choices() -> dict[str, Any]:
    labels = dict(PremisesKind.choices)
    premises = [("", _("重点场所（五类）")), *((kind.value, labels[kind]) for kind in KEY_PREMISES)]
    premises += [(asking.ALL_PREMISES, _("全部场所"))]
    return {"premises": premises, "categories": [("", _("全部")), *rates.category_choices()]}
