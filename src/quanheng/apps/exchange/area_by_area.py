"""Reading all that an area holds, block by block in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from quanheng.apps.instruments.queries.exchanged import Reach
from quanheng.kit.scope import EVERYTHING, acting_in


def area_by_area(read: Callable[[Reach, int], list[Any]], reach: Reach, at_most: int) -> Iterator[list[Any]]:
    """Yield what is left of a reading, in blocks, as the system sees it."""
    while True:
        with acting_in(EVERYTHING):
            rows = read(reach, at_most)
        if not rows:
            return
        yield rows
        reach = replace(reach, area_id=rows[-1].area_id, after=rows[-1].pk)
