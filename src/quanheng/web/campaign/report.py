"""The closing report of the entry of scales in one area: what was frozen, what came late, what is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import AreaLevel
from quanheng.apps.accounts.queries import area_path, sub_areas
from quanheng.apps.instruments.queries import campaign
from quanheng.apps.instruments.queries.campaign import DAY_AFTER, DEADLINE, SCALES, Doubled, Reached
from quanheng.kit.tones import State, Tone
from quanheng.web.parts import Tile

if TYPE_CHECKING:
    from quanheng.apps.accounts.models import Area
    from quanheng.apps.instruments.models import EntryClosing, Instrument
    from quanheng.apps.registry.models import Entity

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
    late_url: str
    unfiled_url: str
    closing: EntryClosing | None = None

    @property
    def outcome(self) -> State:
        """How it ended: in time, late, or not yet."""
        if self.reached.now == 0:
            return State(_("未录入"), Tone.BAD)
        if self.reached.is_behind:
            since = self.reached.behind_since
            return State(_("未完成，自 %(day)s 起") % {"day": since} if since else _("未完成"), Tone.DUE)
        return State(_("逾期补录完成"), Tone.INFO) if self.reached.late else State(_("按期完成"), Tone.OK)


@dataclass(frozen=True, slots=True)
class Report:
    """The campaign in one area."""

    area: Area
    path: Sequence[tuple[Area, str]]
    total: Line
    frozen: Sequence[Line]
    areas: Sequence[Line]
    markets: Sequence[Line]
    gaps: Sequence[Tile]
    without_scales: Sequence[Entity]
    more_without: int
    serials: Sequence[tuple[Doubled, str]]
    certificates: Sequence[tuple[Doubled, str]]
    looks_for_doubles: bool


def report_of(area: Area, actor: Actor, *, markets: int = MARKETS_SHOWN) -> Report:
    """Count the closing report of an area.

    Args:
        markets: how many markets and shops are listed at most.
    """
    rows = campaign.scales(actor, area.pk, area.last)
    level = AreaLevel(area.level)
    below = AreaLevel(min(level + 1, AreaLevel.STREET))
    counted, gaps = campaign.reached_by_area(actor, area.pk, area.last, below)
    if level >= AreaLevel.CITY:  # of a province every scale would have to be read
        behind = campaign.behind_by_area(rows, below)
        counted = {key: replace(each, behind_since=behind.get(key)) for key, each in counted.items()}
    closings = campaign.closings(area.pk, area.last, actor)
    looks_for_doubles = level >= AreaLevel.CITY
    without = campaign.markets_without_scales(area.pk, area.last, actor)
    doubles = _doubles if looks_for_doubles else _no_doubles
    whole = campaign.total_of(counted.values())
    total = _line(whole, area.full_name, "", {"area": area.pk}, closings.get(area.pk))
    areas = _areas(area, counted, closings) if level < AreaLevel.STREET else []
    return Report(
        area=area,
        path=[(each, area_url(each.pk)) for each in area_path(area)[:-1] if actor.scope.covers_area(each.pk)],
        total=total,
        frozen=[each for each in (total, *areas) if each.closing],
        areas=areas,
        markets=_markets(rows, markets) if level >= AreaLevel.COUNTY else (),
        gaps=_gaps(area, gaps),
        without_scales=list(without[:DOUBLES_SHOWN]),
        more_without=max(0, without.count() - DOUBLES_SHOWN),
        serials=doubles(area, rows, "serial_number"),
        certificates=doubles(area, rows, "certificate_number"),
        looks_for_doubles=looks_for_doubles,
    )


def _areas(area: Area, counted: Mapping[int, Reached], closings: Mapping[int, EntryClosing]) -> list[Line]:
    """List the areas below, the least coded first; what lies in none of them comes last, without links."""
    below = list(sub_areas(area.pk, timezone.localdate()))
    lines = [
        _line(
            counted.get(each.pk, Reached(each.pk, "", 0, 0, 0, 0)),
            each.name,
            area_url(each.pk),
            {"area": each.pk},
            closings.get(each.pk),
        )
        for each in below
    ]
    lines.sort(key=lambda line: (line.reached.share_coded is not None, line.reached.share_coded or 0))
    rest = [reached for key, reached in counted.items() if key not in {each.pk for each in below}]
    if rest:
        lines.append(Line(_("未填下一级区划的"), "", campaign.total_of(rest), "", "", "", "", ""))
    return lines


def _markets(rows: QuerySet[Instrument], at_most: int) -> list[Line]:
    return [
        _line(each, each.name, reverse("entity_page", args=[each.key]), {"at": each.key})
        for each in campaign.reached_by_market(rows, at_most=at_most)
    ]


def _line(
    reached: Reached, name: str, url: str, where: dict[str, object], closing: EntryClosing | None = None
) -> Line:
    return Line(
        name, url, reached,
        now_url=_rows_url(where),
        in_time_url=_rows_url(where | {"registered_at_to": DEADLINE.isoformat()}),
        uncoded_url=_rows_url(where | {"gap": "code"}),
        late_url=_rows_url(where | {"registered_at_from": DAY_AFTER.isoformat()}),
        unfiled_url=_rows_url(where | {"standing": "unfiled"}),
        closing=closing,
    )  # fmt: skip


def _gaps(area: Area, counts: Mapping[str, int]) -> list[Tile]:
    words = {
        "code": _("无器具码"),
        "serial": _("无出厂编号"),
        "maker": _("无制造单位"),
        "verification": _("无检定记录"),
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


def area_url(area_id: int) -> str:
    """Return the address of an area's report."""
    return f"{reverse('import_campaign')}?{urlencode({'area': area_id})}"


def _rows_url(asked: dict[str, object]) -> str:
    return f"{reverse('instrument_list')}?{urlencode({'category': SCALES, 'standing': 'living', **asked})}"
