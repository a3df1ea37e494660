"""The page of any indicator: by area, kind of premises and class, on any day, down to the rows."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quanheng.apps.accounts.enums import OFFICERS, AreaLevel
from quanheng.apps.accounts.queries import area_path, living_areas
from quanheng.apps.indicators.queries import counts, frozen
from quanheng.apps.indicators.queries.counts import Count
from quanheng.apps.indicators.queries.reach import READERS, reaches
from quanheng.apps.instruments.indicators import Indicator, indicator_of
from quanheng.apps.instruments.queries.catalogue import CATEGORIES
from quanheng.apps.registry.enums import PremisesKind
from quanheng.kit.tones import Tone
from quanheng.web import charts
from quanheng.web.access import OfficeRequest, office
from quanheng.web.indicators import asked as asking
from quanheng.web.indicators import county_map, figures
from quanheng.web.indicators.lists import ROWS
from quanheng.web.lists.views import shown
from quanheng.web.parts import Link, Tile


@office(*READERS)
@require_safe
def page(request: OfficeRequest, key: str) -> HttpResponse:
    """Show an indicator of an area, its parts, its map and its trend."""
    asked = _asked(request, key)
    cells, indicator, target = figures.cells_of(asked), asked.indicator, asked.target
    count = counts.total(cells)
    published = frozen.frozen_on(indicator.key, asked.place.id, asked.premises, asked.day)
    context = {
        "asked": asked,
        "indicator": indicator,
        "count": count,
        "percent": figures.shown_share(count, asked.percent_asked),
        "state": figures.target_state(count, asked.percent_asked),
        "tiles": _tiles(asked, count),
        "areas": figures.by_area(asked),
        "by_premises": figures.by_premises(asked, cells),
        "by_item": figures.by_item(asked, cells),
        "map": _map(asked),
        "crumbs": _crumbs(asked, request.actor),
        "choices": _choices(indicator),
        "variant_percent": _variant_percent(asked, count),
        "target": target,
        "published": published if published and not asked.category else None,
        "check": frozen.latest_check(indicator.key),
        "trend_chart_url": asked.url("indicator_trend_chart"),
        "trend_url": asked.url("indicator_trend"),
        "shows_rows": request.actor.role in OFFICERS,
    }
    return render(request, "indicators/page.html", context)


@office(*READERS)
@require_safe
def data(request: OfficeRequest, key: str) -> JsonResponse:
    """Answer the same figures as data."""
    asked = _asked(request, key)
    cells, indicator = figures.cells_of(asked), asked.indicator
    premises = counts.by("premises", cells).items()
    return JsonResponse(
        {
            "indicator": indicator.key, "formula": str(indicator.formula),
            "formula_version": indicator.version, "target": asked.percent_asked,
            "area": str(asked.place.id), "day": asked.day.isoformat(), **_numbers(asked, counts.total(cells)),
            "areas": [
                {"name": str(line.name), **_numbers(asked, line.count)} for line in figures.by_area(asked)
            ],
            "premises": {kind: _numbers(asked, count) for kind, count in premises},
        }
    )  # fmt: skip


@office(*READERS)
@require_safe
def trend_chart(request: OfficeRequest, key: str) -> JsonResponse:
    """Answer the year up to the day as a chart with the target beside it."""
    asked = _asked(request, key)
    days = figures.trend_of(asked)
    rates = [None if count.percent is None else round(count.percent, 3) for _day, count in days]
    targets = [asked.indicator.target_on(date.fromisoformat(day)) for day, _count in days]
    lines: dict[str, list[float | None]] = {str(asked.indicator.name): rates}
    if any(targets):
        lines[_("目标")] = [target.percent if target else None for target in targets]
    option = charts.lines([day for day, _count in days], lines, unit="%")
    option["yAxis"]["scale"] = True
    for series in option["series"]:
        series["showSymbol"] = False
    return JsonResponse(option)


@office(*READERS)
@require_safe
def trend(request: OfficeRequest, key: str) -> HttpResponse:
    """Show the same year as a table."""
    asked = _asked(request, key)
    days = [
        (day, count, figures.shown_share(count, asked.percent_asked))
        for day, count in reversed(figures.trend_of(asked))
    ]
    context = {"asked": asked, "indicator": asked.indicator, "days": days, "back": asked.url()}
    return render(request, "indicators/trend.html", context)


@office(*OFFICERS)
@require_safe
def rows(request: OfficeRequest, key: str) -> HttpResponse:
    """List the instruments behind a figure."""
    return render(request, "ui/list_page.html", {"list": shown(request, ROWS[_indicator(key).slug]())})


def _indicator(key: str) -> Indicator:
    try:
        return indicator_of(key)
    except KeyError:
        raise Http404 from None


def _asked(request: OfficeRequest, key: str) -> asking.Asked:
    values = {name: str(value) for name, value in request.GET.items()}
    return asking.read(_indicator(key), values, request.actor)


def _numbers(asked: asking.Asked, count: Count) -> dict[str, Any]:
    indicator, variant = asked.indicator, asked.indicator.variant
    numbers: dict[str, Any] = {
        indicator.in_use.key: count.denominator, indicator.holding.key: count.numerator,
        indicator.gap.key: count.gap, "percent": count.percent,
        "meets_target": count.meets(asked.percent_asked),
    }  # fmt: skip
    if variant:
        numbers[variant.key] = {
            "formula_version": variant.version, indicator.holding.key: count.variant,
            "percent": count.variant_percent,
        }  # fmt: skip
    return numbers


def _tiles(asked: asking.Asked, count: Count) -> list[Tile]:
    indicator, target = asked.indicator, asked.target
    tone = {True: Tone.OK, False: Tone.BAD, None: Tone.QUIET}[count.meets(asked.percent_asked)]
    hint = _("目标 ≥ %(percent)d%%") % {"percent": target.percent} if target else ""
    return [
        Tile(figures.shown_share(count, asked.percent_asked), indicator.name, asked.url(), hint, tone),
        _tile(asked, indicator.holding.key, f"{count.numerator:,}", Tone.INFO),
        *_variant_tile(asked, count),
        _tile(asked, indicator.in_use.key, f"{count.denominator:,}", Tone.INFO),
        Tile(
            f"{count.gap:,}", indicator.gap.label, asked.rows_url(indicator.gap.key), indicator.gap.note,
            Tone.DUE if count.gap else Tone.OK,
        ),
    ]  # fmt: skip


def _tile(asked: asking.Asked, part: str, number: str, tone: Tone) -> Tile:
    return Tile(number, asked.indicator.parts[part].rows, asked.rows_url(part), tone=tone)


def _variant_tile(asked: asking.Asked, count: Count) -> list[Tile]:
    variant = asked.indicator.variant
    if variant is None:
        return []
    facts = {"name": variant.part.label, "version": variant.version}
    name = _("%(name)s（口径 %(version)s）") % facts
    shown_as = _variant_percent(asked, count)
    return [Tile(shown_as, name, asked.rows_url(variant.part.key), variant.part.note, Tone.QUIET)]


def _variant_percent(asked: asking.Asked, count: Count) -> str:
    return figures.shown_percent(count.variant, count.denominator, asked.percent_asked)


def _map(asked: asking.Asked) -> county_map.CountyMap | None:
    if asked.place.level > AreaLevel.CITY:
        return None
    place = asked.place
    counties = living_areas(asked.day).filter(level=AreaLevel.COUNTY, id__gte=place.id, id__lte=place.last)
    names = dict(counties.values_list("id", "name"))
    cells = counts.cells_on(asked.day, list(names), AreaLevel.COUNTY, asked.selection)
    return county_map.county_map(asked, counts.by("area_id", cells), names)


def _crumbs(asked: asking.Asked, actor: Any) -> list[Link]:
    """The way from the top of the actor's area down to the place above this one."""
    path = area_path(living_areas(asked.day).get(pk=asked.place.id))[:-1]
    return [Link(area.name, asked.url(area=area.id)) for area in path if reaches(actor, area.id)]


def _choices(indicator: Indicator) -> dict[str, Any]:
    labels = dict(PremisesKind.choices)
    premises = [("", indicator.premises_label), *((kind, labels[kind]) for kind in indicator.premises)]
    if set(indicator.premises) != set(PremisesKind.values):
        premises += [(asking.ALL_PREMISES, _("全部场所"))]
    return {"premises": premises, "categories": [("", _("全部")), *CATEGORIES.items()]}
