"""Where a seal may sit on an instrument of a kind (铅封位置), as dated rows of the pack `seal-positions`.

A dispenser has three (JJG 443); a blood-pressure meter has no scale case. What the rows offer is not certain
everywhere (the pack says so): they are what forms offer and what is taken where nobody says, never a refusal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

OTHER = "other"


def positions_of(rows: Iterable[Mapping[str, Any]], category: str, item: str = "") -> tuple[str, ...]:
    """Return the positions of a kind, the usual one first; 其他 last, which always fits.

    Args:
        rows: of the table: `category` or `item`, and `positions`.
        category, item: of the catalogue; a row of the item itself goes before that of its category.
    """
    known = list(rows)
    for name, value in (("item", item), ("category", category)):
        for row in known:
            if value and row.get(name) == value:
                return (*row["positions"], OTHER)
    return (OTHER,)
