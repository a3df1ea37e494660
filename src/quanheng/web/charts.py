"""Charts as data: the ECharts option that a chart frame fetches. Fonts and colours are the page's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Option = dict[str, Any]


def lines(names: Sequence[str], series: Mapping[str, Sequence[float | None]], *, unit: str = "") -> Option:
    """Return lines over named points; a gap (None) stays a gap."""
    return {
        "grid": {"left": 48, "right": 16, "top": 40, "bottom": 32},
        "legend": {"top": 0},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": list(names)},
        "yAxis": {"type": "value", "axisLabel": {"formatter": "{value}" + unit}},
        "series": [
            {"type": "line", "name": name, "data": list(values), "connectNulls": False}
            for name, values in series.items()
        ],
    }


def bars(names: Sequence[str], series: Mapping[str, Sequence[float]], *, unit: str = "") -> Option:
    """Return horizontal bars, the first name on top: room for long Chinese names."""
    return {
        "grid": {"left": 8, "right": 24, "top": 36, "bottom": 8, "containLabel": True},
        "legend": {"top": 0},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "value", "axisLabel": {"formatter": "{value}" + unit}},
        "yAxis": {"type": "category", "inverse": True, "data": list(names)},
        "series": [{"type": "bar", "name": name, "data": list(values)} for name, values in series.items()],
    }


def places(points: Iterable[tuple[float, float, str]]) -> Option:
    """Return points at (longitude, latitude, name) on a plain grid: no map service is asked."""
    data = [{"value": [longitude, latitude], "name": name} for longitude, latitude, name in points]
    return {
        "grid": {"left": 56, "right": 24, "top": 16, "bottom": 36},
        "tooltip": {"formatter": "{b}"},
        "xAxis": {"type": "value", "scale": True, "axisLabel": {"formatter": "{value}°E"}},
        "yAxis": {"type": "value", "scale": True, "axisLabel": {"formatter": "{value}°N"}},
        "series": [{"type": "scatter", "symbolSize": 9, "data": data}],
    }
