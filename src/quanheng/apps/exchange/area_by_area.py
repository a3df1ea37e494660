"""Reading all that an area holds, block by block in bounded memory: each block is one index scan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from quanheng.apps.instruments.queries.exchanged import next_area
from quanheng.kit.scope import EVERYTHING, acting_in

Read = Callable[[int, int, int], list[Any]]  # area, after which id, how many at most


def area_by_area(
    read: Read, *, first: int, last: int, at_most: int, place: int = 0, after: int = 0
) -> Iterator[tuple[int, list[Any]]]:
    """Yield area and rows, in the order of areas and ids, as the system sees them.

    Args:
        first, last: the interval of areas, both included.
        place, after: where an earlier reading stopped; from the beginning where 0.
    """
    here = place or _next(first - 1, last)
    while here is not None:
        with acting_in(EVERYTHING):
            rows = read(here, after, at_most)
        if rows:
            yield here, rows
            after = rows[-1].pk
        else:
            here, after = _next(here, last), 0


def _next(after: int, last: int) -> int | None:
    with acting_in(EVERYTHING):
        return next_area(after, last)
