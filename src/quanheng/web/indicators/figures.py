"""The figures of the page, each with the address of its rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from quanheng.apps.accounts.enums import AreaLevel
from quanheng.apps.accounts.queries import sub_areas
from quanheng.apps.indicators.queries import counts
from quanheng.apps.indicators.queries.counts import Count, CountedCell
from quanheng.apps.instruments.queries.catalogue import item_names
from quanheng.apps.registry.enums import PremisesKind
from quanheng.kit.tones import State, Text, Tone
from quanheng.metrology.percentages import percentage_text
from quanheng.web.indicators.asked import Asked

DAYS_OF_TREND = 365


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a breakdown.

    Args:
        target: what is asked for, in per cent.
        url: the same page for this line alone; empty when there is nothing below.
        in_use_url, holding_url, gap_url: the rows behind the three numbers.
    """

    name: Text
    count: Count
    target: int | None
    url: str
    in_use_url: str
    holding_url: str
    gap_url: str

    @property
    def percent(self) -> str:
        return shown_share(self.count, self.target)

    @property
    def state(self) -> State:
        return target_state(self.count, self.target)


def shown_share(count: Count, target: int | None) -> str:
    """Return the rate with two digits; what is below the target never reads as the target reached."""
    return shown_percent(count.numerator, count.denominator, target)


def shown_percent(part: int, whole: int, target: int | None) -> str:
    """Return a share in per cent with two digits, by the one rule (`metrology.percentages`)."""
    return percentage_text(part, whole, lines=[] if target is None else [target])


def target_state(count: Count, target: int | None) -> State:
    """Say in a badge whether the target is reached."""
    if count.denominator == 0:
        return State(_("无在用器具"), Tone.QUIET)
    reached = count.meets(target)
    if reached is None:
        return State(_("未设目标"), Tone.QUIET)
    return State(_("达标"), Tone.OK) if reached else State(_("未达标"), Tone.BAD)


def cells_of(asked: Asked) -> list[CountedCell]:
    """Return the counts of the place itself."""
    place = asked.place
    return counts.cells_of(place.id, place.last, place.level, asked.day, asked.selection)


def by_premises(asked: Asked, cells: Iterable[CountedCell]) -> list[Line]:
    """Break the count down by kind of premises."""
    labels = dict(PremisesKind.choices)
    return [
        _line(asked, labels.get(kind, kind), count, asked.url(premises=kind), premises=kind)
        for kind, count in sorted(counts.by("premises", cells).items(), key=lambda pair: -pair[1].denominator)
    ]


def by_item(asked: Asked, cells: Iterable[CountedCell]) -> list[Line]:
    """Break the count down by catalogue item."""
    names = item_names()
    return [
        _line(asked, names.get(item, str(item)), count, "", item=item)
        for item, count in sorted(counts.by("item_id", cells).items(), key=lambda pair: -pair[1].denominator)
    ]


def by_area(asked: Asked) -> list[Line]:
    """Break the count down by the areas right below; empty for a street."""
    place = asked.place
    if place.is_street:
        return []
    below = {area.id: area.name for area in sub_areas(place.id, asked.day)}
    if place.level == AreaLevel.COUNTY:
        cells = counts.street_cells_on(asked.day, place.id, place.last, asked.selection)
    else:
        cells = counts.cells_on(asked.day, list(below), place.level + 1, asked.selection)
    found = counts.by("area_id", cells)
    lines = [
        _line(asked, name, found.get(area, Count()), asked.url(area=area), area=area)
        for area, name in below.items()
    ]
    if place.id in found:
        lines.append(_line(asked, _("未分到乡镇（街道）"), found[place.id], "", area=place.id, only="1"))
    return lines


def trend_of(asked: Asked) -> list[tuple[str, Count]]:
    """Return the counts of the year up to the day; empty for a street, which has no rollup."""
    place = asked.place
    if place.is_street:
        return []
    first = asked.day - timedelta(days=DAYS_OF_TREND)
    days = counts.trend(first, asked.day, place.id, place.level, asked.selection)
    return [(day.isoformat(), count) for day, count in days]


def _line(asked: Asked, name: Text, count: Count, url: str, **only: object) -> Line:
    indicator = asked.indicator
    return Line(
        name, count, asked.percent_asked, url, asked.rows_url(indicator.in_use.key, **only),
        asked.rows_url(indicator.holding.key, **only), asked.rows_url(indicator.gap.key, **only),
    )  # fmt: skip
