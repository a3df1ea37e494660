"""一秤一码 录入: the ended campaign of 30 June 2026; every number opens its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quanheng.apps.accounts import queries as accounts
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import OFFICERS, AreaLevel
from quanheng.apps.accounts.queries import area_path, sub_areas
from quanheng.apps.instruments.queries import campaign
from quanheng.apps.instruments.queries.campaign import DEADLINE, SCALES, Doubled, Reached
from quanheng.kit.lists.pages import TooMuch, within
from quanheng.kit.tones import Tone
from quanheng.web.access import OfficeRequest, office
from quanheng.web.parts import Tile

if TYPE_CHECKING:
    from quanheng.apps.accounts.models import Area
    from quanheng.apps.instruments.models import Instrument
    from quanheng.apps.registry.models import Entity

LIMIT_MS = 8_000
NONE = Reached(0, "", 0, 0, 0, 0)
MARKETS_SHOWN, DOUBLES_SHOWN = 100, 50


@dataclass(frozen=True, slots=True)
class Line:
    """One area or market: its numbers, and where each of them leads."""

    name: str
    url: str
    reached: Reached
    now_url: str
    in_time_url: str
    uncoded_url: str
    unfiled_url: str

    @property
    def uncoded(self) -> int:
        return self.reached.now - self.reached.coded

    @property
    def unfiled(self) -> int:
        return self.reached.now - self.reached.filed


@dataclass(frozen=True, slots=True)
class Report:
    """The campaign in one area."""

    area: Area
    path: Sequence[tuple[Area, str]]
    total: Line
    areas: Sequence[Line]
    markets: Sequence[Line]
    gaps: Sequence[Tile]
    without_scales: Sequence[Entity]
    more_without: int
    serials: Sequence[tuple[Doubled, str]]
    certificates: Sequence[tuple[Doubled, str]]
    looks_for_doubles: bool


@office(*OFFICERS)
@require_safe
def campaign_scales(request: OfficeRequest) -> HttpResponse:
    """Show the closing report of an area of one's own; `?area=` goes down the tree."""
    area = _area(request)
    try:
        report = within(LIMIT_MS, lambda: _report(area, request.actor))
    except TooMuch:
        below = [(each, _url(each.pk)) for each in sub_areas(area.pk, timezone.localdate())]
        return render(request, "campaign/too_much.html", {"area": area, "below": below})
    return render(request, "campaign/report.html", {"report": report, "deadline": DEADLINE})


def _area(request: OfficeRequest) -> Area:
    scope, wanted = request.actor.scope, request.GET.get("area", "")
    position = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 19 else scope.first
    area = accounts.area(position) if position is not None else None
    if area is None or not scope.covers_area(area.pk):
        raise Http404
    return area


def _report(area: Area, actor: Actor) -> Report:
    rows = campaign.scales(actor, area.pk, area.last)
    level = AreaLevel(area.level)
    below = AreaLevel(min(level + 1, AreaLevel.STREET))
    counted, gaps = campaign.reached_by_area(actor, area.pk, area.last, below)
    looks_for_doubles = level >= AreaLevel.CITY
    without = campaign.markets_without_scales(area.pk, area.last, actor)
    doubles = _doubles if looks_for_doubles else _no_doubles
    return Report(
        area=area,
        path=[(each, _url(each.pk)) for each in area_path(area)[:-1] if actor.scope.covers_area(each.pk)],
        total=_line(campaign.total_of(counted.values()), area.full_name, "", {"area": area.pk}),
        areas=_areas(area, counted) if level < AreaLevel.STREET else (),
        markets=_markets(rows) if level >= AreaLevel.COUNTY else (),
        gaps=_gaps(area, gaps),
        without_scales=list(without[:DOUBLES_SHOWN]),
        more_without=max(0, without.count() - DOUBLES_SHOWN),
        serials=doubles(area, rows, "serial_number"),
        certificates=doubles(area, rows, "certificate_number"),
        looks_for_doubles=looks_for_doubles,
    )


def _areas(area: Area, counted: Mapping[int, Reached]) -> list[Line]:
    """List the areas below, the least coded first; what lies in none of them comes last, without links."""
    below = list(sub_areas(area.pk, timezone.localdate()))
    lines = [
        _line(
            counted.get(each.pk, Reached(each.pk, "", 0, 0, 0, 0)),
            each.name,
            _url(each.pk),
            {"area": each.pk},
        )
        for each in below
    ]
    lines.sort(key=lambda line: (line.reached.share_coded is not None, line.reached.share_coded or 0))
    rest = [reached for key, reached in counted.items() if key not in {each.pk for each in below}]
    if rest:
        lines.append(Line(_("没有填到下一级区划的"), "", campaign.total_of(rest), "", "", "", ""))
    return lines


def _markets(rows: QuerySet[Instrument]) -> list[Line]:
    return [
        _line(each, each.name, reverse("entity_page", args=[each.key]), {"at": each.key})
        for each in campaign.reached_by_market(rows, at_most=MARKETS_SHOWN)
    ]


def _line(reached: Reached, name: str, url: str, where: dict[str, object]) -> Line:
    return Line(
        name, url, reached,
        now_url=_rows_url(where),
        in_time_url=_rows_url(where | {"registered_at_to": DEADLINE.isoformat()}),
        uncoded_url=_rows_url(where | {"gap": "code"}),
        unfiled_url=_rows_url(where | {"standing": "unfiled"}),
    )  # fmt: skip


def _gaps(area: Area, counts: Mapping[str, int]) -> list[Tile]:
    words = {
        "code": _("没有器具码"),
        "serial": _("没有出厂编号"),
        "maker": _("没有制造单位"),
        "verification": _("没有检定记录"),
    }
    tones = (Tone.OK, Tone.DUE)
    return [
        Tile(f"{counts[gap]:,}", text, _rows_url({"area": area.pk, "gap": gap}), "", tones[counts[gap] > 0])
        for gap, text in words.items()
    ]


def _doubles(area: Area, rows: QuerySet[Instrument], column: str) -> list[tuple[Doubled, str]]:
    found = campaign.doubled(rows, column, at_most=DOUBLES_SHOWN)
    return [(each, _rows_url({"area": area.pk, "q": each.value})) for each in found]


def _no_doubles(*_asked: object) -> list[tuple[Doubled, str]]:
    return []


def _url(area_id: int) -> str:
    return f"{reverse('import_campaign')}?{urlencode({'area': area_id})}"


def _rows_url(asked: dict[str, object]) -> str:
    return f"{reverse('instrument_list')}?{urlencode({'category': SCALES, 'standing': 'living', **asked})}"
