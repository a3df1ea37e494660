"""Which institute verifies what: authorisation for the item, area, and room on the day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from quanheng.apps.certificates.models import Authorisation
from quanheng.apps.certificates.queries.days import DayLoad, first_free_day, load_of
from quanheng.kit.dated import holding_on


class Asked(Protocol):
    """An instrument as far as routing looks at it."""

    @property
    def pk(self) -> int: ...
    @property
    def item_id(self) -> int: ...
    @property
    def area_id(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Route:
    """An institute with what it would get.

    Args:
        authorities: under which it may verify them, each with its item and area.
        load: of the day that was wanted.
        free_on: the first working day from the wanted one on with room; None within eight weeks.
    """

    institute_id: int
    institute: str
    instrument_ids: tuple[int, ...]
    authorities: tuple[Authorisation, ...]
    load: DayLoad
    free_on: date | None


@dataclass(frozen=True, slots=True)
class Routing:
    """Where a batch goes, and what nobody nearby may verify."""

    routes: Sequence[Route]
    nowhere: tuple[int, ...]


def routes_for(instruments: Iterable[Asked], day: date) -> Routing:
    """Route instruments to institutes: the smallest authorised area around the instrument wins.

    Of two institutes with the same area the one registered first gets it; reading is the same for everybody,
    for what an institute may do is public.

    Args:
        day: on which the verification is wanted; the authorisation has to hold then.
    """
    rows = list(instruments)
    authorities = _authorities({row.item_id for row in rows}, day)
    chosen: dict[int, dict[int, Authorisation]] = defaultdict(dict)
    nowhere = []
    for row in rows:
        best = nearest(authorities.get(row.item_id, ()), row.area_id)
        if best is None:
            nowhere.append(row.pk)
        else:
            chosen[best.institute_id][row.pk] = best
    return Routing([_route(pk, by_row, day) for pk, by_row in chosen.items()], tuple(nowhere))


def _route(institute_id: int, by_row: Mapping[int, Authorisation], day: date) -> Route:
    used = {one.pk: one for one in by_row.values()}
    name = next(iter(used.values())).institute.name
    load, free_on = load_of(institute_id, day), first_free_day(institute_id, day)
    return Route(institute_id, name, tuple(by_row), tuple(used.values()), load, free_on)


def nearest(authorities: Iterable[Authorisation], area_id: int) -> Authorisation | None:
    """Return the authorisation with the smallest area around a place."""
    around = [one for one in authorities if one.area_id <= area_id <= one.area.last]
    return min(around, key=lambda one: (one.area.last - one.area_id, one.institute_id), default=None)


def _authorities(items: set[int], day: date) -> Mapping[int, Sequence[Authorisation]]:
    found: dict[int, list[Authorisation]] = defaultdict(list)
    rows = Authorisation.objects.filter(holding_on(day), item__in=items)
    for row in rows.select_related("area", "institute", "item"):
        found[row.item_id].append(row)
    return found
