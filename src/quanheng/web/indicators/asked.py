"""What a page about an indicator was asked for: area, day, premises, class of instrument."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import AreaLevel
from quanheng.apps.accounts.queries import living_areas
from quanheng.apps.indicators.queries.counts import Selection
from quanheng.apps.indicators.queries.reach import reaches
from quanheng.apps.instruments.indicators import Indicator, Target
from quanheng.apps.instruments.queries.catalogue import CATEGORIES, items_of_category
from quanheng.apps.registry.enums import PremisesKind

ALL_PREMISES = "all"


@dataclass(frozen=True, slots=True)
class Place:
    """An area as the pages need it: an interval of positions, its level, its name."""

    id: int
    last: int
    level: int
    name: str
    full_name: str
    parent_id: int | None

    @property
    def is_street(self) -> bool:
        return self.level == AreaLevel.STREET


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for.

    Args:
        premises: one kind, ALL_PREMISES, or '' for those that the indicator is about.
        category: class of the catalogue; '' for all.
    """

    indicator: Indicator
    place: Place
    day: date
    premises: str = ""
    category: str = ""

    @property
    def selection(self) -> Selection:
        kinds: tuple[str, ...] = (self.premises,)
        if not self.premises:
            kinds = self.indicator.premises
        elif self.premises == ALL_PREMISES:
            kinds = tuple(PremisesKind.values)
        items = items_of_category(self.category) if self.category else None
        return Selection(self.indicator, kinds, items)

    @property
    def target(self) -> Target | None:
        """The target that holds on the day."""
        return self.indicator.target_on(self.day)

    @property
    def percent_asked(self) -> int | None:
        """What the target asks for, in per cent."""
        return self.target.percent if self.target else None

    def url(self, name: str = "indicator", **changes: object) -> str:
        """Return the address of a page about the same figures, with some of them changed."""
        values = {
            "area": self.place.id, "day": self.day.isoformat(), "premises": self.premises,
            "category": self.category,
        }  # fmt: skip
        asked = {name: value for name, value in {**values, **changes}.items() if value != ""}
        return f"{reverse(name, args=[self.indicator.slug])}?{urlencode(asked)}"

    def rows_url(self, part: str, **changes: object) -> str:
        """Return the address of the instruments behind a figure."""
        return self.url("indicator_rows", part=part, **changes)


def read(indicator: Indicator, query: Mapping[str, str], actor: Actor) -> Asked:
    """Read the address of a page for somebody.

    Raises:
        Http404: an area that does not exist or lies outside the actor's, a day or a kind that means nothing.
    """
    premises, category = query.get("premises", ""), query.get("category", "")
    if premises not in {"", ALL_PREMISES, *PremisesKind.values}:
        raise Http404
    if category and category not in CATEGORIES:
        raise Http404
    day = _day(query.get("day", ""))
    return Asked(indicator, _place(query.get("area", ""), day, actor), day, premises, category)


def _place(text: str, day: date, actor: Actor) -> Place:
    areas = living_areas(day)
    if text:
        areas = areas.filter(pk=int(text)) if text.isdecimal() and len(text) < 14 else areas.none()
    elif actor.scope.first is not None:
        areas = areas.filter(pk=actor.scope.first)
    else:
        areas = areas.filter(level=AreaLevel.PROVINCE)
    area = areas.first()
    if area is None or not reaches(actor, area.id):
        raise Http404
    return Place(area.id, area.last, area.level, area.name, area.full_name, area.parent_id)


def _day(text: str) -> date:
    if not text:
        return timezone.localdate()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    if not 2000 <= day.year <= 2060:
        raise Http404
    return day
