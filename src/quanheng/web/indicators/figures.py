"""The figures of the page, each with the address of its rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from quanheng.apps.accounts.enums import AreaLevel
from quanheng.apps.accounts.queries import sub_areas
from quanheng.apps.instruments.queries import rates
from quanheng.apps.registry.enums import PremisesKind
from quanheng.kit.tones import State, Text, Tone
from quanheng.metrology.percentages import percentage_text
from quanheng.regulation.verification_rate import TARGET_PERCENT
from quanheng.web.indicators.asked import Asked

DAYS_OF_TREND = 365


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a breakdown.

    Args:
        url: the same page for this line alone; empty when there is nothing below.
        in_use_url, verified_url, gap_url: the rows behind the three numbers.
    """

    name: Text
    count: rates.Count
    url: str
    in_use_url: str
    verified_url: str
    gap_url: str

    @property
    def percent(self) -> str:
        return shown_percent(self.count)

    @property
    def state(self) -> State:
        return target_state(self.count)


def shown_percent(count: rates.Count) -> str:
    """Return the rate with two digits; what is below the target never reads as the target reached."""
    return shown_share(count.verified, count.in_use)


def shown_share(part: int, whole: int) -> str:
    """Return a share in per cent with two digits, by the one rule (`metrology.percentages`)."""
    return percentage_text(part, whole, lines=[TARGET_PERCENT])


def target_state(count: rates.Count) -> State:
    """Say in a badge whether the target is reached."""
    if count.meets_target is None:
        return State(_("无在用器具"), Tone.QUIET)
    return State(_("达标"), Tone.OK) if count.meets_target else State(_("未达标"), Tone.BAD)


def cells_of(asked: Asked) -> list[rates.CountedCell]:
    """Return the counts of the place itself."""
    place = asked.place
    if place.is_street:
        return rates.street_cells_on(asked.day, place.id, place.last, asked.selection)
    return rates.cells_on(asked.day, [place.id], place.level, asked.selection)


def by_premises(asked: Asked, cells: Iterable[rates.CountedCell]) -> list[Line]:
    """Break the count down by kind of premises."""
    labels = dict(PremisesKind.choices)
    return [
        _line(asked, labels.get(kind, kind), count, asked.url(premises=kind), premises=kind)
        for kind, count in sorted(rates.by("premises", cells).items(), key=lambda pair: -pair[1].in_use)
    ]


def by_item(asked: Asked, cells: Iterable[rates.CountedCell]) -> list[Line]:
    """Break the count down by catalogue item."""
    names = rates.item_names()
    return [
        _line(asked, names.get(item, str(item)), count, "", item=item)
        for item, count in sorted(rates.by("item_id", cells).items(), key=lambda pair: -pair[1].in_use)
    ]


def by_area(asked: Asked) -> list[Line]:
    """Break the count down by the areas right below; empty for a street."""
    place = asked.place
    if place.is_street:
        return []
    below = {area.id: area.name for area in sub_areas(place.id, asked.day)}
    if place.level == AreaLevel.COUNTY:
        cells = rates.street_cells_on(asked.day, place.id, place.last, asked.selection)
    else:
        cells = rates.cells_on(asked.day, list(below), place.level + 1, asked.selection)
    counts = rates.by("area_id", cells)
    lines = [
        _line(asked, name, counts.get(area, rates.Count()), asked.url(area=area), area=area)
        for area, name in below.items()
    ]
    if place.id in counts:
        lines.append(_line(asked, _("未分到乡镇（街道）"), counts[place.id], "", area=place.id, only="1"))
    return lines


def trend_of(asked: Asked) -> list[tuple[str, rates.Count]]:
    """Return the counts of the year up to the day; empty for a street, which has no rollup."""
    place = asked.place
    if place.is_street:
        return []
    first = asked.day - timedelta(days=DAYS_OF_TREND)
    days = rates.trend(first, asked.day, place.id, place.level, asked.selection)
    return [(day.isoformat(), count) for day, count in days]


def _line(asked: Asked, name: Text, count: rates.Count, url: str, **only: object) -> Line:
    return Line(
        name, count, url, asked.rows_url("in_use", **only), asked.rows_url("verified", **only),
        asked.rows_url("gap", **only),
    )  # fmt: skip
