"""The map of counties as SVG: shapes from counties.json, colours from classes, every county a link.

Showing a map to the public needs a review number (审图号); see docs/explanation/verification-rate.md.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from quanheng.apps.indicators.queries.counts import Count
from quanheng.web.indicators.asked import Asked
from quanheng.web.indicators.figures import shown_share

MARGIN = 20
WHOLE = 10_000  # hundredths of a per cent
NEAR, LOW = 100, 300  # so far below the target


@dataclass(frozen=True, slots=True)
class Band:
    """A range of rates, in hundredths of a per cent: from `first` upwards to the next band.

    Args:
        css: the class that draws it.
    """

    first: int
    end: int
    css: str

    @property
    def text(self) -> str:
        """How the legend calls it."""
        if self.end > WHOLE:
            return f"≥ {_percent(self.first)}"
        if self.first == 0:
            return f"< {_percent(self.end)}"
        return f"{_percent(self.first)}–{_percent(self.end)}"


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
    bands: list[Band]


@lru_cache(maxsize=1)
def outlines() -> dict[str, Any]:
    """Return the outlines of the counties by six-digit code."""
    text = (Path(__file__).parent / "counties.json").read_text(encoding="utf-8")
    counties: dict[str, Any] = json.loads(text)["counties"]
    return counties


def bands(target: int) -> list[Band]:
    """Return the bands around a target in per cent, the highest first; the whole is not split."""
    line = target * 100
    firsts = {
        "is-high": (line + WHOLE) // 2, "is-reached": line, "is-near": line - NEAR, "is-low": line - LOW,
        "is-lowest": 0,
    }  # fmt: skip
    found, end = [], WHOLE + 1
    for css, first in firsts.items():
        if 0 <= first < end:
            found.append(Band(first, end, css))
            end = first
    return found


def band(count: Count, ranges: list[Band]) -> str:
    """Return the class of a county's colour."""
    if count.denominator == 0:
        return "is-empty"
    share = count.numerator * WHOLE // count.denominator
    return next(each.css for each in ranges if share >= each.first)


def county_map(asked: Asked, counts: Mapping[int, Count], names: Mapping[int, str]) -> CountyMap | None:
    """Draw the counties of a province or a city; None where there is nothing to draw."""
    shown = {position: outlines().get(str(position // 10**6)) for position in names}
    rings = [ring for shape in shown.values() if shape for ring in shape]
    if not rings:
        return None
    xs, ys = [x for ring in rings for x, _y in ring], [y for ring in rings for _x, y in ring]
    left, top = min(xs) - MARGIN, min(ys) - MARGIN
    view_box = f"{left} {top} {max(xs) - left + MARGIN} {max(ys) - top + MARGIN}"
    target = asked.percent_asked
    ranges = bands(100 if target is None else target)
    shapes = [
        Shape(
            names[position], _path(shape), band(count, ranges), shown_share(count, target),
            asked.url(area=position),
        )
        for position, shape in shown.items()
        if shape
        for count in [counts.get(position, Count())]
    ]  # fmt: skip
    return CountyMap(view_box, shapes, ranges)


def _percent(hundredths: int) -> str:
    return f"{Decimal(hundredths).scaleb(-2).normalize():f}%"


def _path(shape: list[list[list[int]]]) -> str:
    return "".join("M" + "L".join(f"{x} {y}" for x, y in ring) + "Z" for ring in shape)
