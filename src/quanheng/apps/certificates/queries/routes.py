"""Which institute verifies what: authorisation for the item, area, and room on the day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from quanheng.apps.certificates.models import Authorisation
from quanheng.apps.certificates.queries.days import DayLoad, first_free_day, load_of
from quanheng.apps.certificates.services.capability import valid_on


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
        load: of the day that was wanted.
        free_on: the first working day from the wanted one on with room; None within eight weeks.
    """

    institute_id: int
    institute: str
    instrument_ids: tuple[int, ...]
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
    by_institute: dict[int, list[int]] = defaultdict(list)
    nowhere = []
    for row in rows:
        best = nearest(authorities.get(row.item_id, ()), row.area_id)
        if best is None:
            nowhere.append(row.pk)
        else:
            by_institute[best.institute_id].append(row.pk)
    names = {one.institute_id: one.institute.name for many in authorities.values() for one in many}
    routes = [
        Route(pk, names[pk], tuple(ids), load_of(pk, day), first_free_day(pk, day))
        for pk, ids in by_institute.items()
    ]
    return Routing(routes, tuple(nowhere))


def nearest(authorities: Iterable[Authorisation], area_id: int) -> Authorisation | None:
    """Return the authorisation with the smallest area around a place."""
    around = [one for one in authorities if one.area_id <= area_id <= one.area.last]
    return min(around, key=lambda one: (one.area.last - one.area_id, one.institute_id), default=None)


def _authorities(items: set[int], day: date) -> Mapping[int, Sequence[Authorisation]]:
    found: dict[int, list[Authorisation]] = defaultdict(list)
    rows = valid_on(Authorisation.objects.filter(item__in=items), day)
    for row in rows.select_related("area", "institute"):
        found[row.item_id].append(row)
    return found
