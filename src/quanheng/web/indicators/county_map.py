"""The map of counties as SVG: shapes from counties.json, colours from classes, every county a link.

Showing a map to the public needs a review number (审图号); see docs/explanation/verification-rate.md.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from quanheng.apps.instruments.queries import rates
from quanheng.web.indicators.asked import Asked
from quanheng.web.indicators.figures import shown_percent

MARGIN = 20
# Lower bounds in hundredths of a per cent, and the class that draws them.
BANDS = ((9_950, "is-high"), (9_900, "is-reached"), (9_800, "is-near"), (9_600, "is-low"), (0, "is-lowest"))


@dataclass(frozen=True, slots=True)
class Shape:
    """One county on the map."""

    name: str
    path: str
    band: str
    percent: str
    url: str


@dataclass(frozen=True, slots=True)
class CountyMap:
    """A map ready to be drawn."""

    view_box: str
    shapes: list[Shape]


@lru_cache(maxsize=1)
def outlines() -> dict[str, Any]:
    """Return the outlines of the counties by six-digit code."""
    text = (Path(__file__).parent / "counties.json").read_text(encoding="utf-8")
    counties: dict[str, Any] = json.loads(text)["counties"]
    return counties


def band(count: rates.Count) -> str:
    """Return the class of a county's colour."""
    if count.in_use == 0:
        return "is-empty"
    share = count.verified * 10_000 // count.in_use
    return next(name for bound, name in BANDS if share >= bound)


def county_map(asked: Asked, counts: Mapping[int, rates.Count], names: Mapping[int, str]) -> CountyMap | None:
    """Draw the counties of a province or a city; None where there is nothing to draw."""
    shown = {position: outlines().get(str(position // 10**6)) for position in names}
    rings = [ring for shape in shown.values() if shape for ring in shape]
    if not rings:
        return None
    xs, ys = [x for ring in rings for x, _y in ring], [y for ring in rings for _x, y in ring]
    left, top = min(xs) - MARGIN, min(ys) - MARGIN
    view_box = f"{left} {top} {max(xs) - left + MARGIN} {max(ys) - top + MARGIN}"
    shapes = [
        Shape(names[position], _path(shape), band(count), shown_percent(count), asked.url(area=position))
        for position, shape in shown.items()
        if shape
        for count in [counts.get(position, rates.Count())]
    ]
    return CountyMap(view_box, shapes)


def _path(shape: list[list[list[int]]]) -> str:
    return "".join("M" + "L".join(f"{x} {y}" for x, y in ring) + "Z" for ring in shape)
