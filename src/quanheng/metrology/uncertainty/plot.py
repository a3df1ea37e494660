"""The draws of an output as a histogram beside the density of the GUM framework, as data and as a drawing."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import norm, t

from quanheng.metrology.uncertainty.coverage import Interval
from quanheng.metrology.uncertainty.propagation import Propagated

BINS = 60
TAIL = 0.01  # of the draws to either side, left out where there is no variance
NARROWEST = 1e-200  # whose density can still be written
WIDTH, HEIGHT, FOOT = 600, 240, 24  # of the drawing; the foot holds the numbers of the axis
GREY, BLUE, RED = "#b9c4cf", "#1f5f99", "#b3261e"


@dataclass(frozen=True, slots=True)
class Histogram:
    """Densities between edges, and the density of the framework at the edges."""

    edges: tuple[float, ...]
    densities: tuple[float, ...]
    framework: tuple[float, ...]


def histogram(draws: Any, found: Propagated) -> Histogram:
    """Count draws in ascending order; draws that are all equal give one bin without width and no density.

    Draws without a variance lie so far out that all the rest would fall into one bin: of them the middle
    is shown.
    """
    lower, upper = float(draws[0]), float(draws[-1])
    if not found.has_variance:
        beyond = int(len(draws) * TAIL)
        lower, upper = float(draws[beyond]), float(draws[-1 - beyond])
    edges = np.linspace(lower, upper, BINS + 1)
    if not (np.diff(edges) > NARROWEST).all():  # also where the bins are finer than binary numbers
        return Histogram((lower, upper), (0.0,), (0.0, 0.0))
    densities = np.histogram(draws, bins=edges)[0] / (len(draws) * np.diff(edges))
    return Histogram(_floats(edges), _floats(densities), _floats(_framework(edges, found)))


def draw_svg(shown: Histogram, framework: Interval, draws: Interval) -> str:
    """Draw bars, the curve of the framework, its interval (dashed) and that of the draws, as SVG.

    No style and no script: it may stand in a page with a strict policy. Hidden from screen readers, to whom
    the numbers beside it say the same.
    An empty string for a histogram without width.
    """
    low, high = shown.edges[0], shown.edges[-1]
    top = max(*shown.densities, *shown.framework)
    if not (high > low and math.isfinite(top) and top > 0):
        return ""
    floor = HEIGHT - FOOT

    def across(value: float) -> str:
        return f"{WIDTH * (value - low) / (high - low):.1f}"

    def down(density: float) -> str:
        return f"{floor - (floor - 8) * density / top:.1f}"

    bars = "".join(
        f"M{across(left)} {floor}V{down(density)}H{across(right)}V{floor}Z"
        for left, right, density in zip(shown.edges, shown.edges[1:], shown.densities, strict=False)
    )
    curve = " ".join(f"{across(x)},{down(y)}" for x, y in zip(shown.edges, shown.framework, strict=True))
    lines = [
        _line(across(end), floor, colour, dash)
        for interval, colour, dash in ((framework, BLUE, "6 4"), (draws, RED, ""))
        for end in (interval.lower, interval.upper)
        if low <= end <= high
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true">'
        f'<path d="{bars}" fill="{GREY}"/>'
        f'<polyline points="{curve}" fill="none" stroke="{BLUE}" stroke-width="2"/>'
        f"{''.join(lines)}{_axis(low, high)}</svg>"
    )


def _framework(edges: Any, found: Propagated) -> Any:
    u = found.second_order_uncertainty or found.standard_uncertainty
    if not u > 0:
        return np.zeros(len(edges))
    degrees = math.inf if found.degrees_of_freedom is None else found.degrees_of_freedom
    with np.errstate(all="ignore"):  # far out the density is 0
        if math.isinf(degrees):
            return norm.pdf(edges, found.estimate, u)
        return t.pdf(edges, max(1, math.floor(degrees)), found.estimate, u)


def _line(x: str, floor: int, colour: str, dash: str) -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="M{x} 0V{floor}" stroke="{colour}" stroke-width="1.5"{dashed}/>'


def _axis(low: float, high: float) -> str:
    digits = 4 + max(0, math.ceil(math.log10(max(abs(low), abs(high)) / (high - low))))
    places = ((0, "start", low), (WIDTH // 2, "middle", (low + high) / 2), (WIDTH, "end", high))
    return "".join(
        f'<text x="{x}" y="{HEIGHT - 6}" font-size="13" text-anchor="{anchor}">{value:.{digits}g}</text>'
        for x, anchor, value in places
    )


def _floats(values: Any) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
