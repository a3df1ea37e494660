"""The value of every indicator for one area: as counted now, or as it was published on a past day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import AreaLevel
from quanheng.apps.accounts.queries import area, living_areas
from quanheng.apps.indicators import refusals
from quanheng.apps.indicators.models import IndicatorDay
from quanheng.apps.indicators.queries import counts
from quanheng.apps.indicators.queries.reach import reaches
from quanheng.apps.instruments.indicators import Indicator, Target, indicators
from quanheng.metrology.percentages import percentage


@dataclass(frozen=True, slots=True)
class Place:
    """An area as far as it is counted: positions from first to last."""

    first: int
    last: int
    level: int
    code: str


@dataclass(frozen=True, slots=True)
class Value:
    """What an indicator says of an area on a day.

    Args:
        version: of the formula by which it was counted.
        target: the one that held on the day.
        data_time: when it was counted.
    """

    indicator: Indicator
    numerator: int
    denominator: int
    version: str
    target: Target | None
    data_time: datetime

    @property
    def percent(self) -> float | None:
        """The rate in per cent as pages show it: never rounded up to the target. None of nothing."""
        share = percentage(
            self.numerator, self.denominator, lines=[self.target.percent] if self.target else []
        )
        return None if share is None else float(share)

    @property
    def formula(self) -> str:
        """The formula in words; of a version that is no longer declared, the version alone."""
        known = self.version == self.indicator.version
        return str(self.indicator.formula) if known else self.version

    def facts(self) -> dict[str, object]:
        """Return it as data: what `quanheng indicators --json` prints, and the API answers."""
        return {
            "key": self.indicator.key, "value": self.percent, "numerator": self.numerator,
            "denominator": self.denominator, "target": self.target.percent if self.target else None,
            "formula": self.formula, "data_time": timezone.localtime(self.data_time).isoformat(),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """Every indicator of one area."""

    place: Place
    values: list[Value]


def values_for(by: Actor, code: str, on: date | None, *, at: datetime) -> Found:
    """Return every indicator of an area for somebody: as counted now, or as published on a past day.

    Args:
        code: a division code; empty for the actor's own area, or the province for whoever has none.

    Raises:
        RuleBroken: unknown_area, and what `published_on` refuses.
        NotYours: not_yours.
    """
    day = on or timezone.localdate(at)
    place = place_of_code(code, day) if code or by.scope.first is None else _own_place(by.scope.first)
    if not (by.scope.everything or reaches(by, place.first)):
        raise refusals.NOT_YOURS()
    return Found(place, published_on(place, on, at=at) if on else counted_now(place, at=at))


def place_of_code(code: str, on: date) -> Place:
    """Return the area that has a division code on a day; the province where the code is empty.

    Raises:
        RuleBroken: unknown_area.
    """
    areas = living_areas(on)
    found = areas.filter(code=code.ljust(12, "0")) if code else areas.filter(level=AreaLevel.PROVINCE)
    named = found.order_by("level").first()
    if named is None:
        raise refusals.UNKNOWN_AREA(day=on, code=code)
    return _place(named)


def _own_place(position: int) -> Place:
    seat = area(position)
    if seat is None:
        raise refusals.OWN_AREA_IS_GONE()
    return _place(seat)


def _place(area: Any) -> Place:
    return Place(area.id, area.last, area.level, area.code.ljust(12, "0"))


def counted_now(place: Place, *, at: datetime) -> list[Value]:
    """Count every indicator for today."""
    day = timezone.localdate(at)
    return [_counted(indicator, place, day, at) for indicator in indicators()]


def published_on(place: Place, day: date, *, at: datetime) -> list[Value]:
    """Return what was frozen of a past day; an indicator that was not declared then is left out.

    Raises:
        RuleBroken: bad_day, no_street_values, published_value_not_found.
    """
    if day >= timezone.localdate(at):
        raise refusals.BAD_DAY(day=day)
    if place.level == AreaLevel.STREET:
        raise refusals.NO_STREET_VALUES()
    found = [value for indicator in indicators() if (value := _published(indicator, place, day))]
    if not found:
        raise refusals.PUBLISHED_VALUE_NOT_FOUND(day=day)
    return found


def _counted(indicator: Indicator, place: Place, day: date, at: datetime) -> Value:
    cells = counts.cells_of(place.first, place.last, place.level, day, counts.whole(indicator))
    count = counts.total(cells)
    target = indicator.target_on(day)
    return Value(indicator, count.numerator, count.denominator, indicator.version, target, at)


def _published(indicator: Indicator, place: Place, day: date) -> Value | None:
    """An area with nothing in use has no row of its own; the day was frozen all the same."""
    frozen = IndicatorDay.objects.filter(indicator=indicator.key, day=day)
    own = frozen.filter(area_id=place.first, premises="").first()
    row = own or frozen.first()
    if row is None:
        return None
    numbers = (own.numerator, own.denominator) if own else (0, 0)
    return Value(indicator, *numbers, row.formula_version, indicator.target_on(day), row.frozen_at)
